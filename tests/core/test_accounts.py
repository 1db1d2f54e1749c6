import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import jwt
import pytest
from argon2 import PasswordHasher

from doable.core.accounts import SESSION_LIFE, AccountService, SignedIn, Visitor
from doable.core.identity import Identity
from doable.core.own_keys import OwnKeys
from doable.core.owners import Owners
from doable.core.tokens import TokenService
from doable.core.users import UserService
from doable.errors import (
    AccountDisabled,
    Busy,
    DoableError,
    EmailTaken,
    Invalid,
    SignUpClosed,
    TokenInvalid,
    Unauthenticated,
    UserNotFound,
    WrongPassword,
)
from doable.model import Actor
from doable.rest.auth_responses import profile
from doable.settings import Settings
from doable.store.address import Address
from doable.store.database import Database
from issuer import Clock
from waits import until_blocked

HOME = Visitor("192.0.2.1", "Firefox")
ADA = {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}
CHANGE = {"currentPassword": "correct horse", "newPassword": "battery staple"}


@pytest.fixture
def accounts(db: Database) -> Iterator[AccountService]:
    service = AccountService(db, OwnKeys(db))
    yield service
    service.close()


@pytest.fixture
async def elsewhere(address: Address) -> AsyncIterator[AccountService]:
    """Another process, with connections of its own."""
    database = Database(address)
    service = AccountService(database, OwnKeys(database))
    yield service
    service.close()
    await database.close()


@pytest.fixture
async def ada(accounts: AccountService) -> SignedIn:
    return await accounts.sign_up(ADA, HOME)


async def sign_in(
    accounts: AccountService, password: str = ADA["password"], email: str = ADA["email"], visitor: Visitor = HOME
) -> SignedIn:
    return await accounts.sign_in({"email": email, "password": password}, visitor)


async def remove(db: Database, signed_in: SignedIn) -> None:
    await UserService(db, lambda _: None, owners=Owners(provisions=False)).remove(Actor(signed_in.user.id))


async def wrong(accounts: AccountService, visitor: Visitor, email: str = ADA["email"]) -> DoableError:
    with pytest.raises(DoableError) as refusal:
        await sign_in(accounts, "a guess", email, visitor)
    return refusal.value


async def test_who_signs_up_is_signed_in(accounts: AccountService, ada: SignedIn) -> None:
    assert ada.user.email == "ada@example.com"
    assert ada.user.name == "Ada"
    assert len(ada.user.id) == 32
    assert ada.user.id.isalnum()
    found = await accounts.get_session(ada.token)
    assert (found.session, found.user) == (ada.session, ada.user)
    assert found.session.ip_address == "192.0.2.1"
    assert found.session.user_agent == "Firefox"


async def test_what_is_stored_lets_nobody_in(accounts: AccountService, ada: SignedIn, db: Database) -> None:
    for table in ("users", "passwords", "sessions", "sign_in_failures"):
        for (row,) in await db.read(f"select t::text from doable.{table} t"):  # noqa: S608
            assert ada.token not in row
            assert ADA["password"] not in row
    (row,) = await db.read("select token_hash from doable.sessions")
    with pytest.raises(Unauthenticated):
        await accounts.get_session(row[0].hex())


async def test_an_email_address_is_one_account_whatever_its_case(accounts: AccountService, ada: SignedIn) -> None:
    with pytest.raises(EmailTaken):
        await accounts.sign_up({**ADA, "email": " ADA@Example.COM"}, HOME)
    assert (await sign_in(accounts, email="Ada@EXAMPLE.com")).user == ada.user


async def test_of_two_who_sign_up_with_the_same_address_at_once_exactly_one_does(
    accounts: AccountService, elsewhere: AccountService, db: Database
) -> None:
    calls = [service.sign_up(ADA, HOME) for service in (accounts, elsewhere) for _ in range(4)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, EmailTaken) for outcome in outcomes) == 7
    for table in ("users", "passwords", "sessions"):
        assert len(await db.read(f"select from doable.{table}")) == 1


