"""All errors of Doable, independent of HTTP, SQL and any interface.

    DoableError
    ├── Invalid                 the input has faults, and the error lists them
    ├── Unauthenticated         no credential, or an invalid one
    │   ├── TokenExpired
    │   ├── TokenInvalid
    │   └── WrongPassword       unknown user or wrong password
    ├── Forbidden               an authenticated user may not do this
    │   ├── NotYours
    │   ├── InsufficientScope
    │   ├── UntrustedOrigin     a web page of an untrusted origin acts for a user
    │   ├── SessionNotFresh     the user must sign in again first
    │   ├── AccountDisabled     the operator disabled this user
    │   └── SignUpClosed        only the operator creates accounts
    ├── NotFound                it does not exist, or the user may not see it
    │   ├── TaskNotFound
    │   ├── ListNotFound
    │   ├── LabelNotFound
    │   ├── ChangeNotFound
    │   ├── FilterNotFound
    │   ├── UserNotFound
    │   └── TokenNotFound
    ├── Conflict                it contradicts existing data
    │   ├── EmailTaken
    │   ├── LabelTaken          another label has this name
    │   ├── ChangedSince        what the user wants to undo has changed since
    │   ├── CycleOfParents      a task would be a subtask of itself
    │   ├── NotRecurring        a task without recurrence has no next occurrence
    │   ├── LimitReached        the user has as many as they may have
    │   ├── TooManyTokens
    │   └── RequestInProgress   the first request with this idempotency key is still running
    ├── Stale                   the object changed since the client read it
    ├── KeyReused               the idempotency key belongs to another request
    ├── OperationSkipped        the operation refers to one in the same batch that failed
    ├── Gone                    it existed, and is permanently gone
    │   ├── ChangeExpired       a change that can no longer be undone
    │   └── CursorExpired       the client must start again without a cursor
    ├── TooLarge                the request is too large
    ├── TooMuch                 the request would change too many objects
    ├── UnsupportedMedia        the body has a media type that we don't accept
    ├── Busy                    too many requests at the moment
    │   └── RateLimited         more requests than the rate limit allows
    ├── Unavailable             the database is out of reach, or the service stops
    │   └── Overloaded          more requests than the service can serve
    └── Misconfigured           a setting is not valid (for the operator)

`code` is stable and documented in docs/errors.md. `message` is one sentence for the user.
"""

from typing import ClassVar, Final

import msgspec

FAULTS_MAX: Final = 100  # in one response
QUOTED_MAX: Final = 300  # characters of a fault's field or message, which may quote the client


class Fault(msgspec.Struct, frozen=True):
    """A fault in one field of the input."""

    field: str
    code: str
    message: str


class ColumnFault(Fault, frozen=True):
    """A fault at one place of a text. `column` counts code points from 1."""

    column: int


class DoableError(Exception):
    """`index` is the index of the failed operation in a batch."""

    code: ClassVar[str]
    message: ClassVar[str]
    index: int | None = None

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)

    def __str__(self) -> str:
        return str(self.args[0])


class Invalid(DoableError):
    code = "invalid_input"
    message = "The request is not valid"

    def __init__(self, *faults: Fault) -> None:
        """There is at least one fault. The error has the first fault's message, and keeps the first `FAULTS_MAX`."""
        self.faults = tuple(map(_brief, faults[:FAULTS_MAX]))
        super().__init__(self.faults[0].message)


def _brief(fault: Fault) -> Fault:
    if len(fault.field) <= QUOTED_MAX and len(fault.message) <= QUOTED_MAX:
        return fault
    return msgspec.structs.replace(fault, field=_cut(fault.field), message=_cut(fault.message))


def _cut(text: str) -> str:
    return text if len(text) <= QUOTED_MAX else f"{text[: QUOTED_MAX - 1]}…"


class Unauthenticated(DoableError):
    code = "not_authenticated"
    message = "Not authenticated"


class TokenExpired(Unauthenticated):
    code = "token_expired"
    message = "Token expired"


class TokenInvalid(Unauthenticated):
    code = "invalid_token"
    message = "Invalid token"


class WrongPassword(Unauthenticated):
    code = "invalid_email_or_password"
    message = "Invalid email or password"


class Forbidden(DoableError):
    code = "forbidden"
    message = "You are not allowed to do that"


class NotYours(Forbidden):
    code = "not_your_tasks"
    message = "You can only access your own tasks"


class InsufficientScope(Forbidden):
    code = "insufficient_scope"
    message = "This token may not do that"

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope


class UntrustedOrigin(Forbidden):
    code = "invalid_origin"
    message = "This web origin is not allowed; the operator can add it to CORS_ORIGINS"


class SessionNotFresh(Forbidden):
    code = "session_not_fresh"
    message = "Your session is more than a day old; sign in again"


class AccountDisabled(Forbidden):
    code = "account_disabled"
    message = "This account is disabled; ask the operator"


class SignUpClosed(Forbidden):
    code = "sign_up_closed"
    message = "Sign-up is closed; ask the operator for an account"


