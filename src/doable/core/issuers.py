"""The public keys that an issuer publishes to verify its tokens."""

import asyncio
import logging
from collections.abc import Callable
from math import inf
from time import monotonic
from typing import Any, Final

import httpx
import msgspec
from jwt import PyJWK

from doable.core.key_sets import KeySet
from doable.errors import Unavailable

# Seconds after which the keys are fetched again, so that a revoked key stops working.
REFETCH_SECONDS: Final = 600.0
# Seconds between two fetches, so that tokens with invented key ids put no load on the issuer.
FETCH_PAUSE_SECONDS: Final = 5.0
FETCH_TIMEOUT_SECONDS: Final = 3.0  # seconds for a whole fetch
DOCUMENT_MAX: Final = 64 * 1024  # bytes; a hundred RSA keys take about 40 000
_logger: Final = logging.getLogger(__name__)


class _Document(msgspec.Struct):
    keys: list[Any]


class RemoteKeys:
    """The key set that an issuer publishes. It is fetched when needed, and kept while the issuer is down.

    There is one fetch at a time. A request waits for it only if the known keys lack its key, or are too old.
    """

    def __init__(self, url: str, *, clock: Callable[[], float] = monotonic) -> None:
        self._url = url
        self._clock = clock
        self._keys: KeySet | None = None
        self._fetch: asyncio.Task[None] | None = None
        self._fetch_began = -inf
        self._keys_as_of = -inf
        self._asked_for_more = -inf
        # No redirects: the operator chose where the keys are. HTTPS may go through the proxy that the environment
        # names, which can't read it. Plain HTTP is for this machine only, so it goes there directly.
        self._client = httpx.AsyncClient(
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            trust_env=url.startswith("https:"),
            follow_redirects=False,
        )

    async def find(self, kid: str | None, alg: str) -> PyJWK | None:
        """Find a key, as `KeySource.find`. Raises Unavailable if no fetch has succeeded yet."""
        arrived = self._clock()
        keys = await self._known(arrived)
        key = keys.find(kid, alg)
        if key is None:
            # A set that was fetched after the token arrived can't be outdated. Fetch again only if ours is older.
            if (
                self._fetch_began < arrived
                and arrived - self._asked_for_more >= FETCH_PAUSE_SECONDS
                and self._fetch is None
            ):
                self._asked_for_more = arrived
                self._begin()
            if self._fetch is not None:
                await asyncio.wait([self._fetch])
                key = (self._keys or keys).find(kid, alg)
        return key

    async def close(self) -> None:
        if self._fetch is not None:
            self._fetch.cancel()
            await asyncio.wait([self._fetch])
        await self._client.aclose()

    async def _known(self, now: float) -> KeySet:
        """The current keys. Old keys are renewed in the background. Raises Unavailable."""
        if self._keys is not None and now - self._keys_as_of < REFETCH_SECONDS:
            return self._keys
        since = now - self._fetch_began
        if self._fetch is None and since >= FETCH_PAUSE_SECONDS:
            self._begin()
        # After a long pause the keys may be too old. Then this request waits for the new ones too.
        if self._fetch is not None and (self._keys is None or since >= 2 * REFETCH_SECONDS):
            await asyncio.wait([self._fetch])
        if self._keys is None:
            raise Unavailable(retry_after=round(FETCH_PAUSE_SECONDS))
        return self._keys

    def _begin(self) -> None:
        self._fetch_began = self._clock()
        self._fetch = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        began = self._fetch_began
        try:
            async with asyncio.timeout(FETCH_TIMEOUT_SECONDS):
                self._keys = KeySet(await self._download())
            self._keys_as_of = began
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, RecursionError) as error:
            _logger.warning("No keys from the issuer: %s", str(error) or type(error).__name__)
        finally:
            self._fetch = None

    async def _download(self) -> list[Any]:
        """Fetch the published keys. Raises ValueError if the response is not a key set."""
        body = bytearray()
        async with self._client.stream("GET", self._url) as response:
            if response.status_code != httpx.codes.OK:
                raise ValueError(f"the issuer responded with {response.status_code}")
            async for part in response.aiter_raw():
                body += part
                if len(body) > DOCUMENT_MAX:
                    raise ValueError(f"the response has more than {DOCUMENT_MAX} bytes")
        return msgspec.json.decode(body, type=_Document).keys