async def test_sign_up_can_be_closed(db: Database) -> None:
    closed = AccountService(db, OwnKeys(db), sign_up_open=False)
    with pytest.raises(SignUpClosed):
        await closed.sign_up(ADA, HOME)
    await closed.add("ada@example.com", "Ada", "correct horse")
    await sign_in(closed)
    closed.close()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("email", None, "required"),
        ("email", "", "invalid_email"),
        ("email", "ada", "invalid_email"),
        ("email", "ada@", "invalid_email"),
        ("email", "@example.com", "invalid_email"),
        ("email", "ada@exa mple.com", "invalid_email"),
        ("email", "ada@example.com\n", None),
        ("email", "ada@example.com\nbcc: x@example.com", "invalid_email"),
        ("email", "ada@-example.com", "invalid_email"),
        ("email", "äda@example.com", "invalid_email"),
        ("email", f"{'a' * 243}@example.com", "invalid_email"),
        ("email", f"{'a' * 242}@example.com", None),
        ("email", "ada+lists@localhost", None),
        ("email", 7, "wrong_type"),
        ("email", "ada\0@example.com", "unsupported_text"),
        ("password", None, "required"),
        ("password", "1234567", "password_too_short"),
        ("password", "x" * 129, "password_too_long"),
        ("password", "password1", "password_compromised"),
        ("password", ADA["email"], "password_compromised"),
        ("password", ["correct horse"], "wrong_type"),
        ("password", "correct \ud800 horse", "unsupported_text"),
        ("name", None, "required"),
        ("name", "x" * 256, "too_long"),
        ("name", "", None),
        ("name", "A\0da", "unsupported_text"),
        ("rememberMe", "yes", "wrong_type"),
        ("rememberMe", None, None),
        ("image", "https://example.com/ada.png", None),
    ],
)
async def test_the_words_of_a_sign_up_are_checked(
    accounts: AccountService, db: Database, field: str, value: object, code: str | None
) -> None:
    if code is None:
        await accounts.sign_up({**ADA, field: value}, HOME)
        return
    with pytest.raises(Invalid) as refusal:
        await accounts.sign_up({**ADA, field: value}, HOME)
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [(field, code)]
    assert await db.read("select from doable.users") == []


async def test_all_faults_are_told_at_once(accounts: AccountService) -> None:
    with pytest.raises(Invalid) as refusal:
        await accounts.sign_up({"email": "ada", "password": "short", "name": 1, "rememberMe": 1}, HOME)
    assert [fault.field for fault in refusal.value.faults] == ["name", "email", "password", "rememberMe"]
    with pytest.raises(Invalid) as refusal:
        await accounts.sign_in({"password": "x" * 129}, HOME)
    assert [fault.code for fault in refusal.value.faults] == ["required", "password_too_long"]


@pytest.mark.usefixtures("ada")
async def test_unknown_user_and_wrong_password_are_one_answer(accounts: AccountService) -> None:
    known = await wrong(accounts, HOME)
    unknown = await wrong(accounts, HOME, "nobody@example.com")
    assert type(known) is type(unknown) is WrongPassword
    assert str(known) == str(unknown)


@pytest.mark.usefixtures("ada")
async def test_unknown_user_and_wrong_password_take_the_same_time(accounts: AccountService) -> None:
    known, unknown = [], []
    for number in range(6):
        for email, seconds in ((ADA["email"], known), (f"nobody{number}@example.com", unknown)):
            started = time.perf_counter()
            await wrong(accounts, HOME, email)
            seconds.append(time.perf_counter() - started)
    assert 0.4 < min(known) / min(unknown) < 2.5
    assert min(*known, *unknown) > 0.005  # All did the slow work.


@pytest.mark.usefixtures("ada")
async def test_guessing_is_slowed_for_all_processes_whether_there_is_an_account_or_not(
    accounts: AccountService, elsewhere: AccountService, db: Database
) -> None:
    for email in (ADA["email"], "nobody@example.com"):
        for number in range(5):
            stranger = Visitor(f"198.51.100.{number}")
            assert isinstance(await wrong((accounts, elsewhere)[number % 2], stranger, email), WrongPassword)
        await stop_the_clock(db)
        for service in (accounts, elsewhere):
            refusal = await wrong(service, Visitor("203.0.113.1"), email)
            assert isinstance(refusal, Busy)
            assert refusal.retry_after == 1
    # The owner, at home, is not kept out.
    await sign_in(accounts)


