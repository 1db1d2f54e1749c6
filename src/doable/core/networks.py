"""Whose an address is."""

from ipaddress import IPv4Address, IPv6Network, ip_address


def network(address: str | None) -> str:
    """What counts as one place: an IPv4 address, or the /64 of an IPv6 one, which is what a user has (RFC 6177)."""
    try:
        ip = ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(ip, IPv4Address) or ip.ipv4_mapped:
        return str(ip if isinstance(ip, IPv4Address) else ip.ipv4_mapped)
    return str(IPv6Network((ip, 64), strict=False))
