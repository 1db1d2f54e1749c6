"""Our own OpenAPI document as the judge of our answers."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import jsonschema_rs
from fastapi import FastAPI

from doable.app import create_app
from doable.settings import Settings
from doable.store.address import Address
from tokens import SECRET

METHODS = ("get", "post", "put", "patch", "delete")


class Contract:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._validators: dict[str, Any] = {}
        # Paths with fewer parameters first: /api/me/tokens is not somebody's page called tokens.
        self._paths = [
            (re.compile(re.sub(r"\\?\{[^}]*\\?\}", "[^/]+", re.escape(path))), path)
            for path in sorted(document["paths"], key=lambda path: path.count("{"))
        ]

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Method, path and entry of each."""
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield method.upper(), path, item[method]

    def find(self, method: str, path: str) -> dict[str, Any] | None:
        """The entry of the operation that answers there."""
        for pattern, template in self._paths:
            if pattern.fullmatch(path):
                operation: dict[str, Any] | None = self.document["paths"][template].get(method.lower())
                return operation
        return None

    async def require_conforming(self, answer: httpx.Response) -> None:
        """Raises AssertionError for an answer that the document does not tell of."""
        request = answer.request
        operation = self.find(request.method, request.url.raw_path.decode().partition("?")[0])
        if operation is None:
            return
        what = f"{request.method} {request.url.path} → {answer.status_code}"
        assert str(answer.status_code) in operation["responses"], f"{what} is not in the document"
        told = operation["responses"][str(answer.status_code)]
        for name, header in told.get("headers", {}).items():
            assert name in answer.headers or not header.get("required"), f"{what} lacks {name}"
        if "content" not in told:
            assert not await answer.aread(), f"{what} has a body"
            return
        media_type = answer.headers["content-type"].partition(";")[0]
        assert media_type in told["content"], f"{what} is {media_type}"
        if media_type.endswith("json"):
            await answer.aread()
            self.validator(told["content"][media_type]["schema"]).validate(answer.json())
        if media_type == "application/problem+json":
            untold = set(answer.json()) - self.members_of(told["content"][media_type]["schema"])
            assert not untold, f"{what} has {untold}, of which the document does not tell"

    def members_of(self, schema: dict[str, Any]) -> set[str]:
        """The members that the component has which this schema points to."""
        name = schema["$ref"].rpartition("/")[2]
        return set(self.document["components"]["schemas"][name]["properties"])

    def validator(self, schema: dict[str, Any]) -> Any:
        """A compiled JSON schema that may point into the document's components."""
        key = repr(schema)
        if key not in self._validators:
            self._validators[key] = jsonschema_rs.Draft202012Validator(
                {**schema, "components": self.document["components"]}, validate_formats=True
            )
        return self._validators[key]


_known: dict[tuple[str, ...], Contract] = {}


def contract_of(app: FastAPI) -> Contract:
    """Made once for each set of operations."""
    tags = tuple(tag["name"] for tag in app.openapi_tags or ())
    if tags not in _known:
        _known[tags] = Contract(app.openapi())
    return _known[tags]


@cache
def our_contract(secret: str | None = SECRET) -> Contract:
    """Without a database, for the names of tests; without a secret, with the built-in accounts."""
    settings = Settings(_env_file=None, BETTER_AUTH_SECRET=secret, LOG_LEVEL="error")
    return contract_of(create_app(settings, Address.parse("postgresql://nobody@localhost/none")))
