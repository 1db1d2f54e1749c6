"""Errors as answers."""

from http import HTTPStatus

import msgspec
import pytest

from doable import errors
from doable.errors import DoableError, Fault
from doable.http.errors import InternalError, MethodNotAllowed
from doable.rest.documents import all_kinds
from doable.rest.problems import STATUS, TITLES, problem, status_of

KINDS = list(all_kinds())
# What an error is made with, where it is more than nothing.
MADE = {
    errors.Invalid: lambda: errors.Invalid(Fault("title", "required", "Title is required")),
    errors.ChangedSince: lambda: errors.ChangedSince(Fault("title", "changed_since", "The title has changed since")),
    errors.InsufficientScope: lambda: errors.InsufficientScope("tasks:write"),
    errors.Stale: lambda: errors.Stale({"id": 1}),
    errors.TooLarge: lambda: errors.TooLarge(256 * 1024),
    errors.LimitReached: lambda: errors.LimitReached(100, "tasks"),
    errors.Busy: lambda: errors.Busy(3),
    errors.RateLimited: lambda: errors.RateLimited(3),
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_becomes_a_problem(kind: type[DoableError]) -> None:
    error = MADE.get(kind, kind)()
    answer = problem(error)
    body = msgspec.json.decode(answer.body)
    assert answer.status == status_of(kind) == body["status"]
    assert body["error"] == body["detail"] == str(error)
    assert body["title"] == (TITLES.get(answer.status) or HTTPStatus(answer.status).phrase)
    assert body["code"] == kind.code
    assert body["type"] == f"/docs/errors#{kind.code.replace('_', '-')}"
    assert (b"content-type", b"application/problem+json") in answer.headers


def test_the_table_of_statuses_names_every_branch_of_the_tree_and_nothing_else() -> None:
    assert set(STATUS) <= set(KINDS)
    assert set(DoableError.__subclasses__()) <= set(STATUS)
    assert all(400 <= status_of(kind) <= 599 for kind in KINDS)


def test_codes_are_unique_and_each_sentence_is_one() -> None:
    codes = [kind.code for kind in KINDS]
    assert len(codes) == len(set(codes))
    assert not [kind for kind in KINDS if kind.message.endswith(".") or "\n" in kind.message]


def test_a_method_that_is_not_allowed_is_told_which_are() -> None:
    assert headers_of(MethodNotAllowed(["GET", "HEAD"]))[b"allow"] == b"GET, HEAD"


def test_a_mistake_of_ours_is_told_where_the_log_has_it() -> None:
    assert msgspec.json.decode(problem(InternalError("abc")).body)["request_id"] == "abc"
    assert "request_id" not in msgspec.json.decode(problem(InternalError()).body)


def headers_of(error: DoableError) -> dict[bytes, bytes]:
    return dict(problem(error).headers)


@pytest.mark.parametrize(
    ("error", "challenge"),
    [
        (errors.Unauthenticated(), b'Bearer realm="doable"'),
        (errors.TokenExpired(), b'Bearer realm="doable", error="invalid_token", error_description="Token expired"'),
        (errors.TokenInvalid(), b'Bearer realm="doable", error="invalid_token", error_description="Invalid token"'),
        (
            errors.InsufficientScope("tasks:write"),
            b'Bearer realm="doable", error="insufficient_scope", scope="tasks:write"',
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_challenge_says_what_is_missing(error: DoableError, challenge: bytes) -> None:
    assert headers_of(error)[b"www-authenticate"] == challenge


@pytest.mark.parametrize("error", [errors.Busy(7), errors.Unavailable(7)], ids=["busy", "unavailable"])
def test_what_will_pass_says_when(error: DoableError) -> None:
    assert headers_of(error)[b"retry-after"] == b"7"


@pytest.mark.parametrize(("most", "told"), [(16, "16 KiB"), (256, "256 KiB"), (1024, "1 MiB"), (1536, "1536 KiB")])
def test_a_body_that_is_too_large_is_told_the_bound(most: int, told: str) -> None:
    assert (
        msgspec.json.decode(problem(errors.TooLarge(most * 1024)).body)["error"]
        == f"The request body must be {told} or less"
    )


def test_only_a_compressed_body_is_told_how_to_encode_it() -> None:
    assert headers_of(errors.UnsupportedMedia(is_encoded=True))[b"accept-encoding"] == b"identity"
    assert b"accept-encoding" not in headers_of(errors.UnsupportedMedia())


def test_a_stale_request_is_told_what_there_is_now() -> None:
    assert msgspec.json.decode(problem(errors.Stale({"id": 1})).body)["current"] == {"id": 1}


def test_an_invalid_request_is_told_every_fault() -> None:
    faults = [Fault("title", "required", "Title is required"), Fault("id", "read_only", "Field 'id' is …")]
    body = msgspec.json.decode(problem(errors.Invalid(*faults)).body)
    assert body["errors"] == [msgspec.to_builtins(fault) for fault in faults]
    assert body["error"] == "Title is required"
