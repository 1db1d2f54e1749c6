"""Guessing slowed down, for all processes together, without ever shutting an owner out.

An attempt is counted as failed before the password is looked at, and given back when it was right: however many come
at the same time, no more get through than may. Three things are counted:

- `account`: failures against one email address, whether it has an account or not. The fifth is followed by a wait of a
  second, the next by two, and so on up to five minutes, which is 288 guesses a day however many machines guess.
- `address`: failures from one network address, against anybody; the waits begin after the twentieth. A sign-up that
  meets a taken address is one of them: it is counted before anything is looked up, so that 429 tells nothing of it.
- `known`: failures against an account from an address from which it was signed in to before. This address has a
  count of its own for this account, so no client at another address can keep the owner waiting there.

Refused attempts count for nothing, so the waits end when they say; a failure is forgiven every five minutes.
The key of an account is the hash of its email address: what people type there by mistake is not kept.
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
    """Something that failures are counted against; `free` of them cost no wait."""

    name: str
    free: int


@dataclass(frozen=True)
class Attempt:
    """One try at a password, with all that may be counted for it, and what was."""

    account: Subject
    address: Subject
    known: Subject
    counted: Sequence[Subject]


class Throttle:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def admit(self, email: str, address: str | None) -> Attempt:
        """Let one attempt at the password of `email` pass, counted as a failure until `clear` or `give_back`.

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
        """The password was right: this address is known from now on, and its count begins anew.

        An account under attack stays slow for unknown addresses when its owner signs in from a known one.
        """
        if attempt.account in attempt.counted:
            await sign_in_failures.forget(db, attempt.account.name)
            await sign_in_failures.give_back(db, attempt.address.name)
        await sign_in_failures.reset(db, attempt.known.name)

    async def admit_sign_up(self, address: str | None) -> Sequence[Subject]:
        """The same for a sign-up, until `welcome` or `give_back`; returns what was counted."""
        counted = [_place(address)]
        await self._count(counted)
        return counted

    async def welcome(self, db: Executor, email: str, address: str | None) -> None:
        """The sign-up was no failure, and the new account is known to come from this address."""
        await sign_in_failures.give_back(db, _place(address).name)
        await sign_in_failures.reset(db, _known(email, address).name)

    async def give_back(self, counted: Sequence[Subject]) -> None:
        """Nothing was looked at."""
        for subject in counted:
            await sign_in_failures.give_back(self._db, subject.name)

    async def forget(self, email: str) -> None:
        """The operator gave the account a new password: no address waits for it, and those that are known stay so."""
        await sign_in_failures.forget(self._db, _account(email).name)
        await sign_in_failures.reset_all(self._db, f"{KNOWN}{_digest(email)}:")

    async def prune(self) -> None:
        await sign_in_failures.prune(self._db, KNOWN)

    async def _count(self, subjects: Sequence[Subject]) -> None:
        """All of them, or none when one has to wait."""

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
