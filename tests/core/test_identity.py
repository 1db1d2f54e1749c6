import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime

import jwt
import pytest

from doable.core import identity as module
from doable.core.identity import CLOCK_SKEW_SECONDS, REMEMBERED_SECONDS, Identity
from doable.core.issuers import FETCH_PAUSE_SECONDS, RemoteKeys
from doable.core.owners import Owners
from doable.core.tokens import TokenService
from doable.errors import Misconfigured, TokenExpired, TokenInvalid, Unavailable
from doable.model import EVERY_SCOPE, USER_ID_MAX, Actor, Scope
from doable.settings import Settings
from doable.store.address import Address
from doable.store.database import Database
from issuer import Clock, Issuer, Published, issuer_with
from keys import ALGORITHMS, Key
from tokens import SECRET, claims_of, hs256

NOWHERE = Database(Address.parse("postgresql://nobody@127.0.0.1:1/none"), deadline=0.1)
ISSUER = "https://issuer.example"


def briefly(value: object) -> str:
    return repr(value)[:30]


def with_secret(clock: Clock | None = None, db: Database = NOWHERE, **env: str) -> Identity:
    settings = Settings(_env_file=None, BETTER_AUTH_SECRET=SECRET, **env)
    return Identity(settings, db, clock=clock or time.monotonic)


def with_keys(*keys: Key, **env: str) -> Identity:
    return Identity(Settings(_env_file=None, JWKS_URL="https://issuer.example/jwks", **env), NOWHERE, Published(*keys))


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_a_token_signed_with_the_shared_secret_tells_who_asks() -> None:
    expires_at = int(time.time()) + 900
    actor = await with_secret().authenticate(hs256("alice", exp=expires_at))
    assert actor == Actor("alice", EVERY_SCOPE, expires_at)


@pytest.mark.parametrize("alg", ALGORITHMS)
async def test_a_token_signed_with_a_published_key_tells_who_asks(alg: str) -> None:
    key = Key("one", alg)
    actor = await with_keys(Key("other", alg), key).authenticate(key.sign(claims_of("alice")))
    assert actor.user_id == "alice"


async def test_a_secret_may_have_any_letters() -> None:
    secret = "ein Schlüssel für Größeres: 鍵🔑"
    identity = Identity(Settings(_env_file=None, BETTER_AUTH_SECRET=secret), NOWHERE)
    assert (await identity.authenticate(hs256("alice", secret=secret))).user_id == "alice"


async def test_a_token_without_a_kid_is_verified_with_the_only_key_there_is() -> None:
    key = Key(None)
    assert (await with_keys(key).authenticate(key.sign(claims_of("alice")))).user_id == "alice"


async def test_the_secret_and_the_keys_of_one_better_auth_work_side_by_side() -> None:
    key = Key("one")
    settings = Settings(_env_file=None, BETTER_AUTH_SECRET=SECRET, BETTER_AUTH_URL=ISSUER)
    identity = Identity(settings, NOWHERE, Published(key))
    assert (await identity.authenticate(hs256("alice"))).user_id == "alice"
    assert (await identity.authenticate(key.sign(claims_of("bob")))).user_id == "bob"


@pytest.mark.parametrize(
    "secret",
    [
        f"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA{'A' * 42}=\n-----END PUBLIC KEY-----",
        '{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
    ],
    ids=["PEM", "JWK"],
)
def test_a_public_key_is_not_taken_for_a_secret(secret: str) -> None:
    with pytest.raises(Misconfigured, match="BETTER_AUTH_SECRET: it must be a secret"):
        Identity(Settings(_env_file=None, BETTER_AUTH_SECRET=secret), NOWHERE)


# Claims


@pytest.mark.parametrize("user_id", ["a", "me", "Ä ö/ü?%2F", "🦆" * USER_ID_MAX, " alice ", "0"])
async def test_a_user_id_is_used_exactly_as_given(user_id: str) -> None:
    assert (await with_secret().authenticate(hs256(user_id))).user_id == user_id


@pytest.mark.parametrize(
    "user_id",
    ["", "a\0b", "\ud800", "a" * (USER_ID_MAX + 1), 7, True, ["alice"], {"id": "alice"}, None],
    ids=["empty", "NUL", "surrogate", "long", "number", "true", "list", "object", "missing"],
)
async def test_a_token_without_a_usable_user_id_is_refused(user_id: object) -> None:
    with pytest.raises(TokenInvalid):
        await with_secret().authenticate(hs256("", sub=user_id))


