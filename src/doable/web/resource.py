"""A resource of the web app: one content, in each coding that it has."""

from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from doable.http.accept import BY_CODING, IDENTITY, best_coding
from doable.http.cors import Headers
from doable.http.etags import is_unchanged
from doable.http.request import Request, headers_of
from doable.http.response import Response


class _Form(NamedTuple):
    """The responses with the content in one coding."""

    tag: str
    whole: Response
    unchanged: Response


class Resource:
    """Responds to GET and HEAD. All responses are made before the first request."""

    def __init__(self, bodies: Mapping[str, bytes], media_type: str, *headers: tuple[bytes, bytes]) -> None:
        """`bodies` are the content by its codings. `identity` must be one of them."""
        self._codings = sorted(bodies, key=lambda coding: len(bodies[coding]))
        vary = [BY_CODING] if len(bodies) > 1 else []
        self._forms = {coding: _form(coding, bodies[coding], media_type, [*headers, *vary]) for coding in bodies}

    def response(self, request: Request) -> Response:
        """Raises Invalid for a malformed `If-None-Match`."""
        coding = best_coding(headers_of(request.scope).get(b"accept-encoding"), self._codings)
        form = self._forms[coding]
        return form.unchanged if is_unchanged(request, form.tag) else form.whole


def _form(coding: str, body: bytes, media_type: str, headers: Headers) -> _Form:
    """Two codings of one content have two tags, because both are strong (RFC 9110 §8.8.3.3)."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    common = [*headers, (b"etag", tag.encode())]  # RFC 9110 §15.4.5: what 304 must repeat
    content = [(b"content-type", media_type.encode())]
    if coding != IDENTITY:
        content.append((b"content-encoding", coding.encode()))
    return _Form(tag, Response(200, body, *content, *common), Response(304, b"", *common))
