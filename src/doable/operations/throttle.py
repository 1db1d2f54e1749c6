"""Limits guesses at passwords, without locking owners out. The counts are in the database, for all processes together.

An attempt counts as a failure before the password is checked, and is given back if the password was right. So parallel
attempts can't exceed the limit. There are three counts:

- `account`: failures for one email address, with or without an account. After the fifth, the client must wait for one
  second, after the next for two, and so on up to five minutes. So all clients together have 288 guesses a day.
- `address`: failures from one network address, for all accounts. The waits begin after the twentieth. A sign-up with a
  taken email address is also a failure. It counts before the lookup, so 429 does not reveal whether the account exists.
- `known`: failures for an account from an address of an earlier sign-in to this account. The address has its own count
  for this account, so clients at other addresses can't make the owner wait there.

A refused attempt does not count, so a wait is never extended. Every five minutes, one failure is forgiven. The key of
an account is the hash of its email address, because users may type other things into that field by mistake.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from doable.errors import Busy
from doable.networks import network
from doable.store import sign_in_failures
from doable.store.database import Database, Executor

WAIT_MAX_SECONDS: Final = 300  # seconds
KNOWN: Final = "known:"


@dataclass(frozen=True)
class Subject:
    """Something that has a count of failures. The first `free` failures cause no wait."""

    name: str
    free: int


@dataclass(frozen=True)
class Attempt:
    """One attempt at a password, its three subjects, and those that were counted."""

    account: Subject
    address: Subject
    known: Subject
    counted: Sequence[Subject]


class Throttle:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def admit(self, email: str, address: str | None) -> Attempt:
        """Admit an attempt at the password of `email`. It counts as a failure until `clear` or `give_back`.

        Raises Busy with the seconds to wait.
        """
        account, place, known = _account(email), _place(address), _known(email, address)
        budgets = [[account, place]]
        if await sign_in_failures.exists(self._db, known.name):
            budgets.insert(0, [known])
        refusals = []
        for budget in budgets:
            try:
                await self._count(budget)
            except Busy as refusal:
                refusals.append(refusal)
            else:
                return Attempt(account, place, known, budget)
        raise min(refusals, key=lambda refusal: refusal.retry_after)

    async def clear(self, db: Executor, attempt: Attempt) -> None:
        """The password was right: reset the count of this address, which is known from now on.

        A sign-in from a known address does not reset the count of the account, so an attack from other addresses stays
        slow.
        """
        if attempt.account in attempt.counted:
            await sign_in_failures.forget(db, attempt.account.name)
            await sign_in_failures.give_back(db, attempt.address.name)
        await sign_in_failures.reset(db, attempt.known.name)

    async def admit_sign_up(self, address: str | None) -> Sequence[Subject]:
        """Admit a sign-up. It counts as a failure until `welcome` or `give_back`. Returns what was counted.

        Raises Busy with the seconds to wait.
        """
        counted = [_place(address)]
        await self._count(counted)
        return counted

    async def welcome(self, db: Executor, email: str, address: str | None) -> None:
        """The sign-up succeeded: give it back, and make the address known for the new account."""
        await sign_in_failures.give_back(db, _place(address).name)
        await sign_in_failures.reset(db, _known(email, address).name)

    async def give_back(self, counted: Sequence[Subject]) -> None:
        """Give back an attempt whose password was not checked."""
        for subject in counted:
            await sign_in_failures.give_back(self._db, subject.name)

    async def forget(self, email: str) -> None:
        """The operator set a new password: end all waits for the account. Known addresses stay known."""
        await sign_in_failures.forget(self._db, _account(email).name)
        await sign_in_failures.reset_all(self._db, f"{KNOWN}{_digest(email)}:")

    async def prune(self) -> None:
        await sign_in_failures.prune(self._db, KNOWN)

    async def _count(self, subjects: Sequence[Subject]) -> None:
        """Count a failure of all subjects, or of none if one must wait. Raises Busy."""

        async def count(tx: Executor) -> None:
            for subject in subjects:
                wait = await sign_in_failures.count(tx, subject.name, free=subject.free, longest=WAIT_MAX_SECONDS)
                if wait:
                    raise Busy(wait)

        await self._db.transact(count)


def _account(email: str) -> Subject:
    return Subject(f"account:{_digest(email)}", free=5)


def _place(address: str | None) -> Subject:
    return Subject(f"address:{network(address)}", free=20)


def _known(email: str, address: str | None) -> Subject:
    return Subject(f"{KNOWN}{_digest(email)}:{network(address)}", free=10)


def _digest(email: str) -> str:
    return sha256(email.lower().encode()).hexdigest()
