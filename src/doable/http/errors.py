"""Errors that only HTTP has. They belong to the tree in `doable.errors`."""

from collections.abc import Sequence

from doable.errors import DoableError


class MalformedRequest(DoableError):
    code = "malformed_request"
    message = "The request is not valid HTTP"


class MethodNotAllowed(DoableError):
    code = "method_not_allowed"
    message = "Method Not Allowed"

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        """`allowed` are the methods that the path supports."""
        super().__init__()
        self.allowed = allowed


class RequestTimeout(DoableError):
    code = "request_timeout"
    message = "The request took too long to arrive"


class TargetTooLong(DoableError):
    code = "target_too_long"
    message = "The path and the query must be 20 KiB or less"


class HeadersTooLarge(DoableError):
    code = "headers_too_large"
    message = "The headers must be 64 KiB or less, in 100 lines or less"


class InternalError(DoableError):
    code = "internal_error"
    message = "Internal server error"

    def __init__(self, request_id: str | None = None) -> None:
        """`request_id` identifies the line in the log."""
        super().__init__()
        self.request_id = request_id


class TransferCodingUnsupported(DoableError):
    code = "transfer_coding_unsupported"
    message = "The transfer coding must be chunked"
