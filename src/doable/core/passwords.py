"""Passwords and their argon2id hashes. Hashing is slow on purpose, so only a few threads do it."""

import asyncio
import gzip
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import Final, TypeVar
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from doable.errors import Busy, Fault
from doable.text import visible

PASSWORD_MIN: Final = 8  # characters, as in Better Auth
PASSWORD_MAX: Final = 128
THREADS: Final = 2
QUEUE_MAX: Final = 32  # 20 ms each. With a longer queue, clients would wait longer than it takes to try again.

T = TypeVar("T")


def faults(field: str, password: str, email: str) -> list[Fault]:
    """The faults of a new password for the user with this email address."""
    if len(password) < PASSWORD_MIN:
        return [Fault(field, "password_too_short", f"Password must be {PASSWORD_MIN} characters or more")]
    return length_faults(field, password) or _guess_faults(field, password, email)


def length_faults(field: str, password: str) -> list[Fault]:
    """The faults in the length of a password. At sign-in, other rules could reveal something about the password."""
    if len(password) > PASSWORD_MAX:
        return [Fault(field, "password_too_long", f"Password must be {PASSWORD_MAX} characters or less")]
    return []


def _guess_faults(field: str, password: str, email: str) -> list[Fault]:
    """A fault if the password is among an attacker's first guesses. Its code is that of a plugin of Better Auth."""
    plain = visible(normalize("NFKC", password)).lower()
    if plain and plain in {email.lower(), email.lower().partition("@")[0]}:
        return [Fault(field, "password_compromised", "Password must not be your email address")]
    if not plain or plain in _common():
        return [Fault(field, "password_compromised", "Password is one of the most common ones; choose another")]
    return []


@cache
def _common() -> frozenset[str]:
    """Django's list of common passwords in lower case, without those that are too short."""
    packed = files("doable.core").joinpath("common_passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().splitlines())


def generate() -> str:
    """Return a random password of 96 bits."""
    return secrets.token_urlsafe(12)


class Passwords:
    """Hashes and verifies passwords in threads. argon2 releases the interpreter lock, so the event loop runs on."""

    def __init__(self) -> None:
        # OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._nobodys = self._hasher.hash(secrets.token_bytes(32))
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self._room = threading.Semaphore(THREADS + QUEUE_MAX)

    async def hash(self, password: str) -> str:
        """Return the hash of a password. Raises Busy immediately if the queue is full."""
        return await self._run(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, hash: str | None, password: str) -> bool:
        """Whether the password has this hash. Without a hash, do the same work and return False.

        Raises Busy immediately if the queue is full.
        """
        right = await self._run(lambda: self._matches(hash or self._nobodys, _bytes(password)))
        return right and hash is not None

    def is_outdated(self, hash: str) -> bool:
        """Whether the hash was made with other parameters than the current ones."""
        return self._hasher.check_needs_rehash(hash)

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _matches(self, hash: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(hash, password)
        except VerifyMismatchError:
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._room.acquire(blocking=False):
            raise Busy(retry_after=1)
        future = self._executor.submit(work)
        # A cancelled request does not free its place: the work takes it until it is done.
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def _leave(self, _: Future[T]) -> None:
        self._room.release()


def _bytes(password: str) -> bytes:
    """The bytes to hash. Every keyboard produces the same ones (NIST SP 800-63B §3.1.1.2: NFKC)."""
    return normalize("NFKC", password).encode()