async def test_when_too_many_passwords_wait_the_attempt_does_not_count(accounts: AccountService, db: Database) -> None:
    room = accounts._passwords._room
    taken = 0
    while room.acquire(blocking=False):
        taken += 1
    with pytest.raises(Busy):
        await sign_in(accounts)
    with pytest.raises(Busy):
        await accounts.sign_up(ADA, HOME)
    assert await db.read("select from doable.sign_in_failures where failures > 0") == []
    room.release(taken)
    with pytest.raises(WrongPassword):
        await sign_in(accounts)


@pytest.mark.usefixtures("ada")
async def test_who_looks_for_taken_addresses_is_slowed_too(accounts: AccountService, db: Database) -> None:
    prober = Visitor("198.51.100.1")
    for _ in range(20):
        with pytest.raises(EmailTaken):
            await accounts.sign_up(ADA, prober)
    await stop_the_clock(db)
    for email in (ADA["email"], "free@example.com"):
        with pytest.raises(Busy):
            await accounts.sign_up({**ADA, "email": email}, prober)
    await accounts.sign_up({**ADA, "email": "bob@example.com"}, HOME)


@pytest.mark.usefixtures("ada")
async def test_at_the_limit_no_race_tells_a_taken_address_from_a_free_one(
    accounts: AccountService, elsewhere: AccountService, db: Database
) -> None:
    prober = Visitor("198.51.100.1")
    for _ in range(19):
        await accounts._throttle.admit_sign_up(prober.address)
    await stop_the_clock(db)
    forms = [ADA, {**ADA, "email": "free@example.com"}] * 4
    async with db.transaction() as tx:  # No account is made or found before all have been counted.
        await tx.write("lock table doable.users in access exclusive mode")
        probes = [
            asyncio.create_task((accounts, elsewhere)[number % 4 > 1].sign_up(form, prober))
            for number, form in enumerate(forms)
        ]
        async with asyncio.timeout(10):
            for _, probe in zip(range(len(forms) - 1), asyncio.as_completed(probes), strict=False):
                with pytest.raises(Busy):
                    await probe
    outcomes = await asyncio.gather(*probes, return_exceptions=True)
    assert sum(isinstance(outcome, Busy) for outcome in outcomes) == len(forms) - 1


