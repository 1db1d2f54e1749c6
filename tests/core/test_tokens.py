import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from doable.core.owners import Owners
from doable.core.tokens import DAYS_MAX, NAME, TokenService
from doable.errors import InsufficientScope, Invalid, TokenInvalid, TokenNotFound, TooManyTokens
from doable.model import Actor, Scope
from doable.store import users
from doable.store.database import Database

ALICE, BOB = Actor("alice"), Actor("bob")
SCRIPT = {"name": "Script"}


@pytest.fixture
def forgotten() -> list[str]:
    return []


@pytest.fixture
def service(db: Database, forgotten: list[str]) -> TokenService:
    return TokenService(db, forgotten.append, owners=Owners(provisions=True), most=100)


async def test_a_new_token_is_shown_once(service: TokenService, db: Database) -> None:
    made = await service.create(ALICE, {"name": "  Backup script ", "scopes": ["tasks:write", "tasks:read"]})
    assert re.fullmatch(r"dbl_[A-Za-z0-9_-]{43,}", made.token)
    assert (made.name, made.scopes, made.expires_at) == ("Backup script", ["tasks:read", "tasks:write"], None)
    assert datetime.now(UTC) - made.created_at < timedelta(minutes=1)
    [listed] = await service.list(ALICE)
    assert not hasattr(listed, "token")
    rows = await db.read("select row_to_json(access_tokens)::text from doable.access_tokens")
    assert made.token not in rows[0][0]
    assert made.token[4:] not in rows[0][0]


async def test_a_revocation_is_heeded_when_it_is_committed(
    service: TokenService, db: Database, forgotten: list[str]
) -> None:
    """Before, another request finds the token, and would remember it."""
    made = await service.create(ALICE, SCRIPT)
    async with db.transaction() as tx:
        await service.in_transaction(tx).revoke(ALICE, made.id)
        assert forgotten == []
    assert forgotten == ["alice"]


async def test_two_tokens_are_never_alike(service: TokenService) -> None:
    assert len({(await service.create(ALICE, SCRIPT)).token for _ in range(20)}) == 20


async def test_a_token_may_do_what_tokens_can_unless_told_otherwise(service: TokenService) -> None:
    assert (await service.create(ALICE, SCRIPT)).scopes == ["tasks:read", "tasks:write"]
    assert (await service.create(ALICE, {**SCRIPT, "scopes": ["tasks:read", "tasks:read"]})).scopes == ["tasks:read"]


