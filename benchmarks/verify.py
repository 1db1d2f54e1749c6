"""Before anything is measured: the contender must ask who asks, and answer with the same bytes as everybody else."""

import json
import re
from typing import Any, Final

import httpx
from load import Void
from seed import COLUMNS, VISITOR, Postgres

# PostgreSQL writes no zeros at the end of a fraction of a second; both spellings are the same time.
_ZEROS: Final = re.compile(rb"(\.[0-9]*?)0+Z")
# What only Doable has: the other contenders keep the columns of `seed.COLUMNS`.
_DOABLES_OWN: Final = re.compile(rb',"(?:position|completed_at)":"[^"]*"')
_SERVERS_OWN: Final = {"id", "created_at", "updated_at", "revision"}


class Expected:
    """The answers, made from the rows by nobody's code but this."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        with server.connect("seed_plain") as plain:
            plain.execute("set timezone = 'UTC'")
            self._plain = {
                user: [
                    self._task(row)
                    for row in plain.execute(
                        f"select {COLUMNS} from tasks where user_id = %s order by created_at desc, id desc", [user]
                    )
                ]
                for (user,) in plain.execute("select distinct user_id from tasks order by 1 limit 10").fetchall()
            }

    @property
    def users(self) -> list[str]:
        return list(self._plain)

    def tasks(self, user: str) -> list[bytes]:
        return self._plain[user]

    @staticmethod
    def _task(row: tuple[Any, ...]) -> bytes:
        fields = dict(zip(COLUMNS.split(", "), row, strict=True))
        for name in ("created_at", "updated_at"):
            fields[name] = fields[name].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def verify(url: str, tokens: dict[str, str], expected: Expected) -> None:
    """Raises Void with the first difference."""
    with httpx.Client(base_url=url, timeout=10) as client:
        for user in expected.users:
            _verify_reads(client, user, tokens[user], expected.tasks(user))
        _verify_identity(client, expected.users[0], tokens[VISITOR])
        _verify_writes(client, VISITOR, tokens[VISITOR])


def _verify_reads(client: httpx.Client, user: str, token: str, tasks: list[bytes]) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/api/{user}/tasks"
    for task in tasks[:3]:
        _same(client.get(f"{path}/{json.loads(task)['id']}", headers=headers), 200, task)
    _same(client.get(path, headers=headers), 200, b"[" + b",".join(tasks) + b"]")
    _same(client.get(f"{path}?limit=20", headers=headers), 200, b"[" + b",".join(tasks[:20]) + b"]")


def _verify_identity(client: httpx.Client, user: str, other_token: str) -> None:
    path = f"/api/{user}/tasks"
    _status(client.get(path), 401)
    _status(client.get(path, headers={"Authorization": f"Bearer {other_token}"}), 403)
    _status(client.get(path, headers={"Authorization": f"Bearer {other_token}x"}), 401)


def _verify_writes(client: httpx.Client, user: str, token: str) -> None:
    client.headers["Authorization"] = f"Bearer {token}"
    path = f"/api/{user}/tasks"
    created = _status(client.post(path, json={"title": " Milk ", "description": None}), 201)
    task = created.json()
    one = f"{path}/{task['id']}"
    if not created.headers.get("location", "").endswith(one):
        raise Void(f"Location of a new task: {created.headers.get('location')}")
    wanted = {"user_id": user, "title": "Milk", "description": None, "status": "incomplete"}
    _fields(created, wanted)
    _fields(client.put(one, json={"title": "Oat milk"}), {**wanted, "title": "Oat milk"})
    _fields(client.patch(f"{one}/complete"), {**wanted, "title": "Oat milk", "status": "complete"})
    _status(client.delete(one), 204)
    _status(client.get(one), 404)


def _fields(response: httpx.Response, wanted: dict[str, Any]) -> None:
    _status(response, 201 if response.request.method == "POST" else 200)
    task = json.loads(_DOABLES_OWN.sub(b"", response.content))
    if list(task) != COLUMNS.split(", "):
        raise Void(f"fields {list(task)}")
    found = {name: value for name, value in task.items() if name not in _SERVERS_OWN}
    if found != wanted:
        raise Void(f"{found} instead of {wanted}")


def _same(response: httpx.Response, status: int, body: bytes) -> None:
    _status(response, status)
    content = _DOABLES_OWN.sub(b"", response.content)
    found, wanted = _ZEROS.sub(rb"\1Z", content), _ZEROS.sub(rb"\1Z", body)
    if found != wanted:
        raise Void(f"{response.url.path} answered {found[:300]!r} instead of {wanted[:300]!r}")


def _status(response: httpx.Response, status: int) -> httpx.Response:
    if response.status_code != status:
        raise Void(f"{response.request.method} {response.url.path}: {response.status_code} instead of {status}")
    return response
