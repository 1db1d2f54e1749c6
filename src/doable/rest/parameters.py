"""Parameters and headers that several operations have, as the document describes them."""

from typing import Final

from doable.core import cursors
from doable.model import ID_MAX
from doable.rest.shapes import Document, string_header

ID: Final[Document] = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1, "maximum": ID_MAX},
    "example": 1,
}
ETAG: Final[Document] = string_header("The revision of the task, for `If-Match` and `If-None-Match`.")
LIST_ETAG: Final[Document] = string_header("Changes whenever any object of the user changes.")
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
CURSOR: Final[Document] = {
    "name": "cursor",
    "in": "query",
    "description": "Where the page begins. It is part of the URL in the `Link` header of the previous page.",
    "schema": {"type": "string", "pattern": cursors.PATTERN},
}
NEXT_PAGE: Final[Document] = string_header('The URL of the next page, if there is one: `<…>; rel="next"` (RFC 8288).')
