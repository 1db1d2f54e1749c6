"""The web app as an ASGI application: its page, its files, and what `/` tells a program."""

from collections.abc import Mapping
from gzip import compress
from pathlib import Path
from typing import Final

from starlette.types import Receive, Scope, Send

from doable.encoding import encode
from doable.errors import NotFound
from doable.http.accept import BY_CODING, IDENTITY, prefers
from doable.http.errors import MethodNotAllowed
from doable.http.request import Request, headers_of
from doable.settings import Settings
from doable.web import build
from doable.web.page import MISSING, filled, headers
from doable.web.resource import Resource

# The first segments of the paths of the app (`web/src/app/paths.ts`, and the search). It also has those below them.
VIEWS: Final = frozenset(
    (
        *(
            "today",
            "upcoming",
            "inbox",
            "browse",
            "lists",
            "labels",
            "filters",
            "search",
            "completed",
            "trash",
            "tasks",
        ),
        *("settings", "sign-in", "sign-up"),
    )
)
WORKER: Final = "/sw.js"
LEAVE: Final = Path(__file__).parent / "leave.js"
HTML: Final = "text/html"
JSON: Final = "application/json"
SCRIPT: Final = "text/javascript; charset=utf-8"
MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": SCRIPT,
    ".json": JSON,
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
UNKNOWN: Final = "application/octet-stream"
# The names of assets contain a hash of their content. `no-cache` asks the server each time whether the content changed.
FOREVER: Final = (b"cache-control", b"public, max-age=31536000, immutable")
A_DAY: Final = (b"cache-control", b"public, max-age=86400")
ASK: Final = (b"cache-control", b"no-cache")
BY_ACCEPT: Final = (b"vary", b"Accept")


class WebApplication:
    """Responds at every path that the API does not have."""

    def __init__(self, settings: Settings, *, version: str, folder: Path) -> None:
        """`folder` has the built app."""
        about = {"name": "Doable", "version": version, "api": "/api/me", "docs": "/docs"}
        about |= {"openapi": "/openapi.json", "health": "/health"}
        self._about = Resource({IDENTITY: encode(about)}, JSON, ASK, BY_ACCEPT, BY_CODING)
        self._page: Resource | None = None
        self._files: Mapping[str, Resource] = {}
        if settings.web == "off":
            self._files = {WORKER: Resource({IDENTITY: LEAVE.read_bytes()}, SCRIPT, ASK)}
            return
        guard = headers(settings.better_auth_url)
        contents = build.read(folder)
        page = contents.pop(build.PAGE, None)
        text = MISSING if page is None else filled(page[IDENTITY].decode(), settings, version)
        body = text.encode()
        # The server compresses the page, because it fills it.
        bodies = {IDENTITY: body, "gzip": compress(body, mtime=0)}
        self._page = Resource(bodies, MEDIA_TYPES[".html"], ASK, BY_ACCEPT, *guard)
        self._files = {
            path: Resource(
                bodies,
                MEDIA_TYPES.get(Path(path).suffix, UNKNOWN),
                *((ASK, *guard) if path == WORKER else (FOREVER,) if path.startswith("/assets/") else (A_DAY,)),
            )
            for path, bodies in contents.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises NotFound, MethodNotAllowed, and Invalid for a malformed header."""
        resource = self._find(scope)
        if scope["method"] not in {"GET", "HEAD"}:
            raise MethodNotAllowed(["GET", "HEAD"])
        await resource.response(Request(scope, receive, send))(scope, receive, send)

    def _find(self, scope: Scope) -> Resource:
        path = scope["path"]
        file = self._files.get(path)
        if file is not None:
            return file
        is_view = path == "/" or path[1:].partition("/")[0] in VIEWS
        if is_view and self._page is not None and prefers(headers_of(scope).get(b"accept"), HTML, JSON):
            return self._page
        if path == "/":
            return self._about
        raise NotFound
