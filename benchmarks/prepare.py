"""What has to be there before the first request: people, tasks, changes, tokens, and what clients remember of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import credentials
import httpx
from cases import People, Tokens
from contenders import CONTENDERS, running
from credentials import Issuer
from seed import VISITOR, Postgres, add_changes, copy_plain, fill

CHANGED_USERS: Final = 200  # whose tasks have all changed since their oldest cursor


@dataclass(frozen=True)
class Prepared:
    """`tokens` and `environments` (what a service is told so that it takes them) by kind of credential."""

    people: People
    tokens: dict[str, Tokens]
    environments: dict[str, dict[str, str]]


def prepare(server: Postgres, folder: Path, issuer: Issuer) -> Prepared:
    """Fill the seeds, and ask Doable itself for what only it can give: cursors, entity tags, access tokens."""
    people = People(*fill(server))
    everybody = [*people.users, VISITOR]
    signed = credentials.hs256(everybody)
    service = running(CONTENDERS[0], server, "seed_doable", folder / "prepare.log")
    with service as process, httpx.Client(base_url=process.url, timeout=30) as client:
        changed = people.users[:CHANGED_USERS]
        old_cursors = _cursors(client, signed, changed)
        add_changes(server, changed)
        people = replace(
            people,
            old_cursors=old_cursors,
            cursors=_cursors(client, signed, people.users),
            etags=_etags(client, signed, people.users),
        )
        access_tokens = _access_tokens(client, signed, everybody)
    copy_plain(server)
    return Prepared(
        people,
        {"hs256": signed, "eddsa": issuer.tokens(everybody), "token": access_tokens},
        {"eddsa": {"JWKS_URL": issuer.jwks_url, "BETTER_AUTH_SECRET": ""}},
    )


def _cursors(client: httpx.Client, tokens: Tokens, users: Sequence[str]) -> dict[str, str]:
    """The cursor of a client that has everything; nothing where there is no sync."""
    cursors = {}
    for user in users:
        response = client.get(f"/api/{user}/sync?limit=1000", headers=_bearer(tokens[user]))
        if response.status_code == httpx.codes.NOT_FOUND:
            return {}
        page = response.raise_for_status().json()
        assert not page["has_more"]
        cursors[user] = page["cursor"]
    return cursors


def _etags(client: httpx.Client, tokens: Tokens, users: Sequence[str]) -> dict[str, str]:
    """The tag of each user's whole list."""
    answers = ((user, client.get(f"/api/{user}/tasks", headers=_bearer(tokens[user]))) for user in users)
    return {user: answer.raise_for_status().headers["etag"] for user, answer in answers}


def _access_tokens(client: httpx.Client, tokens: Tokens, users: Sequence[str]) -> Tokens:
    """A personal access token for everybody."""
    made = {}
    for user in users:
        body = {"name": "benchmark", "scopes": ["tasks:read", "tasks:write"]}
        response = client.post("/api/me/tokens", headers=_bearer(tokens[user]), json=body)
        if response.status_code == httpx.codes.NOT_FOUND:
            return {}
        made[user] = response.raise_for_status().json()["token"]
    return made


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
