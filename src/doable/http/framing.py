"""Rejects ambiguous requests, which two parsers could read differently, before anything else reads them.

A proxy in front of us may have parsed the same bytes differently, and the ASGI server may not check them. So the
application checks every request itself, with any server.
"""

import re
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv6Address
from typing import Final

from starlette.types import Scope

from doable.errors import DoableError
from doable.http.errors import HeadersTooLarge, MalformedRequest, TargetTooLong, TransferCodingUnsupported
from doable.http.request import HEADERS, headers_of

LINES_MAX: Final = 100  # header lines; a browser behind several proxies sends about 40
# Bytes of path and query. RFC 9112 §3 recommends at least 8000. The longest filter and search together have 15 KiB
# if each character takes four bytes, and a cursor has 2 KiB.
TARGET_MAX: Final = 20 * 1024
DIGITS_MAX: Final = 18  # of a Content-Length (RFC 9110 §8.6); no body is longer
HOSTS_MAX: Final = 64
HOST_MAX: Final = 261  # characters: the longest DNS name, a colon and a port

_VERSIONS: Final = {"1.0", "1.1", "2", "3"}
_NAME: Final = rb"[A-Za-z0-9._~!$&'()*+,;=-]"
# RFC 9110 §7.2 and RFC 3986 §3.2.2: uri-host [":" port]. The name must not be empty.
_HOST: Final = re.compile(
    rb"(?:(?:%b|%%[0-9A-Fa-f]{2})(?:%b++|%%[0-9A-Fa-f]{2})*+|\[([0-9A-Fa-f:.]++)\])(?::[0-9]{0,5})?" % (_NAME, _NAME)
)
# Headers that we use and that have only one value. A second line could come from another sender (RFC 9110 §5.3).
_SINGLE: Final = (
    "Host",
    "Content-Length",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "Last-Event-ID",
    "Origin",
    "Referer",
    "Access-Control-Request-Method",
)
_known_hosts: Final[set[bytes]] = set()  # the well-formed ones; a service has one or two names


def refusal(scope: Scope) -> DoableError | None:
    """Return the error if the request is ambiguous, malformed or too large, else None."""
    lines = scope["headers"]
    if len(lines) > LINES_MAX:
        scope[HEADERS] = {}  # Don't read them: the time to join equal ones grows with the square of their size.
        return HeadersTooLarge()
    found = headers_of(scope)
    if len(scope["raw_path"]) + len(scope["query_string"]) > TARGET_MAX:
        return TargetTooLong()
    if (
        len(found) == len(lines)
        and found.get(b"host") in _known_hosts
        and scope["http_version"] in _VERSIONS
        and b"content-length" not in found
        and b"transfer-encoding" not in found
    ):
        return None  # The fast path for almost all requests takes a third of the time of the full check.
    return _judge(scope, found)


def _judge(scope: Scope, found: Mapping[bytes, bytes]) -> DoableError | None:
    fault = _fault(scope, found)
    if fault is not None:
        return MalformedRequest(fault)
    coding = found.get(b"transfer-encoding")
    if coding is not None and coding.lower() != b"chunked":  # RFC 9112 §6.1
        return TransferCodingUnsupported()
    return None


def _fault(scope: Scope, found: Mapping[bytes, bytes]) -> str | None:
    """Return a sentence about what is malformed, or None."""
    version, host = scope["http_version"], found.get(b"host")
    if len(found) != len(scope["headers"]) and (repeated := _find_repeated(scope)):
        return f"A request can have only one {repeated} header"
    if version not in _VERSIONS:
        return "The version of HTTP must be 1.0, 1.1, 2 or 3"
    if host is None:
        if version == "1.1":  # HTTP/1.0 has no Host header; HTTP/2 and 3 have `:authority` instead.
            return "The request must have a Host header"
    elif host not in _known_hosts and not _is_host(host):
        return "The Host header must be a name or an address, with or without a port"
    return _body_fault(version, found) if b"content-length" in found or b"transfer-encoding" in found else None


def _body_fault(version: str, found: Mapping[bytes, bytes]) -> str | None:
    """RFC 9112 §6.1 and §6.3: only one header may define where the body ends."""
    length = found.get(b"content-length")
    if length is None:
        return None if version == "1.1" else "Only HTTP/1.1 has Transfer-Encoding"
    if b"transfer-encoding" in found:
        return "A request can't have both Content-Length and Transfer-Encoding"
    if length.isdigit() and len(length) <= DIGITS_MAX:
        return None
    return f"Content-Length must be a number of 1 to {DIGITS_MAX} digits"


def _find_repeated(scope: Scope) -> str | None:
    """Return the name of a repeated header that may have only one value, or None."""
    names = [name for name, _ in scope["headers"]]
    return next((name for name in _SINGLE if names.count(name.lower().encode()) > 1), None)


def _is_host(host: bytes) -> bool:
    found = _HOST.fullmatch(host)
    if found is None or len(host) > HOST_MAX:
        return False
    if found[1] is not None:
        try:
            IPv6Address(found[1].decode())
        except AddressValueError:
            return False
    if len(_known_hosts) >= HOSTS_MAX:
        _known_hosts.clear()
    _known_hosts.add(host)
    return True
