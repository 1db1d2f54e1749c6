"""What a client accepts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doable.http.accept import HEADER_MAX, best_coding, prefers

SMALLEST_FIRST = ["br", "gzip", "identity"]


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, "identity"),
        (b"", "identity"),
        (b"gzip, deflate, br, zstd", "br"),
        (b"gzip, deflate", "gzip"),
        (b"GZip", "gzip"),
        (b"deflate", "identity"),
        (b"*", "br"),
        (b"*;q=0.1, gzip", "gzip"),
        (b"br;q=0, *", "gzip"),
        (b"br;q=0.2,gzip;q=0.8", "gzip"),
        (b"gzip;q=0.001", "gzip"),
        (b"gzip ; q=0.5 , identity ; q=1", "identity"),
        (b"gzip;q=0", "identity"),
        (b"gzip;q=1.5, br;q=x", "identity"),
        # Nothing is acceptable: the content comes as it is (RFC 9110 §12.5.3).
        (b"identity;q=0", "identity"),
        (b"*;q=0", "identity"),
        (b"*;q=0, gzip;q=0.1", "gzip"),
        (b"gzip" + b" " * HEADER_MAX, "identity"),
    ],
)
def test_the_coding_is_the_one_that_the_client_wants_most(header: bytes | None, coding: str) -> None:
    assert best_coding(header, SMALLEST_FIRST) == coding


def test_of_equal_codings_the_first_is_taken_among_those_that_there_are() -> None:
    assert best_coding(b"br, gzip", ["gzip", "identity"]) == "gzip"
    assert best_coding(b"br, gzip", ["identity"]) == "identity"
    assert best_coding(b"gzip, identity", ["identity", "gzip"]) == "identity"


@given(st.binary(max_size=80) | st.text("brgzip*;=q0.1, /", max_size=60).map(str.encode))
def test_any_header_has_an_answer(header: bytes) -> None:
    assert best_coding(header, SMALLEST_FIRST) in SMALLEST_FIRST
    assert not (prefers(header, "text/html", "application/json") and prefers(header, "application/json", "text/html"))


CHROMIUM = b"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"


@pytest.mark.parametrize(
    ("header", "wants_html"),
    [
        (None, False),
        (b"", False),
        (b"*/*", False),
        (b"application/json", False),
        (b"image/webp,*/*", False),
        (b"application/json, text/plain, */*", False),
        (b"application/json, text/html", False),
        (b"text/html;q=0.5, application/json", False),
        (b"text/html;q=0", False),
        (b"text/html;q=0, application/json;q=0", False),
        (b"text/html;q=2", False),
        (b"text/html", True),
        (b"Text/HTML; charset=utf-8", True),
        (b"text/*", True),
        (b"text/html, */*", True),
        (b"text/html, application/json;q=0.9", True),
        (b"text/html;level=1;q=0.1, text/html;q=0.7, */*;q=0.5", True),
        (CHROMIUM, True),
    ],
)
def test_a_program_gets_json_and_a_browser_the_page(header: bytes | None, *, wants_html: bool) -> None:
    assert prefers(header, "text/html", "application/json") is wants_html
