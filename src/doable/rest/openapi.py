"""The parts of the OpenAPI document that FastAPI's generator drops or does not know.

The generator drops each null, also in examples, and makes floats of the integers that bound a number. It does not know
the bodies, which our functions read themselves, and the responses to errors.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from doable import errors
from doable.errors import DoableError, Fault, Invalid, RateLimited
from doable.http import errors as http
from doable.rest import session, shapes
from doable.rest.auth_shapes import AuthProblem
from doable.rest.change_shapes import ChangeEvent
from doable.rest.idempotency import IDEMPOTENCY_KEY
from doable.rest.operation import USER_ID, OperationRoute
from doable.rest.problems import problem
from doable.rest.shapes import Document

DESCRIPTION: Final = """The task service that every client can share: no lost update, no missed change, no duplicate
on retry. Errors are `application/problem+json` (RFC 9457). Their member `error` is a sentence for users."""
# Parameters of FastAPI.
ABOUT: Final[Document] = {
    "title": "Doable",
    "description": " ".join(DESCRIPTION.split()),
    "license_info": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "servers": [{"url": "/", "description": "This service."}],
}
TAGS: Final = [
    {"name": "tasks", "description": "Create, read, update, complete and delete tasks."},
    {"name": "lists", "description": "Lists of tasks."},
    {"name": "labels", "description": "Labels of tasks."},
    {"name": "filters", "description": "Saved filters."},
    {"name": "trash", "description": "Deleted tasks and lists, which can come back."},
    {"name": "changes", "description": "Follow changes: offline copies, live events, history."},
    {"name": "me", "description": "The current user and their personal access tokens."},
    {"name": "health", "description": "Health checks for load balancers and operators."},
]
AUTH_TAG: Final = {"name": "auth", "description": "The built-in accounts, in the formats of Better Auth."}
SECURITY_SCHEMES: Final[Document] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A JWT from the identity provider, or a personal access token (`dbl_…`).",
    },
}
HEADERS: Final[dict[bytes, Document]] = {
    b"accept-encoding": {"description": "`identity`: send the body uncompressed.", "schema": {"type": "string"}},
    b"retry-after": {"description": "Seconds to wait before trying again.", "schema": {"type": "integer"}},
    b"www-authenticate": {"description": "The challenge of RFC 6750 §3.", "schema": {"type": "string"}},
}
_UNKNOWN_PARAMETER: Final = Invalid(Fault("page", "unknown_parameter", "Unknown query parameter 'page'"))
# The errors of every operation.
_ANY: Final = (
    http.MalformedRequest(),
    http.TargetTooLong(),
    http.HeadersTooLarge(),
    http.InternalError(),
    http.TransferCodingUnsupported(),
)


def complete(document: Document, routes: Sequence[OperationRoute]) -> None:
    """Add what the generator drops or does not know."""
    for route in routes:
        _complete(document["paths"][route.path][route.method.lower()], route)
    used = [part for route in routes for part in _models(route) if part]
    has_accounts = any(route.tags == ["auth"] for route in routes)
    document["components"] = {
        "schemas": shapes.schemas([ChangeEvent, *used]),
        "securitySchemes": SECURITY_SCHEMES | (session.SECURITY_SCHEMES if has_accounts else {}),
    }


def _models(route: OperationRoute) -> list[Any]:
    answered = [response.get("model") for response in route.responses.values()]
    return [route.response_model, route.body and route.body["model"], _problem(route), *answered]


def _problem(route: OperationRoute) -> type[shapes.Problem]:
    return AuthProblem if route.tags == ["auth"] else shapes.Problem


def _complete(entry: Document, route: OperationRoute) -> None:
    entry.update(route.openapi_extra or {})
    responses = entry["responses"]
    for status, response in route.responses.items():
        for media_type, declared in response.get("content", {}).items():
            content = responses[str(status)]["content"][media_type]
            content.update(declared)
            content["schema"].pop("title", None)  # The generator invents one.
    for refusal in [*map(route.problem, _refusals(route)), *map(problem, _ANY)]:
        example = msgspec.json.decode(refusal.body)
        schema = shapes.ref(_problem(route))
        response = responses.setdefault(
            str(refusal.status),
            {
                "description": example["title"],
                "content": {"application/problem+json": {"schema": schema, "examples": {}}},
            },
        )
        response["content"]["application/problem+json"]["examples"][example["code"]] = {"value": example}
        headers = {name.decode().title(): HEADERS[name] for name, _ in refusal.headers if name in HEADERS}
        if headers:
            response.setdefault("headers", {}).update(headers)
    entry["responses"] = dict(sorted(responses.items()))


def _refusals(route: OperationRoute) -> Iterator[DoableError]:
    """The errors that an operation can respond with."""
    if route.scope is not None:
        yield from (errors.Unauthenticated(), errors.TokenExpired(), errors.TokenInvalid())
        if USER_ID in route.parameters:
            yield errors.NotYours()
        yield from (errors.InsufficientScope(route.scope), _UNKNOWN_PARAMETER)
    if route.body is not None or IDEMPOTENCY_KEY in route.parameters:  # With a key, the body is read too.
        yield from (errors.TooLarge(route.body_max), errors.UnsupportedMedia(is_encoded=True))
    if route.body is not None:
        yield errors.UnsupportedMedia()
    if route.tags != ["health"]:
        yield RateLimited(1)
    yield from (*route.raises, errors.Unavailable(), errors.Overloaded())
