"""The built-in accounts over HTTP, as a front end written for Better Auth speaks to them."""

import time
from collections.abc import AsyncIterator
from http.cookies import Morsel, SimpleCookie

import httpx
import jwt
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.core.own_keys import OwnKeys
from doable.rest.session import COOKIE, SECURE_COOKIE
from doable.settings import Settings
from doable.store.address import Address
from doable.store.database import Database
from openapi import contract_of

PAGE = "http://localhost:3000"
ADA = {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}
SIGN_IN = {"email": "ada@example.com", "password": "correct horse"}
CHANGE = {"currentPassword": "correct horse", "newPassword": "battery staple"}


@pytest.fixture
def settings() -> Settings:
    """With no identity provider set up."""
    return Settings(_env_file=None, LOG_LEVEL="error")


@pytest.fixture
async def secure(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that speaks https, through a proxy in front."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://doable.test") as client:
        yield client


@pytest.fixture
async def ada(client: httpx.AsyncClient) -> str:
    """A session's token; the client holds no cookie."""
    answer = await client.post("/api/auth/sign-up/email", json=ADA)
    client.cookies.clear()
    token: str = answer.json()["token"]
    return token


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def cookie(token: str, name: str = COOKIE) -> dict[str, str]:
    return {"cookie": f"theme=dark; {name}={token}"}


def set_cookie(answer: httpx.Response) -> Morsel[str]:
    (header,) = answer.headers.get_list("set-cookie")
    (morsel,) = SimpleCookie(header).values()
    return morsel


async def test_who_signs_up_gets_what_better_auth_would_send(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/auth/sign-up/email", json={**ADA, "image": "https://example.com/a.png"})
    assert answer.status_code == 200
    body = answer.json()
    user = body["user"]
    assert body == {"token": body["token"], "user": user}
    assert user == {
        "id": user["id"],
        "email": "ada@example.com",
        "emailVerified": False,
        "name": "Ada",
        "image": None,
        "createdAt": user["createdAt"],
        "updatedAt": user["createdAt"],
    }
    assert answer.headers["set-auth-token"] == body["token"]
    assert answer.headers["cache-control"] == "no-store"
    morsel = set_cookie(answer)
    assert (morsel.key, morsel.value) == (COOKIE, body["token"])
    assert (morsel["path"], morsel["max-age"], morsel["samesite"]) == ("/", "604800", "Lax")
    assert morsel["httponly"]
    assert not morsel["secure"]


async def test_over_https_the_cookie_is_secure_and_says_so_by_its_name(secure: httpx.AsyncClient) -> None:
    morsel = set_cookie(await secure.post("/api/auth/sign-up/email", json=ADA))
    assert morsel.key == SECURE_COOKIE
    assert morsel["secure"]
    assert (await secure.get("/api/auth/get-session")).json()["user"]["name"] == "Ada"
    gone = set_cookie(await secure.post("/api/auth/sign-out", headers={"origin": "https://doable.test"}))
    assert (gone.key, gone["max-age"]) == (SECURE_COOKIE, "0")
    assert gone["secure"]


async def test_over_https_a_cookie_that_anybody_on_the_way_could_set_is_none(
    secure: httpx.AsyncClient, client: httpx.AsyncClient, ada: str
) -> None:
    """Also where a trusted proxy says that it was https."""
    forwarded = {"x-forwarded-proto": "https"}
    for asked, headers in ((secure, {}), (client, forwarded)):
        for name, known in ((COOKIE, False), (SECURE_COOKIE, True)):
            answer = await asked.get("/api/auth/get-session", headers={**cookie(ada, name), **headers})
            assert (answer.json() is not None) == known
            assert "set-cookie" not in answer.headers


async def test_a_session_that_is_not_remembered_ends_with_the_browser(client: httpx.AsyncClient) -> None:
    morsel = set_cookie(await client.post("/api/auth/sign-up/email", json={**ADA, "rememberMe": False}))
    assert morsel["max-age"] == ""
    assert morsel["expires"] == ""


async def test_who_signs_in_gets_a_session_of_his_own(client: httpx.AsyncClient, ada: str) -> None:
    answer = await client.post("/api/auth/sign-in/email", json=SIGN_IN)
    assert answer.status_code == 200
    body = answer.json()
    assert body["redirect"] is False
    assert "url" not in body
    assert body["token"] != ada
    assert set_cookie(answer).value == body["token"] == answer.headers["set-auth-token"]
    assert body["user"]["email"] == "ada@example.com"


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("url", ["/dashboard", "/a?b=c#d", f"{PAGE}/dashboard", "http://doable.test/docs"])
async def test_who_says_where_to_go_next_is_sent_there(client: httpx.AsyncClient, url: str) -> None:
    answer = await client.post("/api/auth/sign-in/email", json={**SIGN_IN, "callbackURL": url})
    assert answer.json()["redirect"] is True
    assert answer.json()["url"] == answer.headers["location"] == url


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "dashboard",
        "javascript:alert(1)",
        "http://[",
        "/a\r\nset-cookie: a=b",
        "/ü",
        7,
    ],
)
@pytest.mark.usefixtures("ada")
async def test_nobody_is_sent_anywhere_else(client: httpx.AsyncClient, url: object) -> None:
    answer = await client.post("/api/auth/sign-in/email", json={**SIGN_IN, "callbackURL": url})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_CALLBACK_URL")


