"""Finds the operation for a path and a method."""

from collections.abc import Awaitable, Sequence
from typing import Final
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from doable.errors import NotFound
from doable.http.errors import MethodNotAllowed
from doable.rest.operation import Operation

# Stands for `%2F` in a segment while a path is split. No decoded text can contain it.
SLASH: Final = "\ud800"


class Routing:
    """Finds the operation by its path, then by its method. `otherwise` handles all other paths."""

    def __init__(self, operations: Sequence[Operation], otherwise: ASGIApp) -> None:
        self._otherwise = otherwise
        by_path: dict[str, dict[str, Operation]] = {}
        for operation in operations:
            methods = by_path.setdefault(operation.route.path, {})
            methods[operation.route.method] = operation
            if operation.route.method == "GET":
                methods["HEAD"] = operation  # RFC 9110 §9.3.2: the server drops the body.
        # What is written out counts before what stands for anything (OpenAPI, "Path Templating Matching").
        exact_first = sorted(by_path, key=lambda path: path.count("{"))
        self._paths = [(next(iter(by_path[path].values())).route.path_regex, by_path[path]) for path in exact_first]

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Raises MethodNotAllowed, NotFound."""
        is_encoded = b"%" in scope["raw_path"]
        path = _decoded(scope["raw_path"]) if is_encoded else scope["path"]
        for pattern, methods in self._paths:
            found = pattern.fullmatch(path)
            if found is not None:
                operation = methods.get(scope["method"])
                scope["route"] = (operation or next(iter(methods.values()))).route
                if operation is None:
                    raise MethodNotAllowed(list(methods))
                names = found.groupdict()
                if is_encoded:
                    names = {name: value.replace(SLASH, "/") for name, value in names.items()}
                scope["path_params"] = names
                return operation.app(scope, receive, send)
        # The framework's patterns end with `$`, which ignores a last line break, and it decodes `%2F`.
        if path.endswith("\n") or SLASH in path:
            raise NotFound
        return self._otherwise(scope, receive, send)


def _decoded(path: bytes) -> str:
    """Split the path, then decode it once (RFC 3986 §2.4). Bytes that are not UTF-8 become surrogates."""
    segments = path.decode("ascii", "surrogateescape").split("/")
    return "/".join(unquote(segment, errors="surrogateescape").replace("/", SLASH) for segment in segments)
