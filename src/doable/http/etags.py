"""Conditional requests (RFC 9110 §13): the ETags of objects and of lists, and the preconditions of a request."""

import re
from collections.abc import Sequence
from typing import Any, Final
from zlib import crc32

from doable.core import access
from doable.core.objects import ObjectService
from doable.errors import Fault, Invalid, Stale
from doable.http.request import Request
from doable.model import ID_MAX

TAGS_MAX: Final = 8192  # characters; a longer list takes longer to parse: 15 ms for 64 KiB
_TAG: Final = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_TAGS: Final = re.compile(rf"[ \t]*(?:{_TAG.pattern}[ \t]*)?(?:,[ \t]*(?:{_TAG.pattern}[ \t]*)?)*")
_REVISION: Final = re.compile(r"[0-9]{1,19}")


def object_tag(revision: int) -> tuple[bytes, bytes]:
    """A strong ETag: an object never has the same revision twice."""
    return b"etag", b'"%d"' % revision


def list_tag(version: str, query: bytes) -> str:
    return f'"{version}-{crc32(query):08x}"'


def is_unchanged(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` contains the tag, by weak comparison (RFC 9110 §13.1.2). Raises Invalid."""
    header = request.header(b"if-none-match")
    if header is None:
        return False
    if header == tag:
        return True
    tags = _tags("If-None-Match", header)
    return tags is None or tag.strip('"') in {opaque for _, opaque in tags}


async def revisions(request: Request, service: ObjectService[Any], id: int) -> Sequence[int] | None:
    """Return the revisions of an object that the request may change. None allows any, an empty list allows none.

    `If-Match` ignores weak tags (RFC 9110 §13.1.1). Raises Invalid, NotFound, and Stale if `If-None-Match` contains the
    current revision (§13.1.2).
    """
    header = request.header(b"if-match")
    tags = None if header is None else _tags("If-Match", header)
    wanted = None if tags is None else _revisions([opaque for weak, opaque in tags if not weak])
    header = request.header(b"if-none-match")
    if header is None:
        return wanted
    unwanted = _tags("If-None-Match", header)
    found = await service.get_to_write(request.actor, request.owner, id)
    if unwanted is None or str(found.revision) in {opaque for _, opaque in unwanted}:
        raise Stale(access.readable(request.actor, found), noun=service.kind.name)
    return [found.revision] if wanted is None or found.revision in wanted else wanted


def _tags(name: str, header: str) -> list[tuple[str, str]] | None:
    """Return pairs of weakness and opaque tag, or None for `*`. Raises Invalid."""
    if header.strip() == "*":
        return None
    if len(header) > TAGS_MAX or not _TAGS.fullmatch(header):
        raise Invalid(Fault(name, "invalid_header", f'{name} must be * or tags in double quotes, such as "7"'))
    return _TAG.findall(header)


def _revisions(opaque: Sequence[str]) -> list[int]:
    return [int(tag) for tag in opaque if _REVISION.fullmatch(tag) and int(tag) <= ID_MAX]