async def test_a_session_is_read_by_bearer_and_by_cookie(client: httpx.AsyncClient, ada: str) -> None:
    answers = [
        await client.get("/api/auth/get-session", headers=headers)
        for headers in (bearer(ada), {"authorization": f"bEaReR  {ada}"}, cookie(ada), cookie(ada, SECURE_COOKIE))
    ]
    for answer in answers:
        assert answer.status_code == 200
        body = answer.json()
        session = body["session"]
        assert session["token"] == ada
        assert session["userId"] == body["user"]["id"]
        assert session["userAgent"].startswith("python-httpx")
        assert session["ipAddress"] == "127.0.0.1"
        assert {"id", "createdAt", "updatedAt", "expiresAt"} < set(session)
        assert "set-cookie" not in answer.headers
        claims = jwt.decode(answer.headers["set-auth-jwt"], options={"verify_signature": False})
        assert claims["sub"] == body["user"]["id"]


@pytest.mark.parametrize(
    "lines",
    [
        ["{0}={1}"],
        ['{0}="{1}"'],
        ["a=b;{0}={1};c"],
        [" ;; {0} = {1} ; "],
        ["{0}=old; {0}={1}"],
        ["__Secure-{0}={1}; {0}=old"],
        ["a=b", "{0}={1}"],  # As HTTP/2 sends them (RFC 9113 §8.2.3).
    ],
)
async def test_a_cookie_is_found_among_others(client: httpx.AsyncClient, ada: str, lines: list[str]) -> None:
    headers = [("cookie", line.format(COOKIE, ada)) for line in lines]
    assert (await client.get("/api/auth/get-session", headers=headers)).json()["session"]["token"] == ada


@pytest.mark.parametrize(
    "line", ["x{0}={1}", "{0}x={1}", "a={0}={1}", "{0}", "{0}=", "a, {0}={1}", "better-authXsession_token={1}"]
)
async def test_what_only_looks_like_the_cookie_is_none(client: httpx.AsyncClient, ada: str, line: str) -> None:
    answer = await client.get("/api/auth/get-session", headers={"cookie": line.format(COOKIE, ada)})
    assert answer.json() is None


@pytest.mark.parametrize("junk", ['a="' + '\\"' * 30_000 + '"', ";" * 60_000, " " * 60_000, f"{COOKIE}=" * 2000])
async def test_a_cookie_of_60_kb_costs_next_to_nothing(client: httpx.AsyncClient, junk: str) -> None:
    began = time.perf_counter()
    assert (await client.get("/api/auth/get-session", headers={"cookie": junk})).json() is None
    assert time.perf_counter() - began < 1  # The first took 7 s, and nobody else was answered in that time.


async def test_without_a_session_there_is_null_and_an_old_cookie_goes(client: httpx.AsyncClient, ada: str) -> None:
    answer = await client.get("/api/auth/get-session")
    assert (answer.status_code, answer.json()) == (200, None)
    assert "set-cookie" not in answer.headers
    assert (await client.get("/api/auth/get-session", headers={"authorization": "Basic YTpi"})).json() is None
    await client.post("/api/auth/sign-out", headers=bearer(ada))
    answer = await client.get("/api/auth/get-session", headers=cookie(ada))
    assert answer.json() is None
    assert set_cookie(answer)["max-age"] == "0"