async def test_the_user_id_may_be_in_another_claim() -> None:
    identity = with_secret(JWT_USER_CLAIM="https://issuer.example/uid")
    assert (
        await identity.authenticate(hs256("", **{"sub": 7, "https://issuer.example/uid": "alice"}))
    ).user_id == "alice"
    with pytest.raises(TokenInvalid):
        await identity.authenticate(hs256("alice"))


@pytest.mark.parametrize("exp", [None, "soon", "9999999999", 10**400, float("inf"), float("nan"), {}, []], ids=briefly)
async def test_a_token_whose_end_is_no_number_is_refused(exp: object) -> None:
    with pytest.raises(TokenInvalid):
        await with_secret().authenticate(hs256("alice", exp=exp))


async def test_an_expired_token_is_told_so() -> None:
    with pytest.raises(TokenExpired):
        await with_secret().authenticate(hs256("alice", exp=int(time.time() - CLOCK_SKEW_SECONDS - 1)))


async def test_the_clocks_may_differ_a_little() -> None:
    now = int(time.time())
    for claims in ({"exp": now - 20}, {"nbf": now + 20}, {"iat": now + 20}):
        assert (await with_secret().authenticate(hs256("alice", **claims))).user_id == "alice"
    for claims in ({"nbf": now + 60}, {"iat": now + 60}, {"nbf": "later"}, {"iat": "lately"}):
        with pytest.raises(TokenInvalid):
            await with_secret().authenticate(hs256("alice", **claims))


@pytest.mark.parametrize(
    ("env", "claims", "holds"),
    [
        ({}, {"iss": "anybody", "aud": ["any", "body"]}, True),
        ({"JWT_ISSUER": ISSUER}, {"iss": ISSUER}, True),
        ({"JWT_ISSUER": ISSUER}, {"iss": ISSUER + "/"}, False),
        ({"JWT_ISSUER": ISSUER}, {"iss": [ISSUER]}, False),
        ({"JWT_ISSUER": ISSUER}, {}, False),
        ({"JWT_AUDIENCE": "doable"}, {"aud": "doable"}, True),
        ({"JWT_AUDIENCE": "doable"}, {"aud": ["other", "doable"]}, True),
        ({"JWT_AUDIENCE": "doable"}, {"aud": "doable too"}, False),
        ({"JWT_AUDIENCE": "doable"}, {"aud": ["other"]}, False),
        ({"JWT_AUDIENCE": "doable"}, {"aud": {"doable": True}}, False),
        ({"JWT_AUDIENCE": "doable"}, {"aud": []}, False),
        ({"JWT_AUDIENCE": "doable"}, {}, False),
    ],
    ids=str,
)
async def test_issuer_and_audience_are_checked_when_set(
    env: dict[str, str], claims: dict[str, object], holds: bool
) -> None:
    key = Key("one")
    identity = with_keys(key, **env)
    token = jwt.api_jws.encode(jwt.PyJWT()._encode_payload({**claims_of("alice"), **claims}), key.private, "EdDSA")
    if holds:
        assert (await identity.authenticate(token)).user_id == "alice"
    else:
        with pytest.raises(TokenInvalid):
            await identity.authenticate(token)


# Remembering


async def test_a_credential_is_remembered_for_a_minute(clock: Clock) -> None:
    identity, token = with_secret(clock), hs256("alice")
    assert identity.remembered(token.encode()) is None
    actor = await identity.authenticate(token)
    assert identity.remembered(token.encode()) is actor
    clock.advance(REMEMBERED_SECONDS - 1)
    assert identity.remembered(token.encode()) is actor
    clock.advance(1)
    assert identity.remembered(token.encode()) is None


async def test_a_credential_is_never_remembered_beyond_its_own_end(clock: Clock) -> None:
    identity, token = with_secret(clock), hs256("alice", exp=int(time.time()) + 30)
    actor = await identity.authenticate(token)
    clock.advance(20)
    assert identity.remembered(token.encode()) is actor
    clock.advance(11)
    assert identity.remembered(token.encode()) is None


