"""The error format of an interface, such as `application/problem+json`."""

from collections.abc import Callable
from typing import NamedTuple

from doable.errors import DoableError
from doable.http.response import Response


class ErrorFormat(NamedTuple):
    """`respond` writes an error; `read_code` reads the stable code back from the body of that response."""

    respond: Callable[[DoableError], Response]
    read_code: Callable[[bytes], str]