class NotFound(DoableError):
    code = "not_found"
    message = "Not found"


class TaskNotFound(NotFound):
    code = "task_not_found"
    message = "Task not found"


class ListNotFound(NotFound):
    code = "list_not_found"
    message = "List not found"


class LabelNotFound(NotFound):
    code = "label_not_found"
    message = "Label not found"


class ChangeNotFound(NotFound):
    code = "change_not_found"
    message = "You have no change with this revision"


class FilterNotFound(NotFound):
    code = "filter_not_found"
    message = "Filter not found"


def absent(field: str, kind: type[NotFound]) -> Fault:
    """The fault of a field that names nothing that the caller has."""
    return Fault(field, kind.code, kind.message)


class UserNotFound(NotFound):
    code = "user_not_found"
    message = "User not found"


class TokenNotFound(NotFound):
    code = "token_not_found"
    message = "Token not found"


class Conflict(DoableError):
    code = "conflict"
    message = "The request conflicts with existing data"


class EmailTaken(Conflict):
    code = "user_already_exists"
    message = "User already exists"


class LabelTaken(Conflict):
    code = "label_taken"
    message = "A label with this name exists already"

    def __init__(self, current: object = None) -> None:
        """`current` is the label that has the name; None if the actor may not read it."""
        super().__init__()
        self.current = current


class ChangedSince(Conflict):
    code = "changed_since"
    message = "What you want to undo has changed since"

    def __init__(self, *faults: Fault) -> None:
        """Each fault is about one field. The error has the first fault's message, and keeps the first `FAULTS_MAX`."""
        self.faults = faults[:FAULTS_MAX]
        super().__init__(self.faults[0].message)


class CycleOfParents(Conflict):
    code = "cycle_of_parents"
    message = "A task can't be a subtask of itself or of one of its subtasks"


class NotRecurring(Conflict):
    code = "not_recurring"
    message = "The task does not recur, so it has no next occurrence"


class LimitReached(Conflict):
    code = "limit_reached"
    message = "You have reached a limit"

    def __init__(self, most: int, what: str) -> None:
        """The user may have `most` of `what`, a plural such as "tasks"."""
        super().__init__(f"You can have at most {most} {what}")


class TooManyTokens(Conflict):
    code = "too_many_tokens"
    message = "You have reached the limit of access tokens; revoke one first"


class RequestInProgress(Conflict):
    code = "request_in_progress"
    message = "The first request with this idempotency key is still running"
    retry_after = 1  # seconds


class KeyReused(DoableError):
    code = "idempotency_key_reused"
    message = "This idempotency key was used for another request"


class OperationSkipped(DoableError):
    code = "operation_skipped"
    message = "The operation that this one refers to failed"


class Stale(DoableError):
    code = "stale"
    message = "The task has changed since you last saw it"

    def __init__(self, current: object, message: str | None = None, *, noun: str = "task") -> None:
        """`current` is the current state of the object; None if the actor may not read it. `noun` is what it is."""
        super().__init__(message or self.message.replace("task", noun))
        self.current = current


class Gone(DoableError):
    code = "gone"
    message = "That is no longer available"


class ChangeExpired(Gone):
    code = "change_expired"
    message = "This change can no longer be undone"


class CursorExpired(Gone):
    code = "cursor_expired"
    message = "This cursor is no longer valid; start again without one"


class TooLarge(DoableError):
    code = "too_large"
    message = "The request body is too large"

    def __init__(self, most: int) -> None:
        """`most` is in bytes."""
        kib = most // 1024
        size = f"{kib} KiB" if kib % 1024 else f"{kib // 1024} MiB"
        super().__init__(f"The request body must be {size} or less")


class TooMuch(DoableError):
    code = "too_much"
    message = "One request can change at most 20 000 objects, with everything that follows from it"


class UnsupportedMedia(DoableError):
    code = "unsupported_media_type"
    message = "The request body must be application/json"

    def __init__(self, *, is_encoded: bool = False) -> None:
        """`is_encoded`: the body is compressed, so its media type was not checked."""
        super().__init__("The request body must be sent uncompressed" if is_encoded else None)
        self.is_encoded = is_encoded


class Busy(DoableError):
    code = "too_many_requests"
    message = "Too many requests, try again later"

    def __init__(self, retry_after: int) -> None:
        """`retry_after` is in seconds."""
        super().__init__()
        self.retry_after = retry_after


class RateLimited(Busy):
    code = "rate_limited"
    message = "You have sent too many requests, try again later"


class Unavailable(DoableError):
    code = "unavailable"
    message = "The service is temporarily unavailable"

    def __init__(self, retry_after: int = 1) -> None:
        """`retry_after` is in seconds."""
        super().__init__()
        self.retry_after = retry_after


class Overloaded(Unavailable):
    code = "overloaded"
    message = "The service is overloaded, try again in a moment"


class Misconfigured(DoableError):
    code = "misconfigured"
    message = "Doable can't start with these settings"