async def test_a_credential_that_only_the_clock_skew_keeps_alive_is_not_remembered() -> None:
    identity, token = with_secret(), hs256("alice", exp=int(time.time()) - 5)
    await identity.authenticate(token)
    assert identity.remembered(token.encode()) is None


async def test_what_did_not_hold_is_not_remembered() -> None:
    identity, token = with_secret(), hs256("alice", secret="x" * 32)
    with pytest.raises(TokenInvalid):
        await identity.authenticate(token)
    assert identity.remembered(token.encode()) is None


async def test_only_so_many_are_remembered_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED_MAX", 3)
    identity = with_secret()
    people = [hs256(str(number)) for number in range(5)]
    for token in people:
        await identity.authenticate(token)
    assert [identity.remembered(token.encode()) is not None for token in people] == [False, False, True, True, True]


async def test_forgetting_a_user_leaves_the_others_remembered() -> None:
    identity, alice, bob = with_secret(), hs256("alice"), hs256("bob")
    await identity.authenticate(alice)
    await identity.authenticate(bob)
    identity.forget("alice")
    assert identity.remembered(alice.encode()) is None
    assert identity.remembered(bob.encode()) is not None


# Issuers that come and go


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with issuer_with(Key("first")) as issuer:
        yield issuer


@pytest.fixture
async def remote(issuer: Issuer, clock: Clock) -> AsyncIterator[Identity]:
    settings = Settings(_env_file=None, JWKS_URL=issuer.url)
    keys = RemoteKeys(issuer.url, clock=clock)
    yield Identity(settings, NOWHERE, keys, clock=clock)
    await keys.close()


async def test_an_issuer_that_is_down_at_the_start_makes_us_unavailable_not_the_token_invalid(
    issuer: Issuer, remote: Identity, clock: Clock
) -> None:
    token = issuer.keys[0].sign(claims_of("alice"))
    await issuer.go_down()
    with pytest.raises(Unavailable):
        await remote.authenticate(token)
    await issuer.come_up()
    clock.advance(FETCH_PAUSE_SECONDS)
    assert (await remote.authenticate(token)).user_id == "alice"


async def test_an_issuer_that_goes_down_later_is_not_missed(issuer: Issuer, remote: Identity, clock: Clock) -> None:
    token = issuer.keys[0].sign(claims_of("alice"))
    await remote.authenticate(token)
    await issuer.go_down()
    clock.advance(24 * 3600)
    assert remote.remembered(token.encode()) is None
    assert (await remote.authenticate(token)).user_id == "alice"


async def test_keys_can_be_rotated(issuer: Issuer, remote: Identity, clock: Clock) -> None:
    old, new = issuer.keys[0], Key("second")
    await remote.authenticate(old.sign(claims_of("alice")))
    issuer.keys = [new, old]
    clock.advance(1)
    assert (await remote.authenticate(new.sign(claims_of("alice")))).user_id == "alice"
    assert (await remote.authenticate(old.sign(claims_of("alice")))).user_id == "alice"
    issuer.keys = [new]
    clock.advance(3600)
    with pytest.raises(TokenInvalid):
        await remote.authenticate(old.sign(claims_of("alice")))


# Personal access tokens


def service(db: Database, identity: Identity) -> TokenService:
    return TokenService(db, identity.forget, owners=Owners(provisions=True), most=100)


async def test_a_personal_access_token_tells_who_asks_and_what_for(db: Database) -> None:
    identity = with_secret(db=db)
    made = await service(db, identity).create(Actor("alice"), {"name": "Script", "scopes": ["tasks:read"]})
    actor = await identity.authenticate(made.token)
    assert actor == Actor("alice", frozenset({Scope.READ}), None, made.id, "Script")
    assert identity.remembered(made.token.encode()) is actor


async def test_a_personal_access_token_never_has_the_scope_to_make_others(db: Database) -> None:
    identity = with_secret(db=db)
    made = await service(db, identity).create(Actor("alice"), {"name": "Script"})
    await db.write("update doable.access_tokens set scopes = scopes || '{account,sudo}' where user_id = 'alice'")
    assert (await identity.authenticate(made.token)).scopes == {Scope.READ, Scope.WRITE}