async def test_a_session_in_use_is_renewed_and_the_browser_told(
    client: httpx.AsyncClient, ada: str, db: Database
) -> None:
    await db.write("update doable.sessions set updated_at = now() - interval '25 hours'")
    for path in ("/api/auth/token", "/api/auth/get-session"):
        answer = await client.get(path, headers=cookie(ada))
        client.cookies.clear()
        if path == "/api/auth/token":
            assert set_cookie(answer)["max-age"] == "604800"
            assert answer.headers["set-auth-token"] == ada
        else:
            assert "set-cookie" not in answer.headers


async def test_the_cookie_of_a_session_never_outlasts_it(client: httpx.AsyncClient, ada: str, db: Database) -> None:
    await db.write(
        "update doable.sessions set created_at = now() - interval '88 days', updated_at = now() - interval '2 days'"
    )
    answer = await client.get("/api/auth/list-sessions", headers=cookie(ada))
    assert (answer.status_code, answer.json()["code"]) == (403, "SESSION_NOT_FRESH")
    assert int(set_cookie(answer)["max-age"]) == pytest.approx(2 * 86400, abs=2)


async def test_a_session_gives_a_jwt_that_the_published_keys_verify(client: httpx.AsyncClient, ada: str) -> None:
    answer = await client.get("/api/auth/token", headers=bearer(ada))
    assert answer.status_code == 200
    token = answer.json()["token"]
    published = await client.get("/api/auth/jwks")
    assert published.headers["cache-control"] == "public, max-age=60"
    keys = jwt.PyJWKSet.from_dict(published.json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, algorithms=["EdDSA"], issuer=PAGE, audience=PAGE)
    assert claims["exp"] - claims["iat"] == 900
    assert claims["email"] == "ada@example.com"


@pytest.mark.parametrize(
    ("named", "issuer", "audience"),
    [
        ({}, PAGE, PAGE),
        ({"CORS_ORIGINS": "https://*.a.dev, https://b.dev, https://c.dev"}, "https://b.dev", "https://b.dev"),
        ({"CORS_ORIGINS": ","}, "doable", "doable"),
        ({"JWT_ISSUER": "us"}, "us", PAGE),
        ({"JWT_AUDIENCE": "tasks"}, PAGE, "tasks"),
    ],
)
async def test_whose_a_jwt_is_and_what_for_is_told_by_the_settings_and_checked(
    address: Address, db: Database, named: dict[str, str], issuer: str, audience: str
) -> None:
    app = create_app(Settings(_env_file=None, LOG_LEVEL="error", **named), address)
    async with app.router.lifespan_context(app), client_of(app) as client:
        host = {"host": "evil.example"}
        session = (await client.post("/api/auth/sign-up/email", json=ADA, headers=host)).json()["token"]
        client.cookies.clear()
        token = (await client.get("/api/auth/token", headers={**bearer(session), **host})).json()["token"]
        claims = jwt.decode(token, options={"verify_signature": False})
        assert (claims["iss"], claims["aud"]) == (issuer, audience)
        for wrong, status in (({}, 200), ({"iss": "x"}, 401), ({"aud": "x"}, 401), ({"aud": None}, 401)):
            known = {name: value for name, value in {**claims, **wrong}.items() if value is not None}
            answer = await client.get("/api/me", headers=bearer(await OwnKeys(db).sign(known)))
            assert answer.status_code == status


async def test_two_people_sign_up_and_each_has_tasks_that_the_other_can_not_see(client: httpx.AsyncClient) -> None:
    tokens = []
    for name in ("ada", "bob"):
        words = {"email": f"{name}@example.com", "password": "correct horse", "name": name}
        session = (await client.post("/api/auth/sign-up/email", json=words)).json()["token"]
        client.cookies.clear()
        tokens.append((await client.get("/api/auth/token", headers=bearer(session))).json()["token"])
        created = await client.post("/api/me/tasks", json={"title": name}, headers=bearer(tokens[-1]))
        assert created.status_code == 201
        assert (await client.get("/api/me/tasks", headers=bearer(session))).status_code == 401
    for name, token in zip(("ada", "bob"), tokens, strict=True):
        (task,) = (await client.get("/api/me/tasks", headers=bearer(token))).json()
        assert task["title"] == name
        other = tokens[name == "ada"]
        assert (await client.get(f"/api/me/tasks/{task['id']}", headers=bearer(other))).status_code == 404
        theft = await client.get(f"/api/{task['user_id']}/tasks", headers=bearer(other))
        assert theft.status_code == 403


