"""Two people with the tokens of a real Better Auth server, on the service as it is run."""

from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import jwt
import pytest
from peers import better_auth

from doable.store.address import Address
from processes import Service, database_url
from tokens import SECRET


def sign_up(issuer: str, name: str) -> httpx.Client:
    """A client with the JWT of somebody new, and no address yet."""
    with httpx.Client(base_url=issuer, headers={"origin": issuer}) as browser:
        person = {"email": f"{name}@example.com", "password": f"{name} has a password", "name": name}
        session = browser.post("/api/auth/sign-up/email", json=person).raise_for_status().json()["token"]
        answer = browser.get("/api/auth/token", headers={"authorization": f"Bearer {session}"}).raise_for_status()
    return httpx.Client(headers={"authorization": f"Bearer {answer.json()['token']}"})


def who(client: httpx.Client) -> str:
    """The user id in the client's token."""
    claims = jwt.decode(client.headers["authorization"].split()[1], options={"verify_signature": False})
    sub: str = claims["sub"]
    return sub


@pytest.fixture(params=["jwks", "secret"])
def set_up(request: pytest.FixtureRequest, node: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The issuer's address, and our settings for it: its keys, or the secret that it shares with us."""
    with better_auth(node, request.param, SECRET) as url:
        ours = {"BETTER_AUTH_URL": url} if request.param == "jwks" else {"BETTER_AUTH_SECRET": SECRET}
        yield url, {**ours, "JWT_ISSUER": url, "JWT_AUDIENCE": url}


def test_two_people_of_better_auth_have_their_tasks_to_themselves_and_find_them_again(
    set_up: tuple[str, dict[str, str]], address: Address
) -> None:
    issuer, settings = set_up
    settings["DATABASE_URL"] = database_url(address)
    with ExitStack() as stack:
        ada, bob = (stack.enter_context(sign_up(issuer, name)) for name in ("ada", "bob"))
        assert jwt.get_unverified_header(ada.headers["authorization"].split()[1])["alg"] == (
            "EdDSA" if "BETTER_AUTH_URL" in settings else "HS256"
        )
        with Service(**settings) as service:
            ada.base_url = bob.base_url = service.url
            hers, his = use_everything(ada), use_everything(bob)
            for me, other, task in ((ada, bob, his), (bob, ada, hers)):
                see_nothing(me, who(other), task)
            before = [list_of(ada), list_of(bob)]
            assert [task["user_id"] for tasks in before for task in tasks] == [who(ada), who(bob)]
            assert service.stop() == 0
        with Service(**settings) as service:
            ada.base_url = bob.base_url = service.url
            assert [list_of(ada), list_of(bob)] == before


def use_everything(client: httpx.Client) -> int:
    """All of the contract's endpoints; leaves one task and returns its number."""
    tasks = f"/api/{who(client)}/tasks"
    assert client.get(tasks).json() == []
    made = client.post(tasks, json={"title": " Buy groceries ", "description": "Milk"})
    assert (made.status_code, made.json()["title"], made.json()["status"]) == (201, "Buy groceries", "incomplete")
    task = made.headers["location"]
    assert client.put(task, json={"title": "Buy more"}).json()["description"] == "Milk"
    assert client.patch(f"{task}/complete").json()["status"] == "complete"
    assert [found["title"] for found in client.get(tasks, params={"status": "complete"}).json()] == ["Buy more"]
    assert client.patch(f"{task}/incomplete").json()["status"] == "incomplete"
    assert client.get(tasks, params={"status": "complete"}).json() == []
    gone = client.post(tasks, json={"title": "Not for long"}).headers["location"]
    assert client.delete(gone).status_code == 204
    assert client.get(gone).json()["error"] == "Task not found"
    number: int = client.get(task).json()["id"]
    return number


def see_nothing(client: httpx.Client, other: str, task: int) -> None:
    """At the other's path everything is forbidden, at one's own the other's task is not there."""
    calls = [("GET", ""), ("PUT", ""), ("DELETE", ""), ("PATCH", "/complete"), ("PATCH", "/incomplete")]
    for owner, status in ((other, 403), ("me", 404)):
        for method, suffix in calls:
            answer = client.request(method, f"/api/{owner}/tasks/{task}{suffix}", json={"title": "mine now"})
            assert answer.status_code == status
    assert client.get(f"/api/{other}/tasks").json()["error"] == "You can only access your own tasks"
    assert client.post(f"/api/{other}/tasks", json={"title": "x"}).status_code == 403


def list_of(client: httpx.Client) -> list[dict[str, object]]:
    tasks: list[dict[str, object]] = client.get("/api/me/tasks").raise_for_status().json()
    return tasks
