"""The built-in accounts beside a real Better Auth: the same requests, route by route and credential by credential.

Both have the same sessions, with the same tokens, before each request.
"""

import base64
import hmac
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import quote, unquote

import httpx
import pytest
from fastapi import FastAPI
from peers import better_auth

from clients import client_of
from doable.rest.session import COOKIE
from doable.settings import Settings
from doable.store.database import Database
from tokens import SECRET

ADA: Final = {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}
SIGN_IN: Final = {"email": ADA["email"], "password": ADA["password"]}
TOKENS: Final = {name: name[0] * 43 for name in ("laptop", "phone", "old", "expired")}
NOW: Final = datetime.now(UTC)
# How many days ago each session began; `old` is renewed by the request, `expired` is over.
AGES: Final = {"laptop": 0.0, "phone": 0.1, "old": 2.0, "expired": 8.0}
NAMES: Final = {token: name for name, token in TOKENS.items()}

# What is sent: the bearer token, and the cookie's.
CREDENTIALS: Final[Mapping[str, tuple[str | None, str | None]]] = {
    "none": (None, None),
    "cookie": (None, "laptop"),
    "old cookie": (None, "old"),
    "expired cookie": (None, "expired"),
    "unknown cookie": (None, "unknown"),
    "bearer": ("Bearer {laptop}", None),
    "bearer in lower case": ("bearer {laptop}", None),
    "old bearer": ("Bearer {old}", None),
    "expired bearer": ("Bearer {expired}", None),
    "unknown bearer": ("Bearer {unknown}", None),
    "empty bearer": ("Bearer", None),
    "JWT": ("Bearer {jwt}", None),
    "access token": ("Bearer dbl_{unknown}", None),
    "basic": ("Basic YTpi", None),
    "bearer, cookie": ("Bearer {phone}", "laptop"),
    "bearer, unknown cookie": ("Bearer {phone}", "unknown"),
    "expired bearer, cookie": ("Bearer {expired}", "laptop"),
    "unknown bearer, cookie": ("Bearer {unknown}", "laptop"),
    "empty bearer, cookie": ("Bearer", "laptop"),
    "JWT, cookie": ("Bearer {jwt}", "laptop"),
    "JWT, expired cookie": ("Bearer {jwt}", "expired"),
    "dots, cookie": ("Bearer a.b", "laptop"),
    "basic, cookie": ("Basic YTpi", "laptop"),
}
ROUTES: Final[Mapping[str, tuple[str, object]]] = {
    "get-session": ("GET", None),
    "token": ("GET", None),
    "list-sessions": ("GET", None),
    "revoke-session": ("POST", {"token": TOKENS["phone"]}),
    "revoke-sessions": ("POST", {}),
    "revoke-other-sessions": ("POST", {}),
    "sign-out": ("POST", {}),
    "sign-in/email": ("POST", SIGN_IN),
    "sign-up/email": ("POST", ADA),
    "change-password": (
        "POST",
        {"currentPassword": ADA["password"], "newPassword": ADA["password"], "revokeOtherSessions": True},
    ),
}

# Each request hashes a password, which is slow; these do for what the other routes show with all credentials.
SLOW: Final = {"sign-in/email", "sign-up/email", "change-password"}
FEW: Final = ("none", "cookie", "expired bearer", "unknown bearer, cookie", "JWT, cookie")
ROWS: Final = [(route, credential) for route in ROUTES for credential in (FEW if route in SLOW else CREDENTIALS)]


class Side(ABC):
    """One of the two, with one user."""

    def __init__(self, client: httpx.AsyncClient, origin: str) -> None:
        self.client = client
        self.origin = origin
        self.user = ""
        self.jwt = ""

    @abstractmethod
    async def put(self, sessions: list[dict[str, str]]) -> None:
        """Let these sessions be the only ones."""

    @abstractmethod
    async def left(self) -> list[str]:
        """The names of the sessions that last, `new` for one that has just begun."""

    @abstractmethod
    def cookie(self, token: str) -> str:
        """The value of the cookie for this token."""

    async def begin(self) -> None:
        answer = await self._ask("POST", "sign-up/email", ADA, {})
        self.user = answer.json()["user"]["id"]
        bearer = {"authorization": f"Bearer {answer.json()['token']}"}
        self.jwt = (await self._ask("GET", "token", None, bearer)).json()["token"]

    async def observe(self, route: str, credential: str) -> dict[str, object]:
        await self.put([_session(name, self.user) for name in TOKENS])
        bearer, cookie = CREDENTIALS[credential]
        headers = {}
        if bearer is not None:
            headers["authorization"] = bearer.format(**TOKENS, jwt=self.jwt, unknown="u" * 43)
        if cookie is not None:
            headers["cookie"] = f"{COOKIE}={self.cookie(TOKENS.get(cookie, 'u' * 43))}"
        answer = await self._ask(*_request(route), headers)
        return {
            "status": answer.status_code,
            "body": _shape(answer.json()) if answer.is_success else answer.json()["code"],
            "cookie": _cookie(answer),
            "set-auth-token": _name(answer.headers.get("set-auth-token")),
            # Better Auth hands one out for a session that is over, too.
            "set-auth-jwt": "set-auth-jwt" in answer.headers and answer.json() is not None,
            "left": sorted({*await self.left()} - {"expired"}),
        }

    async def _ask(self, method: str, route: str, body: object, headers: Mapping[str, str]) -> httpx.Response:
        self.client.cookies.clear()
        headers = {**headers, "origin": self.origin}
        return await self.client.request(method, f"/api/auth/{route}", json=body, headers=headers)


