"""Whom a proxy speaks for. What `X-Forwarded-For` and `X-Forwarded-Proto` say is believed of a proxy that the operator
trusts, and of nobody else: anybody can send them.
"""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from doable.rest.http import Call


class Proxies:
    """`networks` are addresses and networks, as in `DOABLE_TRUSTED_PROXIES`."""

    def __init__(self, networks: Sequence[str]) -> None:
        self._networks = [ip_network(network) for network in networks]

    def address(self, call: Call) -> str | None:
        """Where the request comes from: the last address on its way that is none of our proxies'."""
        address = call.client.host if call.client else None
        way = (call.header(b"x-forwarded-for") or "").split(",")
        while way and self._trusts(address):
            before = way.pop().strip()
            if not _is_address(before):
                break
            address = before
        return address

    def scheme(self, call: Call) -> str:
        """How the caller speaks to us, or to the proxy before us: `http` or `https`."""
        scheme = call.header(b"x-forwarded-proto")
        if scheme in {"http", "https"} and self._trusts(call.client.host if call.client else None):
            return scheme
        return str(call.scope["scheme"])

    def _trusts(self, address: str | None) -> bool:
        if address is None or not _is_address(address):
            return False
        return any(ip_address(address) in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
