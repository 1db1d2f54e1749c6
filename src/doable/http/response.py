"""A response: a thin layer over the messages of ASGI."""

from typing import Any, Final

from starlette.types import Message, Receive, Scope, Send

from doable.encoding import encode

JSON: Final = (b"content-type", b"application/json")
WHOLE: Final = "doable.http.response.whole"  # an ASGI extension: the start message holds the body too
BODILESS: Final = {204, 304}  # statuses whose response has neither a body nor its length (RFC 9110 §8.6)


class Response:
    """A complete response, not a stream."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes = b"", *headers: tuple[bytes, bytes]) -> None:
        self.status = status
        self.body = body
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        headers: list[tuple[bytes, bytes]] = [*self.headers]
        if self.status not in BODILESS:
            headers.append((b"content-length", b"%d" % len(self.body)))
        start: Message = {"type": "http.response.start", "status": self.status, "headers": headers}
        if WHOLE in scope.get("extensions", ()):
            start[WHOLE] = self.body
            await send(start)
        else:
            await send(start)
            await send({"type": "http.response.body", "body": self.body})


def json(status: int, value: Any, *headers: tuple[bytes, bytes]) -> Response:
    return Response(status, encode(value), JSON, *headers)
