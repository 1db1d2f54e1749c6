"""Parameters and headers that several operations have, as the document describes them."""

from typing import Final

from doable.model import ID_MAX
from doable.rest.shapes import Document, string_header

TASK_ID: Final[Document] = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1, "maximum": ID_MAX},
    "example": 1,
}
ETAG: Final[Document] = string_header("The revision of the task, for `If-Match` and `If-None-Match`.")
LIST_ETAG: Final[Document] = string_header("Changes whenever anything of the user's does.")
# RFC 9110 §8.8.3 and §5.6.1: a list may be empty and may have empty places.
TAGS: Final[Document] = {
    "type": "string",
    "pattern": r'^(\*|[ \t]*((W/)?"[!#-~\u0080-\u00ff]*"[ \t]*)?(,[ \t]*((W/)?"[!#-~\u0080-\u00ff]*"[ \t]*)?)*)$',
}
IF_MATCH: Final[Document] = {
    "name": "If-Match",
    "in": "header",
    "description": 'Change the task only if it is still the one with this `ETag`, such as `"7"`; else 412.',
    "schema": TAGS,
}
IF_NONE_MATCH: Final[Document] = {
    "name": "If-None-Match",
    "in": "header",
    "description": 'The `ETag` of what the caller has already, such as `"7"`: 304 if it is still that.',
    "schema": TAGS,
}
NOT_MODIFIED: Final[Document] = {"description": "It is still what the caller has.", "headers": {"ETag": ETAG}}
