"""Finds the client behind proxies.

Any client can send `X-Forwarded-For` and `X-Forwarded-Proto`, so they count only from a proxy that the operator trusts.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from starlette.types import Scope

from doable import networks
from doable.http.request import Request, headers_of

HOPS_MAX: Final = 32  # addresses read from one header; more than a few are a loop or an attack
KNOWN_MAX: Final = 4096  # cached results, because finding the client takes 10 µs and more
WAY_MAX: Final = 256  # characters of a cached header, so that the cache takes at most 3 MB; most headers have 40


class Proxies:
    """`trusted` are addresses and networks, as in `DOABLE_TRUSTED_PROXIES`."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted = [networks.parse_network(network) for network in trusted]
        self._known = lru_cache(KNOWN_MAX)(self._find_both)

    def address(self, scope: Scope) -> str | None:
        """The address of the client: the last one on the request's way that is not a trusted proxy."""
        return self.sender(scope)[0]

    def network(self, scope: Scope) -> str:
        """The network of the client's address, which counts as one place (`networks.network`)."""
        return self.sender(scope)[1]

    def sender(self, scope: Scope) -> tuple[str | None, str]:
        """The address and the network of the client."""
        client = scope.get("client")  # the other end of the connection
        forwarded = headers_of(scope).get(b"x-forwarded-for", b"")  # the hops before it, as the header claims
        find = self._known if len(forwarded) <= WAY_MAX else self._find_both
        return find(client[0] if client else None, forwarded)

    def scheme(self, request: Request) -> str:
        """The scheme between the client and us, or the proxy in front of us: `http` or `https`."""
        scheme = request.header(b"x-forwarded-proto")
        peer = networks.parse(request.client.host) if request.client else None
        if scheme in {"http", "https"} and peer is not None and self._trusts(peer):
            return scheme
        return str(request.scope["scheme"])

    def _find(self, peer: str | None, forwarded: bytes) -> str | None:
        """Find the client's address. Each proxy appends the address of its sender, so this reads from the end.

        The first address that is not trusted is the client's. A client can forge everything before it. If all of the
        last `HOPS_MAX` addresses are trusted and there are more, the result is `peer`, the only address that no client
        can forge: a client that sends a long header could choose any other one.
        """
        nearest = networks.parse(peer or "")
        if nearest is None:
            return peer
        hops = forwarded.decode("latin-1").rsplit(",", HOPS_MAX)
        address = nearest
        for hop in reversed(hops[-HOPS_MAX:]):
            before = networks.parse(hop.strip()) if self._trusts(address) else None
            if before is None:
                return str(address)
            address = before
        goes_on = len(hops) > HOPS_MAX and self._trusts(address)
        return str(nearest if goes_on else address)

    def _find_both(self, peer: str | None, forwarded: bytes) -> tuple[str | None, str]:
        address = self._find(peer, forwarded)
        return address, networks.network(address)

    def _trusts(self, address: networks.Address) -> bool:
        return any(address in network for network in self._trusted)
