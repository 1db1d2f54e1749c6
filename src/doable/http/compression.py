"""Large responses in fewer bytes, for clients that accept gzip (RFC 9110 §8.4)."""

import zlib
from asyncio import to_thread
from typing import Final

from doable.http.accept import BY_CODING, IDENTITY, best_coding
from doable.http.request import Request, headers_of
from doable.http.response import Response

SMALLEST: Final = 8192  # bytes; the network carries what is smaller in about the same time
_LEVEL: Final = 1  # Higher levels take several times the CPU for a sixth of the bytes.
_CODINGS: Final = ("gzip", IDENTITY)
_GZIP_BITS: Final = 31  # zlib's word for gzip's format with the largest window


async def compressed(request: Request, response: Response) -> Response:
    """The response, with gzip if it is large and the client prefers that. It must have no ETag, and no secret in it.

    Two codings of one content need two strong ETags (§8.8.3.3). A secret beside text that others choose can be guessed
    from the length of the response (BREACH).
    """
    if len(response.body) < SMALLEST:
        return response
    accepted = headers_of(request.scope).get(b"accept-encoding")
    if best_coding(accepted, _CODINGS) == IDENTITY:
        return Response(response.status, response.body, *response.headers, BY_CODING)
    body = await to_thread(zlib.compress, response.body, _LEVEL, _GZIP_BITS)
    return Response(response.status, body, *response.headers, (b"content-encoding", b"gzip"), BY_CODING)
