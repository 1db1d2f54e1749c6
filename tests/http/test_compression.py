"""Which responses are compressed, and for whom."""

import gzip
from time import perf_counter

import pytest

from doable.http.compression import SMALLEST, compressed
from doable.http.request import Request
from doable.http.response import JSON, Response

LARGE = b'"' + b"Buy groceries. " * SMALLEST + b'"'


async def response_to(accepted: bytes | None, body: bytes = LARGE) -> Response:
    headers = [] if accepted is None else [(b"accept-encoding", accepted)]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
    return await compressed(Request(scope), Response(200, body, JSON))


@pytest.mark.parametrize(
    "accepted", [b"gzip", b"gzip, deflate, br, zstd", b"identity;q=0.5, gzip;q=0.6", b"*", b"GZIP"]
)
async def test_a_large_response_is_compressed_for_a_client_that_accepts_gzip(accepted: bytes) -> None:
    response = await response_to(accepted)
    assert response.headers == (JSON, (b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding"))
    assert gzip.decompress(response.body) == LARGE
    assert len(response.body) < len(LARGE) / 10


@pytest.mark.parametrize(
    "accepted", [None, b"", b"br", b"gzip;q=0", b"identity, gzip;q=0.5", b"gzip;q=2", b"gzip," * 300]
)
async def test_other_clients_get_it_as_it_is_and_caches_know_why(accepted: bytes | None) -> None:
    response = await response_to(accepted)
    assert response.headers == (JSON, (b"vary", b"Accept-Encoding"))
    assert response.body == LARGE


async def test_a_small_response_stays_the_same_object() -> None:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"accept-encoding", b"gzip")]}
    small = Response(200, LARGE[: SMALLEST - 1], JSON)
    assert await compressed(Request(scope), small) is small


async def test_a_hostile_header_costs_little() -> None:
    began = perf_counter()
    for accepted in (b"," * 60_000, b"gzip;q=0.001," * 5000, b";" * 1024, b"a," * 512):
        await response_to(accepted)
    assert perf_counter() - began < 0.1
