"""Network addresses, and the network of a user."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

TEXT_MAX: Final = 64  # characters; an address with a zone and a port is shorter
MAPPED: Final = IPv6Network("::ffff:0:0/96")  # RFC 4291 §2.5.5.2
# The form of some proxies: an address with a port, and an IPv6 address in brackets (RFC 3986 §3.2.2).
_WITH_PORT: Final = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")


def parse(text: str) -> Address | None:
    """Parse an address from the system or a proxy, without its port. Returns None if the text is no address.

    A socket for IPv4 and IPv6 gives IPv4 addresses as `::ffff:192.0.2.1`. The result is the IPv4 address.
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
    """Parse a network. An address is a network with only this address. Raises ValueError.

    The result is an IPv4 network if the text is one in the form of IPv6.
    """
    found = ip_network(text)
    if isinstance(found, IPv6Network) and found.subnet_of(MAPPED):
        return IPv4Network((int(found.network_address) & 0xFFFFFFFF, found.prefixlen - MAPPED.prefixlen))
    return found


def is_loopback(host: str) -> bool:
    """Whether the host of a URL is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def network(address: str | None) -> str:
    """Return what counts as one place: an IPv4 address, or the /64 of an IPv6 address, which one user has (RFC 6177).

    Returns an empty text if there is no address.
    """
    ip = parse((address or "").partition("%")[0])
    if ip is None:
        return ""
    return str(ip if isinstance(ip, IPv4Address) else IPv6Network((ip, 64), strict=False))