async def test_without_a_session_there_is_no_jwt(client: httpx.AsyncClient) -> None:
    for headers in ({}, bearer("nonsense"), cookie("nonsense"), bearer("")):
        answer = await client.get("/api/auth/token", headers=headers)
        assert ("set-cookie" in answer.headers) == ("nonsense" in "".join(headers.values()))
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert (answer.json()["code"], answer.json()["error"]) == ("UNAUTHORIZED", "Not authenticated")


async def test_a_jwt_is_no_session_and_a_cookie_beside_it_is(client: httpx.AsyncClient, ada: str) -> None:
    jwt = bearer((await client.get("/api/auth/token", headers=bearer(ada))).json()["token"])
    assert (await client.get("/api/auth/token", headers=jwt)).status_code == 401
    both = {**cookie(ada), **jwt, "origin": PAGE}
    assert (await client.get("/api/auth/get-session", headers=both)).json()["session"]["token"] == ada
    assert (await client.post("/api/auth/sign-out", headers=both)).status_code == 200
    assert (await client.get("/api/auth/get-session", headers=bearer(ada))).json() is None


async def test_who_signs_out_is_out_whichever_way_he_came(client: httpx.AsyncClient, ada: str) -> None:
    phone = (await client.post("/api/auth/sign-in/email", json=SIGN_IN)).json()["token"]
    client.cookies.clear()
    for headers in (bearer(ada), {**cookie(phone), "origin": PAGE}, {}):
        answer = await client.post("/api/auth/sign-out", headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"success": True})
        assert set_cookie(answer)["max-age"] == "0"
    for token in (ada, phone):
        assert (await client.get("/api/auth/token", headers=bearer(token))).status_code == 401


async def test_a_password_is_changed_and_the_other_sessions_end_when_asked(client: httpx.AsyncClient, ada: str) -> None:
    answer = await client.post("/api/auth/change-password", json=CHANGE, headers=bearer(ada))
    assert (answer.status_code, answer.json()["token"]) == (200, None)
    assert answer.json()["user"]["email"] == "ada@example.com"
    assert "set-cookie" not in answer.headers
    back = {"currentPassword": "battery staple", "newPassword": "correct horse", "revokeOtherSessions": True}
    answer = await client.post("/api/auth/change-password", json=back, headers=bearer(ada))
    new = answer.json()["token"]
    assert set_cookie(answer).value == new
    client.cookies.clear()
    assert (await client.get("/api/auth/token", headers=bearer(ada))).status_code == 401
    assert (await client.get("/api/auth/token", headers=bearer(new))).status_code == 200


