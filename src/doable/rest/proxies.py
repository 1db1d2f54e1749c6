"""Whom a proxy speaks for. What `X-Forwarded-For` and `X-Forwarded-Proto` say is believed of a proxy that the operator
trusts, and of nobody else: anybody can send them.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final

from starlette.types import Scope

from doable.core import networks
from doable.rest.http import Call

KNOWN_MAX: Final = 4096  # of the ways that requests came, because to work one out takes 10 µs and more


class Proxies:
    """`trusted` are addresses and networks, as in `DOABLE_TRUSTED_PROXIES`."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted = [ip_network(network) for network in trusted]
        self._network = lru_cache(KNOWN_MAX)(self._find_network)

    def address(self, call: Call) -> str | None:
        """Where the request comes from: the last address on its way that is none of our proxies'."""
        return self._find(*_way(call.scope))

    def network(self, scope: Scope) -> str:
        """What counts as one place, for the same address."""
        return self._network(*_way(scope))

    def scheme(self, call: Call) -> str:
        """How the caller speaks to us, or to the proxy before us: `http` or `https`."""
        scheme = call.header(b"x-forwarded-proto")
        if scheme in {"http", "https"} and self._trusts(call.client.host if call.client else None):
            return scheme
        return str(call.scope["scheme"])

    def _find(self, address: str | None, forwarded: bytes) -> str | None:
        way = forwarded.decode("latin-1").split(",")
        while way and self._trusts(address):
            before = way.pop().strip()
            if not _is_address(before):
                break
            address = before
        return address

    def _find_network(self, address: str | None, forwarded: bytes) -> str:
        return networks.network(self._find(address, forwarded))

    def _trusts(self, address: str | None) -> bool:
        if address is None or not _is_address(address):
            return False
        return any(ip_address(address) in network for network in self._trusted)


def _way(scope: Scope) -> tuple[str | None, bytes]:
    """The address at the other end of the connection, and those that are said to be before it."""
    client = scope.get("client")
    forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return client[0] if client else None, b",".join(forwarded)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
