"""Whom a proxy speaks for. What `X-Forwarded-For` and `X-Forwarded-Proto` say is believed of a proxy that the operator
trusts, and of no other client: every client can send them.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from starlette.types import Scope

from doable import networks
from doable.http.request import Request, headers_of

HOPS_MAX: Final = 32  # addresses of one way that are looked at; more than a few are a loop or an attempt
KNOWN_MAX: Final = 4096  # of the ways that requests came, because to work one out takes 10 µs and more
WAY_MAX: Final = 256  # characters of a way that is kept, so that all of them take 3 MB at most; most ways have 40


class Proxies:
    """`trusted` are addresses and networks, as in `DOABLE_TRUSTED_PROXIES`."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted = [networks.parse_network(network) for network in trusted]
        self._known = lru_cache(KNOWN_MAX)(self._find_both)

    def address(self, scope: Scope) -> str | None:
        """Where the request comes from: the last address on its way that is none of our proxies'."""
        return self.sender(scope)[0]

    def network(self, scope: Scope) -> str:
        """What counts as one place, for the same address."""
        return self.sender(scope)[1]

    def sender(self, scope: Scope) -> tuple[str | None, str]:
        """Both."""
        client = scope.get("client")  # the other end of the connection
        forwarded = headers_of(scope).get(b"x-forwarded-for", b"")  # those that are said to be before it
        find = self._known if len(forwarded) <= WAY_MAX else self._find_both
        return find(client[0] if client else None, forwarded)

    def scheme(self, request: Request) -> str:
        """How the caller speaks to us, or to the proxy before us: `http` or `https`."""
        scheme = request.header(b"x-forwarded-proto")
        peer = networks.parse(request.client.host) if request.client else None
        if scheme in {"http", "https"} and peer is not None and self._trusts(peer):
            return scheme
        return str(request.scope["scheme"])

    def _find(self, peer: str | None, forwarded: bytes) -> str | None:
        """Each proxy adds the address that it heard from at the end, so the way is read from there.

        What stands before the first address that is not trusted may be anybody's invention, and is not looked at. When
        there is no such address among the last `HOPS_MAX`, the peer counts: it is the one address on the way that
        no client can invent. The farthest one looked at would be the choice of the client that made the way long.
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
