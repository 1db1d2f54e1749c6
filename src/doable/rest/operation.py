"""The operations of the REST API: routes of FastAPI, whose functions are called directly (decision 6).

FastAPI would solve dependencies and validate for each request. Our functions take the request as it is and read from it
what they need.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final, TypeAlias, TypeVar

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from doable import model
from doable.core import access
from doable.core.core import Core
from doable.core.identity import Identity
from doable.errors import DoableError, RateLimited, TooLarge
from doable.http.authentication import identify
from doable.http.rate_limits import AddressLimit, RateLimits
from doable.http.request import BODY_MAX, Request
from doable.http.response import Response
from doable.rest import idempotency
from doable.rest.idempotency import IDEMPOTENCY_KEY, Endpoint
from doable.rest.problems import problem
from doable.rest.shapes import Document, ref

Function = TypeVar("Function", bound=Endpoint)
Identify: TypeAlias = Callable[[Request, Identity], Awaitable[model.Actor]]
Problem: TypeAlias = Callable[[DoableError], Response]

USER_ID: Final[Document] = {
    "name": "user_id",
    "in": "path",
    "required": True,
    "description": "The id of the user, as in the token, or `me`.",
    "schema": {"type": "string", "minLength": 1},
    "example": "me",
}


def refused(check: Callable[..., object], *said: object) -> DoableError:
    """The error that `check` raises for these arguments, as an example for the document."""
    try:
        check(*said)
    except DoableError as error:
        return error
    raise ValueError("nothing here is refused")


class OperationRoute(APIRoute):
    """A declared operation; see `Router`."""

    def __init__(
        self,
        path: str,
        function: Endpoint,
        *,
        method: str,
        max_body_size: int,
        problem: Problem,
        responses: dict[int | str, Document],
        scope: model.Scope | None = None,
        parameters: Sequence[Document] = (),
        body: Document | None = None,
        keyed: bool = False,
        identify: Identify = identify,
        raises: Sequence[DoableError] = (),
        response_model: Any = None,
        openapi_extra: Document | None = None,
        description: str | None = None,
        **declared: Any,
    ) -> None:
        if keyed:
            function = idempotency.with_key(function)
            parameters = [*parameters, IDEMPOTENCY_KEY]
            raises = [*raises, *idempotency.REFUSALS]
            responses = {status: idempotency.replayable(response) for status, response in responses.items()}
        elif method != "GET":
            function = idempotency.without_key(function)
            raises = [*raises, idempotency.NO_KEY]
        self.method = method
        self.body_max = max_body_size
        self.problem = problem
        self.scope = scope
        self.identify = identify
        self.parameters = [USER_ID, *parameters] if "{user_id}" in path else [*parameters]
        self.body = body
        self.raises = raises
        security = [] if scope is None else [{"bearer": [scope.value]}]
        described: Document = {"security": security, "parameters": self.parameters}
        if body is not None:
            described["requestBody"] = _request_body(body, max_body_size)
        super().__init__(
            path,
            function,
            methods=[method],
            description=" ".join((description or function.__doc__ or "").split()),
            responses=responses,
            response_model=response_model,
            openapi_extra=described | (openapi_extra or {}),
            **declared,
        )


def _request_body(body: Document, most: int) -> Document:
    content = {"schema": ref(body["model"]), "example": body["example"]}
    media_types = ["application/json", *(more.decode() for more in body.get("more_media_types", ()))]
    is_required = not body.get("optional", False)
    return {
        "description": f"{TooLarge(most)}.",
        "required": is_required,
        "content": dict.fromkeys(media_types, content),
    }


class Router(APIRouter):
    """FastAPI's router, for functions that take our `Request` and nothing else.

    You declare an operation as in FastAPI. These are the keywords for what FastAPI would read from the signature of the
    function, or has no word for:

    - `scope`: the function is called only for a known caller who has this scope. Without it, the function is called for
      every client, and `openapi_extra` says which `security` it checks.
    - `parameters`: as OpenAPI describes them. With a `scope`, other query parameters are refused.
    - `body`: a dictionary with the `model`, an `example`, any `more_media_types` than JSON's, and `optional` if a body
      can be left out. It has at most `max_body_size` bytes.
    - `identify`: how the caller is known, if not by the Authorization header alone.
    - `keyed`: the operation takes an Idempotency-Key. Other operations that write refuse it.
    - `raises`: the errors of this operation, as examples for the document. `problem` makes the responses to them.
    """

    def __init__(self, *, tags: list[str], max_body_size: int = BODY_MAX, problem: Problem = problem) -> None:
        super().__init__()
        self._common = {"tags": tags, "max_body_size": max_body_size, "problem": problem}

    @property
    def operations(self) -> list[OperationRoute]:
        return [route for route in self.routes if isinstance(route, OperationRoute)]

    def get(self, path: str, **declared: Any) -> Callable[[Function], Function]:
        return self._declare(path, method="GET", **declared)

    def post(self, path: str, **declared: Any) -> Callable[[Function], Function]:
        return self._declare(path, method="POST", **declared)

    def put(self, path: str, **declared: Any) -> Callable[[Function], Function]:
        return self._declare(path, method="PUT", **declared)

    def patch(self, path: str, **declared: Any) -> Callable[[Function], Function]:
        return self._declare(path, method="PATCH", **declared)

    def delete(self, path: str, **declared: Any) -> Callable[[Function], Function]:
        return self._declare(path, method="DELETE", **declared)

    def _declare(self, path: str, **declared: Any) -> Callable[[Function], Function]:
        def declare(function: Function) -> Function:
            self.routes.append(OperationRoute(path, function, **{**self._common, **declared}))
            return function

        return declare


class Operation:
    """An operation of one application, found by `Routing`."""

    def __init__(self, route: OperationRoute, core: Core, limits: RateLimits) -> None:
        self.route = route
        self._endpoint = route.endpoint
        self._scope = route.scope
        self._identify = route.identify
        self._problem = route.problem
        self._body_max = route.body_max
        self._query = frozenset(one["name"] for one in route.parameters if one["in"] == "query")
        self._core = core
        self._user_limit = limits.user
        by_address = limits.for_tag(str(route.tags[0]))
        self.app: ASGIApp = self._respond if by_address is None else partial(self._respond_within_limit, by_address)

    async def _respond_within_limit(self, limit: AddressLimit, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            limit.charge_sender(scope)
        except RateLimited as refusal:
            await self._problem(refusal)(scope, receive, send)
        else:
            await self._respond(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        request.core = self._core
        request.body_max = self._body_max
        required = self._scope
        if required is not None:
            request.actor = actor = await self._identify(request, self._core.identity)
            if self._user_limit is not None:
                self._user_limit.charge(scope, actor.user_id)
            named = scope["path_params"].get("user_id", "me")
            request.owner = actor.user_id if named == "me" else named
            # The core checks again. A client without permission must not learn which fields are valid.
            access.require(actor, request.owner, required)
        try:
            if required is not None and scope["query_string"]:
                request.read_query(self._query)
            response = await self._endpoint(request)
        except DoableError as error:
            response = self._problem(error)
        await response(scope, receive, send)
