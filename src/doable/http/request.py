"""A request: a thin layer over the scope of ASGI."""

import re
from collections import Counter
from collections.abc import Container, Mapping
from typing import Final
from urllib.parse import parse_qsl, quote, unquote_to_bytes

from starlette.requests import ClientDisconnect
from starlette.requests import Request as StarletteRequest
from starlette.types import Scope

from doable.core.core import Core
from doable.errors import Fault, Invalid, TooLarge, UnsupportedMedia
from doable.http.json_body import parse
from doable.http.response import JSON
from doable.model import Actor

KIB: Final = 1024
BODY_MAX: Final = 256 * KIB  # unless an operation sets another limit; the longest task takes at most 62 KiB
PARAMETERS_MAX: Final = 100  # of a query; more would only take time to parse
# Not encoded in a path, as are letters, digits and -._~ (RFC 3986 §3.3). Many parsers of `Link` split at `;` and `,`.
_PCHARS: Final = "!$&'()*+=:@"
_is_plain: Final = re.compile(rb"(?:[A-Za-z0-9._~/%b-]++|%%[0-9A-Fa-f]{2})*+" % re.escape(_PCHARS.encode())).fullmatch
# Keys of the scope.
ACTOR: Final = "doable.actor"  # the actor, once they are known
BROKEN: Final = "doable.broken"  # present if the request is incomplete: the server responds unless the application does
HEADERS: Final = "doable.headers"  # the headers by their names


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers of a request by their names. Repeated headers are joined (RFC 9110 §5.3)."""
    found: dict[bytes, bytes] | None = scope.get(HEADERS)
    if found is None:
        lines = scope["headers"]
        found = scope[HEADERS] = dict(lines)
        if len(found) != len(lines):
            found.clear()
            for name, value in lines:
                found[name] = b"%b, %b" % (found[name], value) if name in found else value
    return found


def own_path(scope: Scope) -> str:
    """Return the path of a request for use in a header: fully encoded, even if the request's path is not."""
    path: bytes = scope["raw_path"]
    if _is_plain(path):
        return path.decode()
    return "/".join(quote(unquote_to_bytes(segment), safe=_PCHARS) for segment in path.split(b"/"))


class Request(StarletteRequest):
    """An authenticated request from `actor` about what `owner` owns (the actor if the path names no user)."""

    core: Core
    actor: Actor
    owner: str
    query: Mapping[str, str] = {}
    body_max = BODY_MAX

    def header(self, name: bytes) -> str | None:
        """Return the value of a header, or None. `name` is in lower case."""
        value = headers_of(self.scope).get(name)
        return None if value is None else value.decode("latin-1")

    def read_query(self, known: frozenset[str]) -> None:
        """Parse the query. Raises Invalid with every parameter that is not `known` or is repeated."""
        text = self.scope["query_string"]
        if text.count(b"&") >= PARAMETERS_MAX:
            sentence = f"The query must have {PARAMETERS_MAX} parameters or less"
            raise Invalid(Fault("", "too_many_parameters", sentence))
        parameters = parse_qsl(text.decode("latin-1"), keep_blank_values=True)
        self.query = dict(parameters)
        if len(parameters) > len(self.query) or not known >= self.query.keys():
            raise Invalid(*_parameter_faults(Counter(name for name, _ in parameters), known))

    async def read_object(self, *more_media_types: bytes) -> dict[str, object]:
        """Read the body as a JSON object, whose media type is JSON's or one of `more_media_types`.

        Raises TooLarge, UnsupportedMedia, Invalid, ClientDisconnect.
        """
        self._require_json(more_media_types)
        return _parse_object(await self.read_body())

    async def read_optional_object(self) -> dict[str, object]:
        """Read the body as `read_object`. Without a body, the object is empty."""
        body = await self.read_body()
        if not body:
            return {}
        self._require_json()
        return _parse_object(body)

    def _require_json(self, more: Container[bytes] = ()) -> None:
        media_type = headers_of(self.scope).get(b"content-type", b"")
        if media_type != JSON[1]:
            media_type = media_type.partition(b";")[0].strip().lower()
            if media_type != JSON[1] and media_type not in more:
                raise UnsupportedMedia

    async def read_body(self) -> bytes:
        """Read the whole body. Raises TooLarge as early as possible, UnsupportedMedia, and ClientDisconnect."""
        headers = headers_of(self.scope)
        most = self.body_max
        if int(headers.get(b"content-length", 0)) > most:  # `framing` made sure that it is a number.
            raise TooLarge(most)
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            raise UnsupportedMedia(is_encoded=True)
        receive = self.receive
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect  # RFC 9112 §8: an incomplete request is not acted on.
            part = message.get("body", b"")
            if len(body) + len(part) > most:
                raise TooLarge(most)
            body += part
            if not message.get("more_body"):
                return bytes(body)


def _parse_object(body: bytes) -> dict[str, object]:
    value = parse(body)
    if not isinstance(value, dict):
        raise Invalid(Fault("", "not_an_object", "The request body must be a JSON object"))
    return value


def _parameter_faults(times: Mapping[str, int], known: frozenset[str]) -> list[Fault]:
    unknown = [
        Fault(name, "unknown_parameter", f"Unknown query parameter '{name}'") for name in times if name not in known
    ]
    repeated = [
        Fault(name, "repeated_parameter", f"Query parameter '{name}' appears more than once")
        for name in times
        if name in known and times[name] > 1
    ]
    return unknown + repeated