async def test_who_is_signed_in_sees_the_sessions_and_ends_them_one_by_one_or_all(
    client: httpx.AsyncClient, ada: str
) -> None:
    async def sign_in() -> str:
        token: str = (await client.post("/api/auth/sign-in/email", json=SIGN_IN)).json()["token"]
        client.cookies.clear()
        return token

    async def sessions(token: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = (await client.get("/api/auth/list-sessions", headers=bearer(token))).json()
        return found

    async def lasts(*tokens: str) -> list[bool]:
        answers = [await client.get("/api/auth/get-session", headers=bearer(token)) for token in tokens]
        return [answer.json() is not None for answer in answers]

    async def end(path: str, by: str, **body: object) -> int:
        answer = await client.post(f"/api/auth/{path}", headers=bearer(by), json=body)
        assert answer.json()["status"] == (answer.is_success or answer.status_code)
        return answer.status_code

    phone, tablet = await sign_in(), await sign_in()
    bob = (await client.post("/api/auth/sign-up/email", json={**ADA, "email": "bob@example.com"})).json()["token"]
    client.cookies.clear()
    listed = await sessions(phone)
    assert [session["token"] for session in listed] == [listed[0]["id"], phone, listed[2]["id"]]
    assert await lasts(listed[2]["token"]) == [False]
    for path, body in (
        ("revoke-session", {"token": listed[2]["token"]}),
        ("revoke-session", {"token": ada}),
        ("revoke-session", {"token": "9" * 30}),
    ):
        assert await end(path, bob, **body) == 200
    for wrong in ({}, {"token": 7}, {"token": "\0"}):
        assert await end("revoke-session", ada, **wrong) == 400
    assert await lasts(ada, phone, tablet, bob) == [True, True, True, True]
    assert await end("revoke-session", phone, token=listed[2]["token"]) == 200
    assert await end("revoke-session", phone, token=tablet) == 200
    assert await lasts(ada, phone, tablet, bob) == [False, True, False, True]
    tablet = await sign_in()
    assert await end("revoke-other-sessions", tablet) == 200
    assert await lasts(phone, tablet, bob) == [False, True, True]
    await sign_in()
    assert await end("revoke-sessions", tablet) == 200
    assert await lasts(tablet, bob) == [False, True]
    assert await end("revoke-sessions", tablet) == 401


REFUSALS = [
    ("sign-up/email", {**ADA, "email": "Ada@example.com"}, 422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"),
    ("sign-up/email", {**ADA, "email": "ada"}, 400, "INVALID_EMAIL"),
    ("sign-up/email", {**ADA, "password": "short"}, 400, "PASSWORD_TOO_SHORT"),
    ("sign-up/email", {**ADA, "password": "x" * 129}, 400, "PASSWORD_TOO_LONG"),
    ("sign-up/email", {}, 400, "VALIDATION_ERROR"),
    ("sign-up/email", [], 400, "VALIDATION_ERROR"),
    ("sign-in/email", {**SIGN_IN, "password": "a guess"}, 401, "INVALID_EMAIL_OR_PASSWORD"),
    ("sign-in/email", {**SIGN_IN, "email": "bob@example.com"}, 401, "INVALID_EMAIL_OR_PASSWORD"),
    ("change-password", {**CHANGE, "currentPassword": "a guess"}, 400, "INVALID_PASSWORD"),
    ("change-password", {**CHANGE, "newPassword": "short"}, 400, "PASSWORD_TOO_SHORT"),
    ("change-password", {**CHANGE, "newPassword": ADA["email"]}, 400, "PASSWORD_COMPROMISED"),
]


@pytest.mark.parametrize(("path", "body", "status", "code"), REFUSALS)
async def test_a_refusal_is_our_problem_with_the_code_and_message_that_better_auths_client_reads(
    client: httpx.AsyncClient, ada: str, path: str, body: object, status: int, code: str
) -> None:
    answer = await client.post(f"/api/auth/{path}", json=body, headers=bearer(ada))
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["message"] == problem["error"]
    assert problem["type"].startswith("/docs/errors#")


async def test_unknown_user_and_wrong_password_are_the_same_answer(client: httpx.AsyncClient, ada: str) -> None:
    assert ada
    answers = [
        await client.post("/api/auth/sign-in/email", json={"email": email, "password": "a guess"})
        for email in ("ada@example.com", "bob@example.com")
    ]
    known, unknown = answers
    assert known.content == unknown.content
    assert set(known.headers) == set(unknown.headers)


async def test_a_failure_is_logged_with_its_reason_and_without_the_secret(
    client: httpx.AsyncClient, ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING", "doable.rest")
    long = "a@" + "x" * 300 + ".com"
    for email in ("ada@example.com", "my-password", "P@ssw0rd!2024", 7, long):
        await client.post("/api/auth/sign-in/email", json={"email": email, "password": "a guess"})
    user = (await client.get("/api/auth/get-session", headers=bearer(ada))).json()["user"]["id"]
    await client.post("/api/auth/change-password", json={**CHANGE, "currentPassword": "a guess"}, headers=bearer(ada))
    told = [(record.message, record.facts) for record in caplog.records]  # type: ignore[attr-defined]
    sign_in = {"client": "127.0.0.1", "reason": "invalid_email"}
    assert told == [
        ("Sign-in failed", {**sign_in, "reason": "invalid_email_or_password", "email": "a***@example.com"}),
        ("Sign-in failed", {**sign_in, "email": "***"}),
        ("Sign-in failed", {**sign_in, "email": "***"}),
        ("Sign-in failed", {**sign_in, "reason": "wrong_type", "email": None}),
        ("Sign-in failed", {**sign_in, "email": "***"}),
        ("Password change failed", {"client": "127.0.0.1", "reason": "invalid_password", "user": user}),
    ]


async def test_who_guesses_too_often_is_told_when_to_come_back(
    client: httpx.AsyncClient, db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING", "doable.rest")
    for _ in range(5):
        await client.post("/api/auth/sign-in/email", json=SIGN_IN)
    await db.write("update doable.sign_in_failures set last_at = now() + interval '1 minute'")  # The clock stands.
    answer = await client.post("/api/auth/sign-in/email", json=SIGN_IN)
    assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_REQUESTS")
    assert answer.headers["retry-after"] == answer.headers["x-retry-after"] == "1"
    reasons = [record.facts["reason"] for record in caplog.records]  # type: ignore[attr-defined]
    assert reasons == ["invalid_email_or_password"] * 5 + ["too_many_requests"]


async def test_a_body_that_is_no_json_is_refused(client: httpx.AsyncClient) -> None:
    form = await client.post("/api/auth/sign-in/email", data=SIGN_IN)
    assert (form.status_code, form.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    headers = {"content-type": "application/json"}
    broken = await client.post("/api/auth/sign-in/email", content=b"{", headers=headers)
    assert (broken.status_code, broken.json()["code"]) == (400, "VALIDATION_ERROR")


UNSAFE = [
    *("sign-up/email", "sign-in/email", "sign-out", "change-password"),
    *("revoke-session", "revoke-sessions", "revoke-other-sessions"),
]


@pytest.mark.parametrize("path", UNSAFE)
async def test_a_page_elsewhere_can_not_act_for_anybody(client: httpx.AsyncClient, ada: str, path: str) -> None:
    body = {**ADA, **CHANGE}
    for headers in (
        {**cookie(ada), "origin": "https://evil.example"},
        {**cookie(ada), "origin": "null"},
        {**cookie(ada), "referer": "https://evil.example/page"},
        {**cookie(ada), "origin": "http://localhost:3001"},
        cookie(ada),
        {"origin": "https://evil.example"},
        {**cookie(ada), **bearer("a.b.c"), "origin": "https://evil.example"},
    ):
        answer = await client.post(f"/api/auth/{path}", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "INVALID_ORIGIN")
    assert (await client.get("/api/auth/token", headers=bearer(ada))).status_code == 200


@pytest.mark.parametrize(
    "sender",
    [
        {"origin": PAGE},
        {"origin": "http://doable.test"},
        {"referer": f"{PAGE}/page?x=y"},
        {"origin": "http://localhost:5173", "referer": "https://evil.example"},
    ],
)
async def test_our_own_pages_and_those_that_the_operator_named_may(
    client: httpx.AsyncClient, ada: str, sender: dict[str, str]
) -> None:
    answer = await client.post("/api/auth/change-password", json=CHANGE, headers={**cookie(ada), **sender})
    assert answer.status_code == 200


async def test_a_page_may_read_the_headers_that_carry_tokens(client: httpx.AsyncClient, ada: str) -> None:
    answer = await client.get("/api/auth/get-session", headers={**cookie(ada), "origin": PAGE})
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-allow-credentials"] == "true"
    exposed = answer.headers["access-control-expose-headers"].lower()
    assert {"set-auth-jwt", "set-auth-token", "x-retry-after"} <= set(exposed.split(", "))


@pytest.mark.parametrize(
    "provider",
    [{"BETTER_AUTH_SECRET": "x" * 32}, {"BETTER_AUTH_URL": "https://a.example"}, {"JWKS_URL": "https://a.example/k"}],
)
async def test_with_another_identity_provider_there_are_no_accounts(provider: dict[str, str], address: Address) -> None:
    app = create_app(Settings(_env_file=None, LOG_LEVEL="error", **provider), address)
    async with client_of(app) as client:
        for method, path in (
            *[("POST", path) for path in UNSAFE],
            *[("GET", path) for path in ("jwks", "token", "get-session", "list-sessions")],
        ):
            answer = await client.request(method, f"/api/auth/{path}", json=ADA)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not [path for path in app.openapi()["paths"] if path.startswith("/api/auth")]


async def test_sign_up_can_be_closed(address: Address) -> None:
    app = create_app(Settings(_env_file=None, LOG_LEVEL="error", DOABLE_SIGN_UP="Closed"), address)
    async with app.router.lifespan_context(app), client_of(app) as client:
        answer = await client.post("/api/auth/sign-up/email", json=ADA)
        assert (answer.status_code, answer.json()["code"]) == (403, "EMAIL_PASSWORD_SIGN_UP_DISABLED")
        assert (await client.post("/api/auth/sign-in/email", json=SIGN_IN)).status_code == 401


async def test_the_document_tells_which_routes_want_a_session(app: FastAPI) -> None:
    entries = {path: entry for _, path, entry in contract_of(app).operations() if path.startswith("/api/auth")}
    assert len(entries) == 11
    required = {path for path, entry in entries.items() if entry["security"] and {} not in entry["security"]}
    free = {"sign-up/email", "sign-in/email", "sign-out", "get-session", "jwks"}
    assert required == set(entries) - {f"/api/auth/{path}" for path in free}
    for path in required:
        refusals = entries[path]["responses"]["401"]
        assert "UNAUTHORIZED" in refusals["content"]["application/problem+json"]["examples"]
