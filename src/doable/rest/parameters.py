"""Parameters and headers that several operations have, as the document describes them."""

from collections.abc import Mapping, Sequence
from typing import Final

from doable.core import cursors
from doable.errors import Fault, Invalid
from doable.http.request import Request
from doable.http.response import Response
from doable.model import ID_MAX
from doable.rest.shapes import Document, string_header
from doable.zones import NAMES

ID: Final[Document] = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1, "maximum": ID_MAX},
    "example": 1,
}
ETAG: Final[Document] = string_header("The revision of the task, for `If-Match` and `If-None-Match`.")
LIST_ETAG: Final[Document] = string_header(
    "Changes whenever any object of the user changes. Absent where the time of the day decides, as for `overdue`."
)
# RFC 9110 §8.8.3 and §5.6.1: a list may be empty and may have empty places.
TAGS: Final[Document] = {
    "type": "string",
    "pattern": r'^(\*|[ \t]*((W/)?"[!#-~\u0080-\u00ff]*"[ \t]*)?(,[ \t]*((W/)?"[!#-~\u0080-\u00ff]*"[ \t]*)?)*)$',
}
IF_MATCH: Final[Document] = {
    "name": "If-Match",
    "in": "header",
    "description": 'Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412.',
    "schema": TAGS,
}
IF_NONE_MATCH: Final[Document] = {
    "name": "If-None-Match",
    "in": "header",
    "description": 'The `ETag` of the version that you have, such as `"7"`. If nothing changed: 304.',
    "schema": TAGS,
}
NOT_MODIFIED: Final[Document] = {"description": "Nothing changed.", "headers": {"ETag": ETAG}}
PERMANENT: Final[Document] = {
    "name": "permanent",
    "in": "query",
    "description": "`true`: delete permanently, and not to the trash.",
    "schema": {"type": "string", "enum": ["true", "false"]},
}
DELETED: Final[Document] = {"X-Revision": string_header("A revision of the deletion, with which you can undo it.")}
CURSOR: Final[Document] = {
    "name": "cursor",
    "in": "query",
    "description": "Where the page begins. It is part of the URL in the `Link` header of the previous page.",
    "schema": {"type": "string", "pattern": cursors.PATTERN},
}
TIME_ZONE: Final[Document] = {
    "name": "time_zone",
    "in": "query",
    "description": "The time zone of the viewer, whose day is today. By default: that of the user's settings.",
    "schema": {"type": "string", "enum": sorted(NAMES)},
}
NEXT_PAGE: Final[Document] = string_header('The URL of the next page, if there is one: `<…>; rel="next"` (RFC 8288).')
PARAMETERS: Final[Mapping[str, Sequence[str]]] = {
    "merge": ("true", "false"),
    "permanent": ("true", "false"),
    "tasks": ("keep",),
}


def has(request: Request, name: str, value: str) -> bool:
    """Whether a parameter has this value. Raises Invalid for any value that the document does not name."""
    given, allowed = request.query.get(name), PARAMETERS[name]
    if given is not None and given not in allowed:
        sentence = f"Parameter '{name}' must be {' or '.join(allowed)}"
        raise Invalid(Fault(name, "invalid_parameter", sentence))
    return given == value


def deleted(revision: int) -> Response:
    """The response to a deletion."""
    return Response(204, b"", (b"x-revision", b"%d" % revision))
