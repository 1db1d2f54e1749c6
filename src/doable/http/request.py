"""One request, as thin as it can be: ASGI's own dictionary with names on it."""

import re
from collections import Counter
from collections.abc import Mapping
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

BODY_MAX: Final = 256  # KiB, where an operation says nothing else: a task with the longest texts has 62 at most
PARAMETERS_MAX: Final = 100  # of a query; more would only be work to take apart
# What a segment keeps apart from letters, digits and -._~ (RFC 3986 §3.3); many readers of `Link` split at `;` and `,`.
_PCHARS: Final = "!$&'()*+=:@"
_is_plain: Final = re.compile(rb"(?:[A-Za-z0-9._~/%b-]++|%%[0-9A-Fa-f]{2})*+" % re.escape(_PCHARS.encode())).fullmatch
ACTOR: Final = "doable.actor"  # where the scope of a request holds its actor, once that is known
BROKEN: Final = "doable.broken"  # in the scope of a request that the server answers should the application not
HEADERS: Final = "doable.headers"  # where in the scope of a request its headers are, by their names


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """The headers of a request by their names, joined where one was sent several times (RFC 9110 §5.3)."""
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
    """The path that was asked for, as it may stand in a header: encoded in full, also where the request was not."""
    path: bytes = scope["raw_path"]
    if _is_plain(path):
        return path.decode()
    return "/".join(quote(unquote_to_bytes(segment), safe=_PCHARS) for segment in path.split(b"/"))


class Request(StarletteRequest):
    """A request whose caller is known: `actor` asks for what `owner` owns (the actor where the path names no user)."""

    core: Core
    actor: Actor
    owner: str
    query: Mapping[str, str] = {}
    body_max = BODY_MAX

    def header(self, name: bytes) -> str | None:
        """The header's value; `name` in lower case."""
        value = headers_of(self.scope).get(name)
        return None if value is None else value.decode("latin-1")

    def read_query(self, known: frozenset[str]) -> None:
        """Raises Invalid, with every parameter that is not `known` or stands there twice."""
        text = self.scope["query_string"]
        if text.count(b"&") >= PARAMETERS_MAX:
            sentence = f"The query must have {PARAMETERS_MAX} parameters or less"
            raise Invalid(Fault("", "too_many_parameters", sentence))
        parameters = parse_qsl(text.decode("latin-1"), keep_blank_values=True)
        self.query = dict(parameters)
        if len(parameters) > len(self.query) or not known >= self.query.keys():
            raise Invalid(*_parameter_faults(Counter(name for name, _ in parameters), known))

    async def read_object(self) -> dict[str, object]:
        """The body, which must be a JSON object. Raises TooLarge, UnsupportedMedia, Invalid."""
        media_type = headers_of(self.scope).get(b"content-type", b"")
        if media_type != JSON[1] and media_type.partition(b";")[0].strip().lower() != JSON[1]:
            raise UnsupportedMedia
        words = parse(await self.read_body())
        if not isinstance(words, dict):
            raise Invalid(Fault("", "not_an_object", "The request body must be a JSON object"))
        return words

    async def read_body(self) -> bytes:
        """The whole body. Raises TooLarge as soon as that is known, UnsupportedMedia, and ClientDisconnect."""
        headers = headers_of(self.scope)
        most = self.body_max * 1024
        if int(headers.get(b"content-length", 0)) > most:  # It is a number, as `framing` has seen.
            raise TooLarge(self.body_max)
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            raise UnsupportedMedia(is_encoded=True)
        receive = self.receive
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect  # RFC 9112 §8: half of a request asks for nothing.
            part = message.get("body", b"")
            if len(body) + len(part) > most:
                raise TooLarge(self.body_max)
            body += part
            if not message.get("more_body"):
                return bytes(body)


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
