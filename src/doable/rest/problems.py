"""Errors as responses: application/problem+json (RFC 9457), with `error`, a sentence for users."""

from http import HTTPStatus
from typing import Final

import msgspec

from doable import errors
from doable.encoding import encode
from doable.errors import DoableError
from doable.http import errors as http
from doable.http.error_format import ErrorFormat
from doable.http.response import Response

PROBLEM: Final = (b"content-type", b"application/problem+json")

# The nearest ancestor in this table decides. A test checks that every error has one.
STATUS: Final[dict[type[DoableError], int]] = {
    errors.Invalid: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.EmailTaken: 422,  # Like Better Auth.
    errors.Gone: 410,
    errors.Stale: 412,
    errors.TooLarge: 413,
    errors.TooMuch: 413,
    errors.UnsupportedMedia: 415,
    errors.KeyReused: 422,
    errors.OperationSkipped: 424,
    errors.Busy: 429,
    errors.Unavailable: 503,
    errors.Misconfigured: 500,
    http.MalformedRequest: 400,
    http.MethodNotAllowed: 405,
    http.RequestTimeout: 408,
    http.TargetTooLong: 414,
    http.HeadersTooLarge: 431,
    http.InternalError: 500,
    http.TransferCodingUnsupported: 501,
}
# The names of RFC 9110; older Pythons have others.
TITLES: Final = {413: "Content Too Large", 414: "URI Too Long", 422: "Unprocessable Content"}


def status_of(kind: type[DoableError]) -> int:
    return next(STATUS[ancestor] for ancestor in kind.__mro__ if ancestor in STATUS)


def problem(error: DoableError) -> Response:
    """The response to an error."""
    status = status_of(type(error))
    members: dict[str, object] = {}
    headers = []
    if isinstance(error, errors.Invalid | errors.ChangedSince):
        members["errors"] = error.faults
    elif isinstance(error, errors.Unauthenticated | errors.InsufficientScope):
        headers.append((b"www-authenticate", _challenge(error).encode()))
    elif isinstance(error, errors.Stale | errors.LabelTaken) and error.current is not None:
        members["current"] = error.current
    elif isinstance(error, errors.UnsupportedMedia) and error.is_encoded:
        headers.append((b"accept-encoding", b"identity"))  # RFC 9110 §15.5.16
    elif isinstance(error, errors.Busy | errors.Unavailable | errors.RequestInProgress):
        headers.append((b"retry-after", b"%d" % error.retry_after))
    elif isinstance(error, http.MethodNotAllowed):
        headers.append((b"allow", ", ".join(error.allowed).encode()))
    elif isinstance(error, http.InternalError) and error.request_id is not None:
        members["request_id"] = error.request_id
    if error.index is not None:
        members["index"] = error.index
    return _answer(status, error.code, str(error), members, *headers)


def code_of(body: bytes) -> str:
    """The code in the body of an error response."""
    return _decode(body).type.partition("#")[2].replace("-", "_")


class _Problem(msgspec.Struct):
    """`type` has our code for every endpoint. `code` is Better Auth's under `/api/auth`."""

    type: str


_decode: Final = msgspec.json.Decoder(_Problem).decode


def _answer(
    status: int, code: str, sentence: str, members: dict[str, object], *headers: tuple[bytes, bytes]
) -> Response:
    """`code` names a section of docs/errors.md; `sentence` is for people."""
    body = {
        "type": f"/docs/errors#{code.replace('_', '-')}",
        "title": TITLES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "error": sentence,
        "code": code,
        **members,
    }
    return Response(status, encode(body), PROBLEM, *headers)


def _challenge(error: errors.Unauthenticated | errors.InsufficientScope) -> str:
    """RFC 6750 §3: no error code when the request carried no credential at all."""
    challenge = 'Bearer realm="doable"'
    if isinstance(error, errors.InsufficientScope):
        return f'{challenge}, error="insufficient_scope", scope="{error.scope}"'
    if isinstance(error, errors.TokenExpired | errors.TokenInvalid):
        return f'{challenge}, error="invalid_token", error_description="{error}"'
    return challenge


PROBLEMS: Final = ErrorFormat(problem, code_of)