@pytest.mark.usefixtures("ada")
async def test_a_password_hashed_with_other_parameters_is_hashed_anew_at_sign_in(
    accounts: AccountService, db: Database
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(ADA["password"])
    await db.write("update doable.passwords set hash = $1", weak)
    await asyncio.gather(sign_in(accounts), sign_in(accounts))
    (row,) = await db.read("select hash from doable.passwords")
    assert "m=19456,t=2,p=1" in row[0]
    await sign_in(accounts)


async def test_a_session_lasts_seven_days_from_its_last_renewal_which_comes_once_a_day_at_most(
    accounts: AccountService, ada: SignedIn, db: Database
) -> None:
    assert ada.session.expires_at - ada.session.created_at == SESSION_LIFE
    for days in range(10):
        found = await accounts.get_session(ada.token)
        assert found.is_new == (days > 0)
        assert not (await accounts.get_session(ada.token)).is_new
        await pass_days(db, 1.001)
    await accounts.get_session(ada.token)
    await pass_days(db, 6.9)
    renewed = await accounts.get_session(ada.token)
    assert renewed.session.expires_at - renewed.session.updated_at == SESSION_LIFE
    await pass_days(db, 7.001)
    with pytest.raises(Unauthenticated):
        await accounts.get_session(ada.token)


async def test_no_session_lasts_longer_than_90_days_however_often_it_is_renewed(
    accounts: AccountService, ada: SignedIn, db: Database
) -> None:
    async def set_age(days: float) -> None:
        """Of a session that was used two days ago."""
        await db.write(
            "update doable.sessions set created_at = now() - make_interval(secs => $1::float8 * 86400),"
            " updated_at = now() - interval '2 days', expires_at = now() + interval '5 days'",
            days,
        )

    for age, left in ((80, 7), (86, 4), (89.5, 0.5)):
        await set_age(age)
        session = (await accounts.get_session(ada.token)).session
        assert (session.expires_at - session.updated_at).total_seconds() == pytest.approx(left * 86400, abs=1)
    await set_age(90.001)  # By a release that renewed without an end.
    assert await accounts.find_session(ada.token) is None


async def test_of_one_user_only_the_newest_sessions_last(
    accounts: AccountService, ada: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doable.core.accounts.SESSIONS_MAX", 3)
    bob = await accounts.sign_up({**ADA, "email": "bob@example.com"}, HOME)
    later = [await sign_in(accounts) for _ in range(3)]
    assert await accounts.find_session(ada.token) is None
    assert [await accounts.find_session(one.token) is not None for one in (*later, bob)] == [True] * 4


async def test_a_session_that_is_not_remembered_ends_after_a_day(accounts: AccountService, db: Database) -> None:
    short = await accounts.sign_up({**ADA, "rememberMe": False}, HOME)
    await pass_days(db, 0.999)
    assert not (await accounts.get_session(short.token)).is_new
    await pass_days(db, 0.002)
    assert await accounts.find_session(short.token) is None


async def test_a_session_that_is_revoked_while_it_is_renewed_stays_revoked(
    accounts: AccountService, ada: SignedIn, db: Database
) -> None:
    await pass_days(db, 2)
    async with db.transaction() as tx:
        await tx.write("delete from doable.sessions")
        renewal = asyncio.create_task(accounts.find_session(ada.token))
        await until_blocked(db.read)
    assert await renewal is None


async def test_who_signs_out_is_out_and_others_are_not(accounts: AccountService, ada: SignedIn) -> None:
    phone = await sign_in(accounts)
    await accounts.sign_out(phone.token)
    await accounts.sign_out(phone.token)
    assert await accounts.find_session(phone.token) is None
    await accounts.get_session(ada.token)


async def test_no_other_text_is_a_session(accounts: AccountService, ada: SignedIn) -> None:
    for token in ("", "x", ada.token[:-1], ada.token + "A", ada.token.swapcase(), "\ud800", "Ω" * 1000):
        assert await accounts.find_session(token) is None


async def test_another_password_replaces_the_old_one_and_leaves_the_sessions(
    accounts: AccountService, ada: SignedIn
) -> None:
    phone = await sign_in(accounts)
    assert await accounts.change_password(ada, CHANGE, HOME) is None
    await sign_in(accounts, "battery staple")
    assert isinstance(await wrong(accounts, HOME), WrongPassword)
    with pytest.raises(WrongPassword):
        await sign_in(accounts, ADA["password"])
    await accounts.get_session(ada.token)
    await accounts.get_session(phone.token)


async def test_another_password_ends_all_sessions_when_asked_and_begins_a_new_one(
    accounts: AccountService, ada: SignedIn
) -> None:
    phone = await sign_in(accounts)
    new = await accounts.change_password(phone, {**CHANGE, "revokeOtherSessions": True}, HOME)
    assert new is not None
    assert (await accounts.get_session(new.token)).user == ada.user
    for token in (ada.token, phone.token):
        assert await accounts.find_session(token) is None


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("currentPassword", "wrong horse", "invalid_password"),
        ("currentPassword", None, "required"),
        ("currentPassword", "x" * 129, "password_too_long"),
        ("newPassword", "short", "password_too_short"),
        ("newPassword", "x" * 129, "password_too_long"),
        ("newPassword", "password1", "password_compromised"),
        ("newPassword", ADA["email"], "password_compromised"),
        ("newPassword", 12345678, "wrong_type"),
        ("revokeOtherSessions", "no", "wrong_type"),
    ],
)
async def test_a_change_of_password_is_checked_and_else_changes_nothing(
    accounts: AccountService, ada: SignedIn, field: str, value: object, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await accounts.change_password(ada, {**CHANGE, field: value}, HOME)
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [(field, code)]
    await sign_in(accounts)


async def test_who_found_a_session_open_can_not_try_passwords_at_will(
    accounts: AccountService, ada: SignedIn, db: Database
) -> None:
    thief = Visitor("198.51.100.1")
    for _ in range(5):
        with pytest.raises(Invalid):
            await accounts.change_password(ada, {**CHANGE, "currentPassword": "a guess"}, thief)
    await stop_the_clock(db)
    with pytest.raises(Busy):
        await accounts.change_password(ada, CHANGE, thief)
    await accounts.change_password(ada, CHANGE, HOME)


async def test_of_two_changes_of_the_password_at_once_one_wins(accounts: AccountService, ada: SignedIn) -> None:
    await sign_in(accounts)
    changes = [
        accounts.change_password(ada, {**CHANGE, "newPassword": new}, HOME) for new in ("first one", "second one")
    ]
    outcomes = await asyncio.gather(*changes, return_exceptions=True)
    assert sum(isinstance(outcome, Invalid) for outcome in outcomes) == 1
    winner = ("first one", "second one")[outcomes.index(None)]
    await sign_in(accounts, winner)


async def test_a_removed_user_can_not_change_the_password(
    accounts: AccountService, ada: SignedIn, db: Database
) -> None:
    await remove(db, ada)
    with pytest.raises(Invalid):
        await accounts.change_password(ada, CHANGE, HOME)


@pytest.mark.usefixtures("ada")
async def test_no_session_begins_with_a_password_that_was_changed_meanwhile(
    accounts: AccountService, db: Database
) -> None:
    async with db.transaction() as tx:
        await tx.write("update doable.passwords set changed_at = now()")
        await tx.write("delete from doable.sessions")
        late = asyncio.create_task(sign_in(accounts))
        await until_blocked(db.read)
    with pytest.raises(WrongPassword):
        await late
    assert await db.read("select from doable.sessions") == []


async def test_a_sign_in_and_the_removal_of_the_account_do_not_wait_for_each_other(
    accounts: AccountService, ada: SignedIn, db: Database
) -> None:
    async with db.transaction() as tx:
        await tx.write("select from doable.passwords for update")
        signing_in = asyncio.create_task(sign_in(accounts))
        await until_blocked(db.read)
        # It has the user's row already, which the removal takes first: nothing is left for it to wait for later.
        assert await db.read("select from doable.users for update skip locked") == []
        removal = asyncio.create_task(remove(db, ada))
        await until_blocked(db.read, 2)
    signed_in, _ = await asyncio.gather(signing_in, removal)
    assert await accounts.find_session(signed_in.token) is None


async def test_a_token_says_who_it_is_for_in_the_words_of_better_auth(accounts: AccountService, ada: SignedIn) -> None:
    token = await accounts.issue_token(ada.user, profile(ada.user))
    header = jwt.get_unverified_header(token)
    key = await accounts.keys.find(header["kid"], header["alg"])
    claims = jwt.decode(token, key, algorithms=["EdDSA"], audience="doable")
    created_at = claims["createdAt"]
    assert claims == {
        "iat": pytest.approx(time.time(), abs=5),
        "exp": claims["iat"] + 900,
        "iss": "doable",
        "aud": "doable",
        "sub": ada.user.id,
        "id": ada.user.id,
        "email": "ada@example.com",
        "emailVerified": False,
        "name": "Ada",
        "image": None,
        "createdAt": created_at,
        "updatedAt": created_at,
    }
    assert created_at == ada.user.created_at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


async def test_issuer_and_audience_of_tokens_can_be_set(db: Database) -> None:
    accounts = AccountService(db, OwnKeys(db), issuer="us", audience="tasks")
    user, _ = await accounts.add("ada@example.com", "Ada")
    claims = jwt.decode(await accounts.issue_token(user, {}), options={"verify_signature": False})
    assert (claims["iss"], claims["aud"]) == ("us", "tasks")
    accounts.close()


async def test_the_operator_adds_accounts_with_a_password_that_is_made_up_or_given(accounts: AccountService) -> None:
    ada, made_up = await accounts.add("Ada@example.com", "Ada")
    bob, given = await accounts.add("bob@example.com", "Bob", "correct horse")
    assert given == "correct horse"
    assert (await sign_in(accounts, made_up)).user == ada
    assert (await sign_in(accounts, given, "bob@example.com")).user == bob
    with pytest.raises(EmailTaken):
        await accounts.add("ADA@example.com", "Another")
    with pytest.raises(Invalid):
        await accounts.add("carol@example.com", "Carol", "short")


async def test_an_account_is_removed_with_all_that_it_has(
    accounts: AccountService, ada: SignedIn, db: Database
) -> None:
    await remove(db, ada)
    assert await accounts.find_session(ada.token) is None
    assert await db.read("select from doable.passwords") == []
    assert isinstance(await wrong(accounts, HOME), WrongPassword)


async def test_the_operator_sets_a_password_which_ends_all_sessions_and_all_waits(
    accounts: AccountService, ada: SignedIn
) -> None:
    for number in range(5):
        await wrong(accounts, Visitor(f"198.51.100.{number}"))
    made_up = await accounts.set_password("ada@example.com")
    assert await accounts.find_session(ada.token) is None
    await sign_in(accounts, made_up, visitor=Visitor("203.0.113.1"))
    assert await accounts.set_password("ada@example.com", "battery staple") == "battery staple"
    await sign_in(accounts, "battery staple")
    with pytest.raises(UserNotFound):
        await accounts.set_password("nobody@example.com")
    with pytest.raises(Invalid):
        await accounts.set_password("ada@example.com", "short")


async def test_a_new_password_may_leave_the_sessions_and_ends_the_waits_of_known_addresses_too(
    accounts: AccountService, ada: SignedIn, db: Database
) -> None:
    while not isinstance(await wrong(accounts, HOME), Busy):
        pass
    await accounts.set_password(ADA["email"], "battery staple", keep_sessions=True)
    assert await accounts.find_session(ada.token) is not None
    assert isinstance(await wrong(accounts, HOME), WrongPassword)
    known = await db.read("select failures from doable.sign_in_failures where subject like 'known:%'")
    assert [failures for (failures,) in known] == [1]


async def test_a_disabled_user_is_refused_until_enabled_again(
    accounts: AccountService, ada: SignedIn, db: Database
) -> None:
    ours = Settings(_env_file=None, JWT_ISSUER="doable", JWT_AUDIENCE="doable")
    here, elsewhere = (Identity(ours, db, accounts.keys, clock=Clock()) for _ in range(2))
    owners = Owners(provisions=False)
    users = UserService(db, here.forget, owners=owners)
    tokens = TokenService(db, here.forget, owners=owners, most=9)
    token = (await tokens.create(Actor(ada.user.id), {"name": "x"})).token
    jwt = await accounts.issue_token(ada.user, {})
    await users.disable(ada.user.id)
    with pytest.raises(TokenInvalid):
        await users.remove(Actor(ada.user.id))
    for identity in (here, elsewhere):
        for credential in (token, jwt):
            with pytest.raises(TokenInvalid):
                await identity.authenticate(credential)
    assert await accounts.find_session(ada.token) is None
    with pytest.raises(AccountDisabled):
        await sign_in(accounts)
    assert isinstance(await wrong(accounts, HOME), WrongPassword)
    await users.disable(ada.user.id, disabled=False)
    assert (await here.authenticate(token)).user_id == (await here.authenticate(jwt)).user_id == ada.user.id
    assert await accounts.find_session(ada.token) is not None
    await sign_in(accounts)
    await users.remove(Actor(ada.user.id))
    with pytest.raises(TokenInvalid):
        await here.authenticate(jwt)
    with pytest.raises(UserNotFound):
        await users.disable(ada.user.id)


@pytest.mark.usefixtures("ada")
async def test_what_has_expired_is_removed_now_and_then_by_whoever_comes_by(
    accounts: AccountService, db: Database
) -> None:
    await db.write("insert into doable.sign_in_failures (subject, failures, last_at) values ('old', 1, '2020-01-01')")
    failures = "select from doable.sign_in_failures where subject = 'old'"
    await sign_in(accounts)
    assert len(await db.read(failures)) == 1
    accounts._prune_at -= 3600
    await sign_in(accounts)
    assert await db.read(failures) == []


async def test_a_session_keeps_no_more_than_a_line_about_the_browser(accounts: AccountService) -> None:
    signed_in = await accounts.sign_up(ADA, Visitor(None, "x" * 2000))
    assert signed_in.session.user_agent == "x" * 512
    assert signed_in.session.ip_address is None
    assert (await sign_in(accounts, visitor=Visitor())).session.user_agent is None


async def stop_the_clock(db: Database) -> None:
    """For a minute: the waits that have begun do not end, however slow this machine is."""
    await db.write("update doable.sign_in_failures set last_at = now() + interval '1 minute'")


async def pass_days(db: Database, days: float) -> None:
    """For sessions."""
    await db.write(
        """
        update doable.sessions set created_at = created_at - $1 * interval '1 day',
          updated_at = updated_at - $1 * interval '1 day', expires_at = expires_at - $1 * interval '1 day'
        """,
        days,
    )