class Theirs(Side):
    async def put(self, sessions: list[dict[str, str]]) -> None:
        await self.client.put("/test/sessions", json=sessions)

    async def left(self) -> list[str]:
        return [*map(_name, (await self.client.get("/test/sessions")).json())]

    def cookie(self, token: str) -> str:
        signature = hmac.digest(SECRET.encode(), token.encode(), "sha256")
        return quote(f"{token}.{base64.b64encode(signature).decode()}", safe="")


class Ours(Side):
    def __init__(self, client: httpx.AsyncClient, origin: str, db: Database) -> None:
        super().__init__(client, origin)
        self._db = db

    async def put(self, sessions: list[dict[str, str]]) -> None:
        await self._db.write("delete from doable.sessions")
        for session in sessions:
            await self._db.write(
                "insert into doable.sessions (user_id, token_hash, created_at, updated_at, expires_at)"
                " values ($1, $2, $3, $4, $5)",
                session["userId"],
                sha256(session["token"].encode()).digest(),
                *(datetime.fromisoformat(session[time]) for time in ("createdAt", "updatedAt", "expiresAt")),
            )

    async def left(self) -> list[str]:
        hashes = {sha256(token.encode()).digest(): name for token, name in NAMES.items()}
        rows = await self._db.read("select token_hash from doable.sessions")
        return [hashes.get(row[0], "new") for row in rows]

    def cookie(self, token: str) -> str:
        return token


def _session(name: str, user: str) -> dict[str, str]:
    began = NOW - timedelta(days=AGES[name])
    times = {"createdAt": began, "updatedAt": began, "expiresAt": began + timedelta(days=7)}
    return {"id": name, "userId": user, "token": TOKENS[name]} | {key: at.isoformat() for key, at in times.items()}


def _request(route: str) -> tuple[str, str, object]:
    method, body = ROUTES[route]
    return method, route, body


def _name(token: str | None) -> str:
    """Of a session, whether its token is signed or not; ours have no signature."""
    return NAMES.get(unquote(token).partition(".")[0], "new") if token else ""


def _cookie(answer: httpx.Response) -> str:
    """What becomes of the session's cookie."""
    for header in answer.headers.get_list("set-cookie"):
        for morsel in SimpleCookie(header).values():
            if morsel.key == COOKIE:
                return f"{_name(morsel.value)}, {morsel['max-age']} s" if morsel.value else "goes"
    return "stays"


def _shape(value: Any, key: str = "") -> object:
    """A body without what differs from one run to the next. Better Auth leaves out what is null in its memory."""
    if isinstance(value, dict):
        return {key: _shape(member, key) for key, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_shape({**session, "token": None}) for session in value]  # Of the others, ours are no tokens.
    if key == "token":
        return "JWT" if value.count(".") == 2 else _name(value)
    return "set" if key.endswith(("At", "id", "Id")) else value


@pytest.fixture
def settings() -> Settings:
    return Settings(_env_file=None, LOG_LEVEL="error", DOABLE_RATE_LIMIT_AUTH="off")


@pytest.fixture
async def sides(app: FastAPI, node: str, db: Database) -> AsyncIterator[tuple[Side, Side]]:
    with better_auth(node, "jwks", SECRET) as url:
        async with client_of(app) as ours, httpx.AsyncClient(base_url=url) as theirs:
            pair = Theirs(theirs, url), Ours(ours, "http://doable.test", db)
            for side in pair:
                await side.begin()
            yield pair


async def test_every_route_answers_every_credential_as_better_auth_does(sides: tuple[Side, Side]) -> None:
    theirs, ours = sides
    different = {}
    for row in ROWS:
        expected, found = await theirs.observe(*row), await ours.observe(*row)
        if found != expected:
            different[row] = {key: (expected[key], found[key]) for key in found if found[key] != expected[key]}
    assert different == {}
