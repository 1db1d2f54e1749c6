"""The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): around any operation that writes."""

import re
from collections.abc import Awaitable, Callable
from functools import wraps
from hashlib import sha256
from typing import Final, TypeAlias, cast

import msgspec
from starlette.types import ASGIApp, Message

from doable.core.core import Core
from doable.errors import DoableError, Fault, Invalid, KeyReused, LimitReached, RequestInProgress
from doable.http.request import Request
from doable.http.response import Response
from doable.model import KeptResponse, Scope
from doable.rest import kept_responses
from doable.rest.problems import problem
from doable.rest.shapes import Document, string_header

Endpoint: TypeAlias = Callable[..., Awaitable[ASGIApp]]

KEY_MAX: Final = 255
IDEMPOTENCY_KEY: Final[Document] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A new string for each write, such as a UUID:"
    ' `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key'
    " until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same"
    " response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks.",
    "schema": {"type": "string", "pattern": r'^("[ !#-\[\]-~]{1,255}"|[!#-+\--:<-\[\]-~]{1,255})$'},
}
REPLAYED: Final = string_header("`true` if this is the response to an earlier request with the same `Idempotency-Key`.")
BAD_KEY: Final = Invalid(
    Fault(
        "Idempotency-Key", "invalid_key", f'Idempotency-Key must be a string of 1 to {KEY_MAX} characters, "like this"'
    )
)
NO_KEY: Final = Invalid(
    Fault("Idempotency-Key", "key_not_supported", "This operation does not support Idempotency-Key")
)
REFUSALS: Final = [BAD_KEY, RequestInProgress(), KeyReused()]

# RFC 8941 §3.3.3: a string. Many clients leave out the quotes, so an unambiguous text without them is accepted too.
_STRING: Final = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BARE: Final = re.compile(r"[!#-+\--:<-\[\]-~]+")
# Two requests are different if these headers differ, also with the same method, path and body.
_HEADERS: Final = (b"content-type", b"if-match", b"if-none-match")
# These depend on the caller or the moment, and not on the request, so a repeated request runs again.
_NOT_KEPT: Final = {401, 403, 429, 500, 503}


def replayable(response: Document) -> Document:
    """Describe a response that can be replayed."""
    return {**response, "headers": {**response.get("headers", {}), "Idempotency-Replayed": REPLAYED}}


def with_key(endpoint: Endpoint) -> Endpoint:
    """Let an operation take effect once for each key. Without the header, nothing changes."""

    async def once(request: Request, key: str) -> ASGIApp:
        body = await request.read_body()

        async def act(core: Core) -> KeptResponse:
            return await _response_of(endpoint, _again(request, core, body))

        kept, is_replayed = await request.core.once(
            request.actor, key, _fingerprint(request, body), act, _refuse, _shortened
        )
        headers = [(name.encode(), value.encode()) for name, value in kept.headers.items()]
        if not is_replayed:
            return Response(kept.status, kept.body, *headers)
        return Response(kept.status, await _whole(request, kept.body), *headers, (b"idempotency-replayed", b"true"))

    @wraps(endpoint)
    def response(request: Request) -> Awaitable[ASGIApp]:
        header = request.header(b"idempotency-key")
        return endpoint(request) if header is None else once(request, _key(header))

    return response


def without_key(endpoint: Endpoint) -> Endpoint:
    """Refuse a key: a response that contains a secret, or that has no user, can't be repeated."""

    @wraps(endpoint)
    def response(request: Request) -> Awaitable[ASGIApp]:
        if request.header(b"idempotency-key") is not None:
            raise Invalid(*NO_KEY.faults)
        return endpoint(request)

    return response


def _key(header: str) -> str:
    quoted = _STRING.fullmatch(header.strip())
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else header.strip()
    if not 1 <= len(key) <= KEY_MAX or not (quoted or _BARE.fullmatch(key)):
        raise Invalid(*BAD_KEY.faults)
    return key


def _fingerprint(request: Request, body: bytes) -> bytes:
    scope = request.scope
    headers = [(request.header(name) or "").encode("latin-1") for name in _HEADERS]
    digest = sha256()
    # A client that may not read must not get a response that was made for one that may.
    blind = () if Scope.READ in request.actor.scopes else (b"",)
    for part in (scope["method"].encode(), scope["raw_path"], scope["query_string"], *headers, body, *blind):
        digest.update(b"%d:%b" % (len(part), part))
    return digest.digest()


def _again(request: Request, core: Core, body: bytes) -> Request:
    """The same request, with a body that can be read again."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    again = Request(request.scope, receive)
    again.core, again.actor, again.owner = core, request.actor, request.owner
    again.query, again.body_max = request.query, request.body_max
    return again


async def _response_of(endpoint: Endpoint, request: Request) -> KeptResponse:
    return _kept(cast(Response, await endpoint(request)))


def _refuse(error: DoableError) -> KeptResponse:
    response = problem(error)
    if response.status in _NOT_KEPT or isinstance(error, LimitReached):
        raise error
    return _kept(response)


def _kept(response: Response) -> KeptResponse:
    return KeptResponse(
        response.status, {name.decode(): value.decode() for name, value in response.headers}, response.body
    )


def _shortened(kept: KeptResponse) -> KeptResponse:
    return msgspec.structs.replace(kept, body=kept_responses.shortened(kept.body))


async def _whole(request: Request, kept: bytes) -> bytes:
    ids = kept_responses.ids(kept)
    if ids is None:
        return kept
    return kept_responses.whole(kept, await request.core.tasks.written(request.actor, ids) if ids else [])
