"""One request and one answer, as thin as they can be: ASGI's own dictionaries with names on them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, quote, unquote_to_bytes

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from doable.core.core import Core
from doable.core.encoding import encode
from doable.errors import Fault, Invalid, TooLarge, UnsupportedMedia
from doable.model import Actor
from doable.rest.parsing import parse

Headers: TypeAlias = Iterable[tuple[bytes, bytes]]

BODY_MAX: Final = 256  # KiB, where an operation says nothing else: a task with the longest texts has 62 at most
PARAMETERS_MAX: Final = 100  # of a query; more would only be work to take apart
JSON: Final = (b"content-type", b"application/json")
WHOLE: Final = "doable.http.response.whole"  # an extension of ASGI: the body, in the message that starts an answer
BODILESS: Final = {204, 304}  # statuses whose answer has neither a body nor its length (RFC 9110 §8.6)
# What stays in a segment besides letters, digits and -._~ (RFC 3986 §3.3); many readers of `Link` split at `;` and `,`.
_PCHARS: Final = "!$&'()*+=:@"
_is_plain: Final = re.compile(rb"(?:[A-Za-z0-9._~/%b-]++|%%[0-9A-Fa-f]{2})*+" % re.escape(_PCHARS.encode())).fullmatch
ACTOR: Final = "doable.actor"  # where in the scope of a request stands who asks, once that is known
BROKEN: Final = "doable.broken"  # in the scope of a request that the server answers should the application not
FIELDS: Final = "doable.fields"  # where in the scope of a request its headers are, by their names


def fields(scope: Scope) -> dict[bytes, bytes]:
    """The headers of a request by their names, joined where one was sent several times (RFC 9110 §5.3)."""
    found: dict[bytes, bytes] | None = scope.get(FIELDS)
    if found is None:
        lines = scope["headers"]
        found = scope[FIELDS] = dict(lines)
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


class Call(Request):
    """A request whose caller is known: `actor` asks for what `owner` owns (himself where the path names nobody)."""

    core: Core
    actor: Actor
    owner: str
    query: Mapping[str, str] = {}
    body_max = BODY_MAX

    def header(self, name: bytes) -> str | None:
        """The header's value; `name` in lower case."""
        value = fields(self.scope).get(name)
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

    async def words(self) -> dict[str, object]:
        """The body, which must be a JSON object. Raises TooLarge, UnsupportedMedia, Invalid."""
        media_type = fields(self.scope).get(b"content-type", b"")
        if media_type != JSON[1] and media_type.partition(b";")[0].strip().lower() != JSON[1]:
            raise UnsupportedMedia
        words = parse(await self.octets())
        if not isinstance(words, dict):
            raise Invalid(Fault("", "not_an_object", "The request body must be a JSON object"))
        return words

    async def octets(self) -> bytes:
        """The whole body. Raises TooLarge as soon as that is known, UnsupportedMedia, and ClientDisconnect."""
        headers = fields(self.scope)
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
        Fault(name, "repeated_parameter", f"Query parameter '{name}' must stand there once")
        for name in times
        if name in known and times[name] > 1
    ]
    return unknown + repeated


class Answer:
    """A response that is sent as it stands."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes = b"", *headers: tuple[bytes, bytes]) -> None:
        self.status = status
        self.body = body
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        headers: list[tuple[bytes, bytes]] = [*self.headers]
        if self.status not in BODILESS:
            headers.append((b"content-length", b"%d" % len(self.body)))
        start = {"type": "http.response.start", "status": self.status, "headers": headers}
        if WHOLE in scope.get("extensions", ()):
            await send({**start, WHOLE: self.body})
        else:
            await send(start)
            await send({"type": "http.response.body", "body": self.body})


def json(status: int, value: Any, *headers: tuple[bytes, bytes]) -> Answer:
    return Answer(status, encode(value), JSON, *headers)
