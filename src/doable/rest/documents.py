"""The documents of the service: /openapi.json, /docs and /docs/errors. They load nothing from other hosts."""

import re
from collections.abc import Awaitable, Callable, Iterator
from html import escape
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from doable.encoding import encode
from doable.errors import DoableError
from doable.rest.error_docs import ERRORS, FAULTS
from doable.rest.problems import status_of

PAGES: Final = Path(__file__).parent / "pages"
FILES: Final = {
    "docs.js": "text/javascript",
    "pages.css": "text/css",
    "swagger-ui/swagger-ui-bundle.js": "text/javascript",
    "swagger-ui/swagger-ui.css": "text/css",
}
# Only our own files. The icons in the viewer's style sheet are `data:` URLs.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS: Final = {"content-security-policy": POLICY, "referrer-policy": "no-referrer"}
# They change only with the package; a browser checks once an hour.
CACHED: Final = {"cache-control": "public, max-age=3600"}


def document_routes() -> list[Route]:
    """They are no operations: they are not in the document, and need no credential."""
    return [
        Route("/openapi.json", _openapi),
        Route("/docs", _docs),
        Route("/docs/errors", _errors),
        *(Route(f"/docs/{name}", _file(name, media_type)) for name, media_type in FILES.items()),
    ]


async def _openapi(request: Request) -> Response:
    return Response(encode(request.app.openapi()), media_type="application/json", headers=CACHED)


async def _docs(_: Request) -> Response:
    return FileResponse(PAGES / "docs.html", media_type="text/html", headers=CACHED | PAGE_HEADERS)


async def _errors(_: Request) -> Response:
    return HTMLResponse(errors_html(), headers=CACHED | PAGE_HEADERS)


def _file(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def response(_: Request) -> Response:
        return FileResponse(PAGES / name, media_type=media_type, headers=CACHED)

    return response


TITLE: Final = "Errors"
INTRODUCTION: Final = (
    "Every error response is `application/problem+json` (RFC 9457). Its member `error` is a sentence that you can show"
    " to your user. Programs should use `code`, which never changes. `type` is the address of the section on this page."
)
FAULTS_TITLE: Final = "Faults of an invalid request"


def _sections() -> Iterator[tuple[str, int, str, str]]:
    """Code, status, sentence and explanation of each error."""
    kinds = {kind.code: (status_of(kind), kind.message) for kind in all_kinds()}
    for code, explanation in ERRORS.items():
        yield code, *kinds[code], explanation


def all_kinds(root: type[DoableError] = DoableError) -> Iterator[type[DoableError]]:
    """Every class below `root`."""
    for kind in root.__subclasses__():
        yield kind
        yield from all_kinds(kind)


def errors_markdown() -> str:
    """The generated part of docs/errors.md."""
    lines = [INTRODUCTION, ""]
    for code, status, sentence, explanation in _sections():
        lines += [f"## {code.replace('_', '-')}", "", f"`{code}` · {status} · {sentence}", "", explanation, ""]
    lines += [f"## {FAULTS_TITLE}", "", "| code | what is wrong |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{code}` | {fault} |" for code, fault in FAULTS.items())])


def errors_html() -> str:
    """The page that the `type` of an error links to."""
    sections = [
        f'<h2 id="{(anchor := code.replace("_", "-"))}"><a href="#{anchor}">{code}</a> <small>{status}</small></h2>\n'
        f"<blockquote>{escape(sentence)}</blockquote>\n<p>{_inline(explanation)}</p>"
        for code, status, sentence, explanation in _sections()
    ]
    rows = [f"<tr><td><code>{code}</code></td><td>{_inline(fault)}</td></tr>" for code, fault in FAULTS.items()]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Doable: {TITLE.lower()}</title>\n"
        '<link rel="icon" href="data:,">\n<link rel="stylesheet" href="/docs/pages.css">\n</head>\n<body>\n<main>\n'
        f"<h1>{TITLE}</h1>\n<p>{_inline(INTRODUCTION)}</p>\n"
        + "\n".join(sections)
        + f'\n<h2 id="faults">{FAULTS_TITLE}</h2>\n<table>\n'
        + "\n".join(rows)
        + "\n</table>\n</main>\n</body>\n</html>\n"
    )


def _inline(text: str) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