@pytest.mark.parametrize("days", [1, 30, DAYS_MAX])
async def test_a_token_can_be_given_an_end(service: TokenService, days: int) -> None:
    made = await service.create(ALICE, {**SCRIPT, "expires_in_days": days})
    assert made.expires_at == made.created_at + timedelta(days=days)


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, ["name required"]),
        ({"name": None}, ["name required"]),
        ({"name": ""}, ["name required"]),
        ({"name": " \t\n"}, ["name required"]),
        ({"name": "\u200b \u2800"}, ["name required"]),
        ({"name": 7}, ["name wrong_type"]),
        ({"name": "x" * (NAME.most + 1)}, ["name too_long"]),
        ({"name": "a\0b"}, ["name unsupported_text"]),
        ({**SCRIPT, "scopes": None}, ["scopes invalid_scopes"]),
        ({**SCRIPT, "scopes": []}, ["scopes invalid_scopes"]),
        ({**SCRIPT, "scopes": "tasks:read"}, ["scopes invalid_scopes"]),
        ({**SCRIPT, "scopes": ["tasks:read", "account"]}, ["scopes invalid_scopes"]),
        ({**SCRIPT, "scopes": [["tasks:read"]]}, ["scopes invalid_scopes"]),
        ({**SCRIPT, "scopes": [7]}, ["scopes invalid_scopes"]),
        ({**SCRIPT, "expires_in_days": 0}, ["expires_in_days invalid_expiry"]),
        ({**SCRIPT, "expires_in_days": -1}, ["expires_in_days invalid_expiry"]),
        ({**SCRIPT, "expires_in_days": DAYS_MAX + 1}, ["expires_in_days invalid_expiry"]),
        ({**SCRIPT, "expires_in_days": 10**30}, ["expires_in_days invalid_expiry"]),
        ({**SCRIPT, "expires_in_days": 1.5}, ["expires_in_days invalid_expiry"]),
        ({**SCRIPT, "expires_in_days": True}, ["expires_in_days invalid_expiry"]),
        ({**SCRIPT, "expires_in_days": "30"}, ["expires_in_days invalid_expiry"]),
        ({**SCRIPT, "token": "dbl_mine", "nmae": "x"}, ["token read_only", "nmae unknown_field"]),
        (
            {"name": "", "scopes": ["sudo"], "expires_in_days": 0, "id": 1},
            ["name required", "scopes invalid_scopes", "expires_in_days invalid_expiry", "id read_only"],
        ),
    ],
    ids=lambda value: repr(value)[:60],
)
async def test_all_that_is_wrong_with_a_wish_is_told_at_once(
    service: TokenService, fields: dict[str, object], codes: list[str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        await service.create(ALICE, fields)
    assert [f"{fault.field} {fault.code}" for fault in refusal.value.faults] == codes
    assert await service.list(ALICE) == []


async def test_a_name_may_be_as_long_as_it_may_be(service: TokenService) -> None:
    assert (await service.create(ALICE, {"name": "🔑" * NAME.most})).name == "🔑" * NAME.most


async def test_tokens_are_listed_newest_first(service: TokenService) -> None:
    made = [await service.create(ALICE, {"name": str(number)}) for number in range(3)]
    assert [token.id for token in await service.list(ALICE)] == [token.id for token in reversed(made)]


async def test_a_token_of_mine_is_nothing_to_a_stranger(service: TokenService) -> None:
    mine = await service.create(ALICE, SCRIPT)
    assert await service.list(BOB) == []
    with pytest.raises(TokenNotFound):
        await service.revoke(BOB, mine.id)
    assert len(await service.list(ALICE)) == 1


async def test_a_revoked_token_is_gone_and_forgotten(service: TokenService, forgotten: list[str]) -> None:
    first, second = await service.create(ALICE, SCRIPT), await service.create(ALICE, SCRIPT)
    await service.revoke(ALICE, first.id)
    assert [token.id for token in await service.list(ALICE)] == [second.id]
    assert forgotten == ["alice"]
    with pytest.raises(TokenNotFound):
        await service.revoke(ALICE, first.id)


async def test_a_user_has_only_so_many_tokens(db: Database) -> None:
    service = TokenService(db, print, owners=Owners(provisions=True), most=3)
    for _ in range(3):
        await service.create(ALICE, SCRIPT)
    with pytest.raises(TooManyTokens):
        await service.create(ALICE, SCRIPT)
    await service.create(BOB, SCRIPT)
    await service.revoke(ALICE, (await service.list(ALICE))[0].id)
    await service.create(ALICE, SCRIPT)


async def test_a_user_of_an_issuer_elsewhere_appears_with_the_first_token(service: TokenService, db: Database) -> None:
    assert await users.find(db, "alice") is None
    await asyncio.gather(*(service.create(ALICE, SCRIPT) for _ in range(5)))
    assert await users.find(db, "alice") is not None
    assert len(await service.list(ALICE)) == 5


async def test_an_account_that_is_gone_makes_no_token(db: Database) -> None:
    service = TokenService(db, print, owners=Owners(provisions=False), most=100)
    with pytest.raises(TokenInvalid):
        await service.create(ALICE, SCRIPT)
    assert await users.find(db, "alice") is None


CALLS: dict[str, Callable[[TokenService, Actor], Any]] = {
    "create": lambda service, actor: service.create(actor, SCRIPT),
    "list": lambda service, actor: service.list(actor),
    "revoke": lambda service, actor: service.revoke(actor, 1),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
async def test_a_token_can_not_manage_tokens(service: TokenService, call: Callable[[TokenService, Actor], Any]) -> None:
    with pytest.raises(InsufficientScope) as refusal:
        await call(service, Actor("alice", frozenset({Scope.READ, Scope.WRITE})))
    assert refusal.value.scope == Scope.ACCOUNT