async def test_a_revoked_token_stops_at_once_here_and_within_a_minute_elsewhere(db: Database, clock: Clock) -> None:
    here, elsewhere = with_secret(clock, db), with_secret(clock, db)
    made = await service(db, here).create(Actor("alice"), {"name": "Script"})
    for identity in (here, elsewhere):
        await identity.authenticate(made.token)
    await service(db, here).revoke(Actor("alice"), made.id)
    assert here.remembered(made.token.encode()) is None
    clock.advance(REMEMBERED_SECONDS)
    for identity in (here, elsewhere):
        assert identity.remembered(made.token.encode()) is None
        with pytest.raises(TokenInvalid):
            await identity.authenticate(made.token)


async def test_a_token_revoked_while_it_is_looked_up_is_not_remembered(db: Database) -> None:
    identity = with_secret(db=db)
    made = await service(db, identity).create(Actor("alice"), {"name": "Script"})
    look_up = asyncio.create_task(identity.authenticate(made.token))
    await asyncio.sleep(0)  # It is on its way to the database.
    identity.forget("alice")
    assert (await look_up).user_id == "alice"
    assert identity.remembered(made.token.encode()) is None


async def last_use(db: Database) -> datetime | None:
    row = await db.read_one("select last_used_at from doable.access_tokens")
    assert row is not None
    used: datetime | None = row[0]
    return used


async def test_the_use_of_a_token_is_noted_once_in_five_minutes(db: Database) -> None:
    here, elsewhere = with_secret(db=db), with_secret(db=db)
    made = await service(db, here).create(Actor("alice"), {"name": "Script"})
    assert (made.last_used_at, await last_use(db)) == (None, None)
    await here.authenticate(made.token)
    await here.close()
    first = await last_use(db)
    assert first is not None
    await elsewhere.authenticate(made.token)
    await elsewhere.close()
    assert await last_use(db) == first
    await db.write("update doable.access_tokens set last_used_at = last_used_at - interval '5 minutes'")
    await elsewhere.authenticate(made.token)
    await elsewhere.close()
    later = await last_use(db)
    assert later is not None
    assert later >= first
    (listed,) = await service(db, here).list(Actor("alice"))
    assert listed.last_used_at == later


async def test_no_request_waits_or_fails_because_a_use_can_not_be_noted(db: Database, address: Address) -> None:
    made = await service(db, with_secret(db=db)).create(Actor("alice"), {"name": "Script"})
    impatient = Database(address, deadline=0.2)
    identity = with_secret(db=impatient)
    async with db.transaction() as transaction:  # which holds the row
        await transaction.write("update doable.access_tokens set name = 'x' where user_id = 'alice'")
        assert (await identity.authenticate(made.token)).token_id == made.id
        await identity.close()  # It gave up, and says nothing of it.
    await impatient.close()


async def test_an_expired_token_of_ours_is_told_so(db: Database, clock: Clock) -> None:
    identity = with_secret(clock, db)
    made = await service(db, identity).create(Actor("alice"), {"name": "Script", "expires_in_days": 1})
    actor = await identity.authenticate(made.token)
    assert made.expires_at is not None
    assert actor.expires_at == made.expires_at.timestamp()
    await db.write("update doable.access_tokens set expires_at = now() + interval '30 s' where user_id = 'alice'")
    clock.advance(REMEMBERED_SECONDS)
    await identity.authenticate(made.token)
    clock.advance(31)
    assert identity.remembered(made.token.encode()) is None
    await db.write("update doable.access_tokens set expires_at = now() where user_id = 'alice'")
    with pytest.raises(TokenExpired):
        await identity.authenticate(made.token)


@pytest.mark.parametrize(
    "token", ["dbl_", "dbl_" + "A" * 42, "dbl_" + "A" * 44, "dbl_" + "é" * 43, "dbl_" + "A" * 42 + "\n"]
)
async def test_what_can_be_no_token_of_ours_does_not_reach_the_database(token: str) -> None:
    with pytest.raises(TokenInvalid):
        await with_secret().authenticate(token)


async def test_an_unknown_token_of_ours_is_refused(db: Database) -> None:
    with pytest.raises(TokenInvalid):
        await with_secret(db=db).authenticate("dbl_" + "A" * 43)


async def test_without_a_database_a_token_of_ours_can_not_be_judged() -> None:
    with pytest.raises(Unavailable):
        await with_secret().authenticate("dbl_" + "A" * 43)
