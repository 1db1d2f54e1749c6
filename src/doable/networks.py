"""Whose an address is."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

TEXT_MAX: Final = 64  # characters; the longest address with a zone and a port has fewer
MAPPED: Final = IPv6Network("::ffff:0:0/96")  # RFC 4291 §2.5.5.2
# As some proxies tell an address: with the port, and with brackets about an IPv6 one (RFC 3986 §3.2.2).
_WITH_PORT: Final = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")


def parse(text: str) -> Address | None:
    """The address as a system or a proxy tells it, without its port; None for what is no address.

    A socket that listens for both sees IPv4 addresses as IPv6 ones, `::ffff:192.0.2.1`: that is the IPv4 address.
    """
    if len(text) > TEXT_MAX:
        return None
    with_port = _WITH_PORT.fullmatch(text)
    try:
        address = ip_address(with_port[1] or with_port[2] if with_port else text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def parse_network(text: str) -> Network:
    """A network, or an address as the network that has nothing else in it; of IPv4 also when it is written as IPv6.

    Raises ValueError.
    """
    found = ip_network(text)
    if isinstance(found, IPv6Network) and found.subnet_of(MAPPED):
        return IPv4Network((int(found.network_address) & 0xFFFFFFFF, found.prefixlen - MAPPED.prefixlen))
    return found


def network(address: str | None) -> str:
    """What counts as one place: an IPv4 address, or the /64 of an IPv6 one, which is what a user has (RFC 6177)."""
    ip = parse((address or "").partition("%")[0])
    if ip is None:
        return ""
    return str(ip if isinstance(ip, IPv4Address) else IPv6Network((ip, 64), strict=False))
