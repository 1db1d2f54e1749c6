"""One operation of the REST door: a FastAPI route, with its full OpenAPI entry, that calls its function directly.

FastAPI would solve dependencies and validate for every request (about 60 µs of CPU); our functions take the request
as it is. What an operation may answer is declared beside it, so that the document and the tests know it. The entry
is made here as well: FastAPI's own generator drops every null, also those in examples.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import msgspec
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from doable import errors, model
from doable.core import access
from doable.core.core import Core
from doable.errors import DoableError, Fault, Invalid, RateLimited
from doable.http import errors as http
from doable.http.authentication import identify
from doable.http.rate_limits import AddressLimit, RateLimits
from doable.http.request import BODY_MAX, Request
from doable.http.response import Response
from doable.rest import idempotency
from doable.rest.problems import problem

Endpoint: TypeAlias = Callable[..., Awaitable[ASGIApp]]
Document: TypeAlias = dict[str, Any]

USER_ID: Final[Document] = {
    "name": "user_id",
    "in": "path",
    "required": True,
    "description": "The id of the user, as in the token, or `me`.",
    "schema": {"type": "string", "minLength": 1},
    "example": "me",
}


def refused(check: Callable[..., object], *said: object) -> DoableError:
    """What `check` says to this: an example for the document, in the words of the code itself."""
    try:
        check(*said)
    except DoableError as error:
        return error
    raise ValueError("nothing here is refused")


@dataclass(frozen=True)
class Spec:
    """What the document tells of an operation, and what is checked before its function runs."""

    method: str
    path: str
    endpoint: Endpoint
    id: str
    tag: str
    summary: str
    scope: model.Scope | None
    answers: Mapping[int, Document]
    raises: Sequence[DoableError]
    parameters: Sequence[Document]
    body: Document | None
    requires_body: bool
    body_max: int
    security: Sequence[Document]
    problem: Callable[[DoableError], Response]


def operation(
    method: str,
    path: str,
    *,
    id: str,
    tag: str,
    summary: str,
    answers: Mapping[int, Document],
    scope: model.Scope | None = None,
    raises: Sequence[DoableError] = (),
    parameters: Sequence[Document] = (),
    body: Document | None = None,
    requires_body: bool = True,
    body_max: int = BODY_MAX,
    security: Sequence[Document] = (),
    problem: Callable[[DoableError], Response] = problem,
    keyed: bool = False,
) -> Callable[[Endpoint], Spec]:
    """Make a function an operation; its docstring is the description.

    With a `scope` the function is called only for a known caller who has it, and only for what they own. Without one
    it is called for every client, and `security` tells the document which credentials it checks itself. `problem`
    shapes its errors. A body has at most `body_max` KiB. One that is `keyed` takes an Idempotency-Key.
    """
    if keyed:
        parameters = [*parameters, idempotency.IDEMPOTENCY_KEY]
        raises = [*raises, *idempotency.REFUSALS]
        answers = {status: idempotency.replayable(answer) for status, answer in answers.items()}
    elif method != "GET":
        raises = [*raises, idempotency.NO_KEY]

    def declare(endpoint: Endpoint) -> Spec:
        if keyed:
            endpoint = idempotency.with_key(endpoint)
        elif method != "GET":
            endpoint = idempotency.without_key(endpoint)
        return Spec(
            method,
            path,
            endpoint,
            id,
            tag,
            summary,
            scope,
            answers,
            raises,
            parameters,
            body,
            requires_body,
            body_max,
            security,
            problem,
        )

    return declare


class OperationRoute(APIRoute):
    """A `Spec` as a route of an application, found by `Routing`."""

    def __init__(self, spec: Spec, core: Core, limits: RateLimits) -> None:
        super().__init__(
            spec.path,
            _for_document,
            methods=[spec.method],
            name=spec.id,
        )
        self.core = core
        self.spec = spec
        self._user_limit = limits.user
        self._query = frozenset(one["name"] for one in spec.parameters if one["in"] == "query")
        by_address = limits.for_tag(spec.tag)
        self.app = self._answer if by_address is None else partial(self._answer_within, by_address)

    async def _answer_within(self, limit: AddressLimit, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            limit.charge_sender(scope)
        except RateLimited as refusal:
            await self.spec.problem(refusal)(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        request.core = self.core
        request.body_max = self.spec.body_max
        required = self.spec.scope
        if required is not None:
            request.actor = actor = await identify(request, self.core.identity)
            if self._user_limit is not None:
                self._user_limit.charge(scope, actor.user_id)
            named = scope["path_params"].get("user_id", "me")
            request.owner = actor.user_id if named == "me" else named
            # The core asks again; asked here too because who may not pass need not be told what is wrong with the form.
            access.require(actor, request.owner, required)
        try:
            if required is not None and scope["query_string"]:
                request.read_query(self._query)
            response = await self.spec.endpoint(request)
        except DoableError as error:
            response = self.spec.problem(error)
        await response(scope, receive, send)


async def _for_document() -> None:
    """What FastAPI sees: an endpoint without parameters; those are declared in the `Spec`."""


def entry(spec: Spec) -> Document:
    """The operation in the document."""
    described: Document = {
        "operationId": spec.id,
        "tags": [spec.tag],
        "summary": spec.summary,
        "description": " ".join((spec.endpoint.__doc__ or "").split()),
        "security": list(spec.security) if spec.scope is None else [{"bearer": [spec.scope.value]}],
        "parameters": [*([USER_ID] if "{user_id}" in spec.path else []), *spec.parameters],
        "responses": _responses(spec),
    }
    if spec.body is not None:
        described["requestBody"] = {
            "description": f"{errors.TooLarge(spec.body_max)}.",
            "required": spec.requires_body,
            "content": {"application/json": spec.body},
        }
    return described


def _responses(spec: Spec) -> Document:
    """Every answer of an operation: its own, and those that any operation may give."""
    raised: list[DoableError] = []
    if spec.scope is not None:
        raised += [errors.Unauthenticated(), errors.TokenExpired(), errors.TokenInvalid()]
        raised += [errors.NotYours()] if "{user_id}" in spec.path else []
        raised += [errors.InsufficientScope(spec.scope), _UNKNOWN_PARAMETER]
    if spec.body is not None or idempotency.IDEMPOTENCY_KEY in spec.parameters:  # A key stands for the body as well.
        raised += [errors.TooLarge(spec.body_max), errors.UnsupportedMedia(is_encoded=True)]
    if spec.body is not None:
        raised += [errors.UnsupportedMedia()]
    responses: Document = {str(status): dict(answer) for status, answer in spec.answers.items()}
    if spec.tag != "health":
        raised += [RateLimited(1)]
    answers = [spec.problem(error) for error in [*raised, *spec.raises, errors.Unavailable(), errors.Overloaded()]]
    for answer in [*answers, *map(problem, _ANY)]:
        example = msgspec.json.decode(answer.body)
        response = responses.setdefault(
            str(answer.status),
            {
                "description": example["title"],
                "content": {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}
                },
            },
        )
        response["content"]["application/problem+json"]["examples"][example["code"]] = {"value": example}
        headers = {name.decode().title(): HEADERS[name] for name, _ in answer.headers if name in HEADERS}
        if headers:
            response.setdefault("headers", {}).update(headers)
    return dict(sorted(responses.items()))


_UNKNOWN_PARAMETER: Final = Invalid(Fault("page", "unknown_parameter", "Unknown query parameter 'page'"))
# The responses that every operation can give.
_ANY: Final = (
    http.MalformedRequest(),
    http.TargetTooLong(),
    http.HeadersTooLarge(),
    http.InternalError(),
    http.TransferCodingUnsupported(),
)
HEADERS: Final[dict[bytes, Document]] = {
    b"accept-encoding": {"description": "`identity`: send the body uncompressed.", "schema": {"type": "string"}},
    b"retry-after": {"description": "Seconds to wait before trying again.", "schema": {"type": "integer"}},
    b"www-authenticate": {"description": "The challenge of RFC 6750 §3.", "schema": {"type": "string"}},
}
