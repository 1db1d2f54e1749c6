"""Raw messages, each with what must come back from Doable: the rules of RFC 9112 and 9110, and known ways to smuggle.

A body that smuggles holds a request for `/smuggled/…`, for a task with the title `smuggled`, or to delete an account.
"""

from itertools import pairwise
from typing import Final

from wire import HOST, NOTHING, SERIAL, TOKEN, Row, Then

GOES_ON, CLOSES, BREAKS, EITHER, SILENT = Then

GET: Final = "GET /api/me HTTP/1.1"
POST: Final = "POST /api/me/tasks HTTP/1.1"
NOWHERE: Final = "POST /nowhere HTTP/1.1"
TASK: Final = '{"title":"own"}'
CHUNKED: Final = "Transfer-Encoding: chunked"
END: Final = "0\r\n\r\n"
WEBSOCKET: Final = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)
H2C: Final = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA")

# Requests that must never be served: they are part of a body, or they follow a message that Doable refuses.
SMUGGLED: Final = f"GET /smuggled/{SERIAL} HTTP/1.1\r\n{HOST}\r\nX-Request-ID: {SERIAL}-smuggled\r\n\r\n"
PLANTED: Final = '{"title":"smuggled"}'
PLANT: Final = (
    f"{POST}\r\n{HOST}\r\nAuthorization: Bearer {TOKEN}\r\nX-Request-ID: {SERIAL}-smuggled\r\n"
    f"Content-Type: application/json\r\nContent-Length: {len(PLANTED)}\r\n\r\n{PLANTED}"
)
# These are not whole. If one is served, it takes the next request on the connection as its end, with its credential.
PREFIX: Final = f"GET /smuggled/{SERIAL} HTTP/1.1\r\nX-Rest: "
DELETION: Final = "DELETE /api/me HTTP/1.1\r\nX-Rest: "
CAPTURE: Final = (
    f"{POST}\r\n{HOST}\r\nAuthorization: Bearer {TOKEN}\r\nX-Request-ID: {SERIAL}-smuggled\r\n"
    'Content-Type: application/json\r\nContent-Length: 400\r\n\r\n{"title":"smuggled","description":"'
)
LINES: Final = "\r\n" * 20_000  # A parser skips empty lines before a request, wherever a packet begins.


def message(*lines: str, body: str = "", n: int = 1) -> bytes:
    """The n-th request of a row, with an id and a credential and whatever else is given; one character is one octet."""
    own = (f"X-Request-ID: {SERIAL}-{n}", f"Authorization: Bearer {TOKEN}", "Content-Type: application/json")
    return "\r\n".join([lines[0], *own, *lines[1:], "", body]).encode("latin-1")


def get(*fields: str, line: str = GET, body: str = "", n: int = 1) -> bytes:
    return message(line, HOST, *fields, body=body, n=n)


def post(*fields: str, line: str = POST, body: str = "", n: int = 1) -> bytes:
    return message(line, HOST, *fields, body=body, n=n)


def sized(*fields: str, line: str = POST, body: str = TASK, n: int = 1) -> bytes:
    """With its length."""
    return post(f"Content-Length: {len(body)}", *fields, line=line, body=body, n=n)


def announced(*fields: str, line: str = POST, body: str = TASK, n: int = 1) -> tuple[bytes, bytes]:
    """With its length, and the body in the next packet."""
    return post(f"Content-Length: {len(body)}", *fields, line=line, n=n), body.encode()


def chunked(*fields: str, line: str = POST, body: str = f"f\r\n{TASK}\r\n{END}", n: int = 1) -> bytes:
    """With a body in chunks as it is given."""
    return post(CHUNKED, *fields, line=line, body=body, n=n)


def chunks(*parts: str, last: str = END) -> str:
    return "".join(f"{len(part):x}\r\n{part}\r\n" for part in parts) + last


def cut(raw: bytes, *positions: int) -> list[bytes]:
    """In packets."""
    return [raw[start:end] for start, end in pairwise((None, *positions, None))]


def row(
    name: str,
    source: str,
    *packets: bytes,
    says: int | set[int] | tuple[int | set[int], ...],
    then: Then = CLOSES,
    ends: bool = False,
    twofold: bool = False,
    continues: bool | None = None,
) -> Row:
    answers = says if isinstance(says, tuple) else (says,)
    statuses = tuple(frozenset({each} if isinstance(each, int) else each) for each in answers)
    return Row(name, source, packets, statuses, then, ends, twofold, continues)


PLAIN = [
    row("a request", "RFC 9112 §3", get(), says=200, then=GOES_ON),
    row("a body with its length", "RFC 9112 §6.3", sized(), says=201, then=GOES_ON),
    row("a body in chunks", "RFC 9112 §7.1", chunked(), says=201, then=GOES_ON),
    row("a body after its head", "RFC 9112 §6.3", *announced(), says=201, then=GOES_ON),
    row("a body of nothing", "RFC 9112 §6.3", get("Content-Length: 0"), says=200, then=GOES_ON),
    row("three at once", "RFC 9112 §9.3.2", get() + get(n=2) + get(n=3), says=(200, 200, 200), then=GOES_ON),
    row(
        "bodies at once",
        "RFC 9112 §9.3.2",
        sized() + get(n=2) + chunked(n=3) + sized(n=4),
        says=(201, 200, 201, 201),
        then=GOES_ON,
    ),
    row(
        "two requests cut in odd places",
        "RFC 9112 §2.2",
        *cut(sized(), 2, 19, 20, 200, -17, -16),
        *cut(get(n=2), -3, -2),
        says=(201, 200),
        then=GOES_ON,
    ),
    row(
        "chunks cut in odd places",
        "RFC 9112 §7.1",
        *(post(CHUNKED), b"0000", b"f", b"\r", b"\n", b'{"title":"own"', b"}", b"\r", b"\n0", b"\r\n\r", b"\n"),
        says=201,
        then=GOES_ON,
    ),
    row("empty lines before", "RFC 9112 §2.2", b"\r\n\r\n" + get() + b"\r\n" + get(n=2), says=(200, 200), then=GOES_ON),
    row("empty lines before, with LF alone", "RFC 9112 §2.2", b"\n\n" + get(), says={200, 400}, then=EITHER),
    row("a request, then rubbish", "RFC 9112 §2.2", get() + b"\x00\x01\x02\r\n\r\n", says=(200, 400)),
    row("a body, then octets too many", "RFC 9112 §6.3", sized() + b"more\r\n\r\n", says=(201, 400)),
    row("TE: trailers", "RFC 9110 §10.1.4", get("TE: trailers", "Connection: TE"), says=200, then=GOES_ON),
    row("a URL of 7000", "RFC 9112 §3", get(line=f"GET /api/me?{'&' * 7000} HTTP/1.1"), says={200, 400}, then=EITHER),
    row("text in Latin-1", "RFC 9110 §5.5", get("X-Name: Ren\xe9"), says=200, then=GOES_ON),
    row("an empty header", "RFC 9110 §5.5", get("X-Name:"), says=200, then=GOES_ON),
    row("no blank after the colon", "RFC 9112 §5", sized("X-Name:x"), says=201, then=GOES_ON),
]

# Values of Content-Length that are none; `{}` is the length. They are refused, and never read as zero.
BAD_LENGTHS = {
    "with a plus": "+{}",
    "with a minus": "-{}",
    "twice in a list": "{0}, {0}",
    "twice in a list without blanks": "{0},{0}",
    "with zero first in a list": "0, {}",
    "with blanks inside": "{} {}",
    "in hexadecimal": "0x{:x}",
    "with a unit": "{};q=1",
    "with a point": "{}.0",
    "with an exponent": "{}e0",
    "in quotes": '"{}"',
    "of nothing": "",
    "of letters": "all",
    "after a vertical tab": "\x0b{}",
    "after NUL": "\x00{}",
    "before NUL": "{}\x00",
    "before a bare CR": "{}\r",
    "in superscript": "\xb2{}",
    "after a no-break space": "\xa0{}",
    "of 5000 nines": "9" * 5000,
    "of 2^64": str(2**64),
    "of 2^64 and more": str(2**64 + 200),
}
LENGTHS = [
    *(
        row(
            f"a length {name}",
            "RFC 9112 §6.3",
            post(f"Content-Length: {value.format(*[len(SMUGGLED)] * 2)}"),
            SMUGGLED.encode(),
            says=400,
            twofold=value in {"", str(2**64)},  # Some read it as zero.
        )
        for name, value in BAD_LENGTHS.items()
    ),
    row(
        "a length with leading zeros", "RFC 9110 §8.6", post("Content-Length: 0015", body=TASK), says=201, then=GOES_ON
    ),
    row("a length between blanks", "RFC 9112 §5", post("Content-Length: \t 15 \t", body=TASK), says=201, then=GOES_ON),
    row(
        "a length of 5000 digits, most of them zeros",
        "RFC 9110 §8.6",
        post(f"Content-Length: {len(SMUGGLED):05000}", body=SMUGGLED),
        says=400,
        then=EITHER,
    ),
    row(
        "two lengths",
        "RFC 9112 §6.3",
        post("Content-Length: 0", f"Content-Length: {len(SMUGGLED)}", body=SMUGGLED),
        says=400,
        twofold=True,
    ),
    row(
        "two lengths, the longer one first",
        "RFC 9112 §6.3",
        post(f"Content-Length: {len(SMUGGLED)}", "Content-Length: 0", body=SMUGGLED),
        says=400,
        twofold=True,
    ),
    row(
        "two equal lengths",
        "RFC 9112 §6.3",
        post("Content-Length: 15", "Content-Length: 15", body=TASK),
        says={201, 400},
        then=EITHER,
    ),
    row("a length with a blank before the colon", "RFC 9112 §5.1", post("Content-Length : 15", body=TASK), says=400),
    row("a length with an underscore", "CGI's names", get("Content_Length: 90"), says=200, then=GOES_ON),
    row("a length on a line of its own", "RFC 9112 §5.2", post("Content-Length:\r\n 15", body=TASK), says=400),
    row("a length of 2^64 - 1", "RFC 9110 §8.6", post(f"Content-Length: {2**64 - 1}"), says={400, 413}, then=SILENT),
    row("a length of 1 TiB", "RFC 9110 §8.6", post(f"Content-Length: {2**40}"), says=413, then=SILENT),
    row(
        "a body that ends early",
        "RFC 9112 §8",
        post("Content-Length: 16", body=TASK),
        says={400, 408, NOTHING},
        ends=True,
    ),
    row("a head that ends early", "RFC 9112 §8", get()[:-2], says={400, 408, NOTHING}, ends=True),
]

# Lines that may look like `Transfer-Encoding: chunked`, with the statuses that refuse them.
BAD_CODINGS: dict[str, tuple[str, set[int]]] = {
    "xchunked": ("Transfer-Encoding: xchunked", {400, 501}),
    "identity": ("Transfer-Encoding: identity", {400, 501}),
    "gzip": ("Transfer-Encoding: gzip", {400, 501}),
    "gzip, chunked": ("Transfer-Encoding: gzip, chunked", {501}),
    "chunked, gzip": ("Transfer-Encoding: chunked, gzip", {400, 501}),
    "chunked, chunked": ("Transfer-Encoding: chunked, chunked", {400, 501}),
    "chunked, identity": ("Transfer-Encoding: chunked, identity", {400, 501}),
    "identity, chunked": ("Transfer-Encoding: identity, chunked", {400, 501}),
    "a comma before": ("Transfer-Encoding: ,chunked", {400, 501}),
    "a comma after": ("Transfer-Encoding: chunked,", {400, 501}),
    "a parameter": ("Transfer-Encoding: chunked;q=1", {400, 501}),
    "quotes": ('Transfer-Encoding: "chunked"', {400, 501}),
    "a blank inside": ("Transfer-Encoding: chun ked", {400, 501}),
    "a vertical tab before": ("Transfer-Encoding: \x0bchunked", {400, 501}),
    "a form feed after": ("Transfer-Encoding: chunked\x0c", {400, 501}),
    "NUL after": ("Transfer-Encoding: chunked\x00", {400, 501}),
    "a no-break space before": ("Transfer-Encoding: \xa0chunked", {400, 501}),
    "nothing": ("Transfer-Encoding:", {400, 501}),
    "a blank before the colon": ("Transfer-Encoding : chunked", {400}),
    "a tab before the colon": ("Transfer-Encoding\t: chunked", {400}),
    "a colon more": ("Transfer-Encoding: : chunked", {400, 501}),
    "a line of its own": ("Transfer-Encoding:\r\n chunked", {400}),
    "a blank before the name": ("X-A: b\r\n Transfer-Encoding: chunked", {400}),
    "a bare CR before": ("X-A: b\rTransfer-Encoding: chunked", {400}),
    "a bare LF before": ("X-A: b\nTransfer-Encoding: chunked", {400}),
    "two lines": ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", {400, 501}),
    "identity on a line before": ("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", {400, 501}),
    "identity on a line after": ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", {400, 501}),
    "cow on a line after": ("Transfer-Encoding: chunked\r\nTransfer-Encoding: cow", {400, 501}),
}
FINE_CODINGS = {
    "a capital": "Transfer-Encoding: Chunked",
    "a tab before": "Transfer-Encoding:\tchunked",
    "no blank before": "Transfer-Encoding:chunked",
    "a blank after": "Transfer-Encoding: chunked ",
    "a name in capitals": "TRANSFER-ENCODING: chunked",
}
CODINGS = [
    *(
        row(f"a coding with {name}", "TE.TE", post(line, body=END + SMUGGLED), says=statuses, twofold=True)
        for name, (line, statuses) in BAD_CODINGS.items()
    ),
    *(
        row(
            f"a length and a coding with {name}",
            "CL.TE with TE.TE",
            sized(line, body=END + SMUGGLED),
            says=400 if statuses == {501} else statuses,
            twofold=True,
        )
        for name, (line, statuses) in BAD_CODINGS.items()
    ),
    *(
        row(f"a coding with {name}", "RFC 9112 §7", post(line, body=chunks(TASK)), says=201, then=GOES_ON)
        for name, line in FINE_CODINGS.items()
    ),
    *(
        row(
            f"a length and a coding with {name}",
            "RFC 9112 §6.1",
            sized(line, body=END + SMUGGLED),
            says=400,
            twofold=True,
        )
        for name, line in FINE_CODINGS.items()
    ),
    row("CL.TE", "RFC 9112 §6.1", sized(CHUNKED, body=END + SMUGGLED), says=400, twofold=True),
    row("CL.TE with a prefix", "RFC 9112 §6.1", sized(CHUNKED, body=END + PREFIX), says=400, twofold=True),
    row("TE.CL", "RFC 9112 §6.1", post(CHUNKED, "Content-Length: 4", body=chunks(SMUGGLED)), says=400, twofold=True),
    row("TE.CL of nothing", "RFC 9112 §6.1", post(CHUNKED, "Content-Length: 0", body=chunks(SMUGGLED)), says=400),
    row("CL.TE on GET", "RFC 9112 §6.1", sized(CHUNKED, line=GET, body=END + SMUGGLED), says=400, twofold=True),
    row(
        "chunks in HTTP/1.0",
        "RFC 9112 §6.1",
        chunked(line="POST /api/me/tasks HTTP/1.0", body=END + SMUGGLED),
        says=400,
        twofold=True,
    ),
    row(
        "chunks in HTTP/1.0, kept alive",
        "RFC 9112 §6.1",
        chunked("Connection: keep-alive", line="POST /api/me/tasks HTTP/1.0", body=END + SMUGGLED),
        says=400,
        twofold=True,
    ),
    row("a coding with an underscore", "CGI's names", get("Transfer_Encoding: chunked"), says=200, then=GOES_ON),
    row("a body in gzip", "RFC 9110 §8.4", sized("Content-Encoding: gzip"), says=415, then=EITHER),
    row("a body in x-gzip", "RFC 9110 §8.4", *announced("Content-Encoding: x-gzip"), says=415, then=EITHER),
    row("a body in gzip, in chunks", "RFC 9110 §8.4", chunked("Content-Encoding: gzip"), says=415, then=EITHER),
    row("a body in identity", "RFC 9110 §8.4.1", sized("Content-Encoding: identity"), says=201, then=GOES_ON),
]

# First chunks that are wrong. The right one has 15 octets: `f`.
BAD_CHUNKS = {
    "a size with 0x": f"0xf\r\n{TASK}\r\n",
    "a size with a plus": f"+f\r\n{TASK}\r\n",
    "a size with a minus": f"-f\r\n{TASK}\r\n",
    "a size of minus one": f"-1\r\n{TASK}\r\n",
    "a size with an underscore": f"0_f\r\n{TASK}\r\n",
    "a size with a letter": f"fg\r\n{TASK}\r\n",
    "a size of nothing": f"\r\n{TASK}\r\n",
    "a size of an extension alone": f";a\r\n{TASK}\r\n",
    "a size of 2^64": f"1000000000000000f\r\n{TASK}\r\n",
    "a size of 2^68": f"fffffffffffffffff\r\n{TASK}\r\n",
    "a size of 5000 digits": f"{'f' * 5000}\r\n{TASK}\r\n",
    "a size before a bare LF": f"f\n{TASK}\r\n",
    "a size before a bare CR": f"f\r{TASK}\r\n",
    "an extension before a bare LF": f"f;a\n{TASK}\r\n",
    "an extension with a bare CR": f"f;a\rb\r\n{TASK}\r\n",
    "an extension with NUL": f"f;\x00\r\n{TASK}\r\n",
    "an extension with a line break in quotes": f'f;a="\r\n"\r\n{TASK}\r\n',
    "data before a bare LF": f"f\r\n{TASK}\n",
    "data before nothing": f"f\r\n{TASK}",
    "data before two other octets": f"f\r\n{TASK}XX",
    "more data than its size": f"e\r\n{TASK}\r\n",
    "less data than its size": f"10\r\n{TASK}\r\n",
}
CHUNKS = [
    *(
        row(f"a chunk with {name}", "RFC 9112 §7.1", chunked(body=chunk + END + SMUGGLED), says=400, twofold=True)
        for name, chunk in BAD_CHUNKS.items()
    ),
    row(
        "a chunk with leading zeros",
        "RFC 9112 §7.1",
        chunked(body=f"{'f':0>20}\r\n{TASK}\r\n{END}"),
        says=201,
        then=GOES_ON,
    ),
    row("a chunk with capitals", "RFC 9112 §7.1", chunked(body=f"F\r\n{TASK}\r\n{END}"), says=201, then=GOES_ON),
    row(
        "a chunk with an extension",
        "RFC 9112 §7.1.1",
        chunked(body=f'f;a="b;c"\r\n{TASK}\r\n{END}'),
        says=201,
        then=GOES_ON,
    ),
    *(
        row(
            f"a chunk with {name}",
            "RFC 9112 §7.1.1",
            chunked(body=f"{size}\r\n{TASK}\r\n{END}"),
            says={201, 400},
            then=EITHER,
        )
        for name, size in {"a blank and an extension": "f ;a", "a blank after": "f ", "a blank before": " f"}.items()
    ),
    row(
        "chunks of one octet each",
        "RFC 9112 §7.1",
        chunked(body=chunks(*(TASK + " " * 5000))),
        says=201,
        then=GOES_ON,
    ),
    row(
        "a chunk with an extension of 2 MiB",
        "RFC 9112 §7.1.1",
        chunked(body=f"f;{'a' * 2**21}\r\n{TASK}\r\n{END}"),
        says={400, 413, 431},
    ),
    row(
        "2 MiB of extensions in small chunks",
        "RFC 9112 §7.1.1",
        chunked(body=f"1;{'a' * 2000}\r\n \r\n" * 1000 + chunks(TASK)),
        says={400, 413, 431},
    ),
    row(
        "chunks of 2 MiB",
        "RFC 9110 §15.5.14",
        chunked(body=chunks(*[" " * 2**16] * 32, last="")),
        says=413,
        then=SILENT,
    ),
    row(
        "a chunk of 2^64 - 1",
        "RFC 9112 §7.1",
        chunked(body="ffffffffffffffff\r\n"),
        says={400, 413, NOTHING},
        then=SILENT,
    ),
    row(
        "a last chunk before bare LFs",
        "RFC 9112 §7.1",
        chunked(body=f"f\r\n{TASK}\r\n0\n\n" + SMUGGLED),
        says=400,
        twofold=True,
    ),
    row("a last chunk and a stray octet", "RFC 9112 §7.1", chunked(body=f"f\r\n{TASK}\r\n0\r\nX\r\n\r\n"), says=400),
    row(
        "chunks without a last one",
        "RFC 9112 §8",
        chunked(body=chunks(TASK, last="")),
        says={400, 408, NOTHING},
        ends=True,
    ),
    row("a chunk that ends early", "RFC 9112 §8", chunked(body=f"1f\r\n{TASK}"), says={400, 408, NOTHING}, ends=True),
    row("a request in a chunk", "RFC 9112 §7.1", chunked(body=chunks(SMUGGLED)), says=400, then=GOES_ON),
    row(
        "a request in a chunk of the next packet",
        "RFC 9112 §7.1",
        post(CHUNKED),
        chunks(SMUGGLED).encode(),
        says=400,
        then=GOES_ON,
    ),
    row("a request after the chunks", "RFC 9112 §9.3.2", chunked() + get(n=2), says=(201, 200), then=GOES_ON),
]


def trailed(*trailers: str, after: bytes = b"") -> bytes:
    """A task in chunks, with trailers."""
    return chunked(body=chunks(TASK, last="0\r\n" + "".join(f"{line}\r\n" for line in trailers) + "\r\n")) + after


ANONYMOUS = f"{POST}\r\n{HOST}\r\nX-Request-ID: {SERIAL}-1\r\nContent-Type: application/json\r\n{CHUNKED}\r\n\r\n"
TRAILERS = [
    *(
        row(f"the trailer {line.partition(':')[0]}", "RFC 9110 §6.5.1", trailed(line), says=201, then=GOES_ON)
        for line in (
            "X-Checksum: 1",
            f"X-Request-ID: {SERIAL}-smuggled",
            "X-Forwarded-For: 192.0.2.1",
            "X-Forwarded-Proto: https",
            "Host: elsewhere.example.com",
            "Content-Type: text/plain",
            "Content-Encoding: gzip",
            'If-Match: "1"',
            "Idempotency-Key: 1",
            "Expect: 100-continue",
        )
    ),
    row(
        "the trailer Authorization",
        "RFC 9110 §6.5.1",
        (ANONYMOUS + chunks(TASK, last=f"0\r\nAuthorization: Bearer {TOKEN}\r\n\r\n")).encode(),
        says=401,
        then=EITHER,
    ),
    row(
        "the trailer Content-Length",
        "RFC 9110 §6.5.1",
        trailed(f"Content-Length: {len(SMUGGLED)}"),
        says={201, 400},
        then=EITHER,
    ),
    row("the trailer Transfer-Encoding", "RFC 9110 §6.5.1", trailed(CHUNKED), says={201, 400}, then=EITHER),
    row("the trailer Connection", "RFC 9110 §6.5.1", trailed("Connection: close"), says=201, then=EITHER),
    row(
        "the trailers of an upgrade",
        "RFC 9110 §7.8",
        trailed("Connection: Upgrade", "Upgrade: websocket", after=get(n=2)),
        says=(201, 200),
        then=GOES_ON,
    ),
    row(
        "a request after trailers", "RFC 9112 §7.1.2", trailed("X-A: b", after=get(n=2)), says=(201, 200), then=GOES_ON
    ),
    row("a trailer with a blank before the colon", "RFC 9112 §5.1", trailed("X-A : b"), says=400),
    row("a trailer on two lines", "RFC 9112 §5.2", trailed("X-A: b\r\n c"), says=400),
    row("a trailer without a colon", "RFC 9112 §5", trailed("X-A"), says=400),
    row("a trailer with NUL", "RFC 9110 §5.5", trailed("X-A: \x00"), says=400),
    row("a trailer before a bare LF", "RFC 9112 §2.2", trailed("X-A: b\nX-B: c"), says={400}),
    row("a trailer that is a request", "RFC 9112 §7.1.2", trailed(SMUGGLED.rstrip()), says=400),
    row("a trailer of 70 000", "RFC 9110 §5.4", trailed(f"X-A: {'a' * 70_000}"), says={400, 431}),
    row("100 000 trailers", "RFC 9110 §5.4", trailed(*["a:"] * 100_000), says={400, 431}),
    row(
        "trailers without an end",
        "RFC 9110 §5.4",
        *[trailed(*["a:"] * 10_000)[:-2], b"a:\r\n" * 10_000, b"a:\r\n" * 10_000],
        says={400, 431},
    ),
]

# Doable ignores an offer to upgrade (RFC 9110 §7.8) and reads the request as any other.
OFFERS = {
    "x": ("Connection: Upgrade", "Upgrade: x"),
    "websocket": WEBSOCKET,
    "h2c": H2C,
    "TLS": ("Connection: upgrade", "Upgrade: TLS/1.3"),
}
UPGRADES = [
    *(
        made
        for name, offer in OFFERS.items()
        for made in (
            row(f"an offer of {name}", "RFC 9110 §7.8", get(*offer), says=200, then=GOES_ON),
            row(f"an offer of {name} with a body", "RFC 9110 §7.8", sized(*offer), says=201, then=GOES_ON),
            row(
                f"an offer of {name} with a body after it", "RFC 9110 §7.8", *announced(*offer), says=201, then=GOES_ON
            ),
            row(f"an offer of {name} with chunks", "RFC 9110 §7.8", chunked(*offer), says=201, then=GOES_ON),
            row(
                f"an offer of {name} with chunks after it",
                "RFC 9110 §7.8",
                *(post(CHUNKED, *offer), chunks(TASK).encode()),
                says=201,
                then=GOES_ON,
            ),
            row(
                f"an offer of {name} with requests after it",
                "RFC 9112 §9.3.2",
                get(*offer) + sized(*offer, n=2) + get(n=3),
                says=(200, 201, 200),
                then=GOES_ON,
            ),
            row(
                f"an offer of {name} with a request as body",
                "Upgrade desync",
                *announced(*offer, body=SMUGGLED),
                says=400,
                then=GOES_ON,
            ),
            row(
                f"an offer of {name} with a request in a chunk",
                "Upgrade desync",
                *(post(CHUNKED, *offer), chunks(SMUGGLED).encode()),
                says=400,
                then=GOES_ON,
            ),
        )
    ),
    *(
        row(
            f"an offer with {name} as body",
            "Upgrade desync",
            *announced("Connection: Upgrade", "Upgrade: x", body=body),
            says=400,
            then=GOES_ON,
        )
        for name, body in {
            "another's deletion": DELETION,
            "a prefix": PREFIX,
            "a task": PLANT,
            "a task that captures": CAPTURE,
            "two requests": SMUGGLED + SMUGGLED,
            "a request after many lines": LINES + SMUGGLED,
            "another's deletion after many lines": LINES + DELETION,
            "a prefix after many lines": LINES + PREFIX,
            "a task that captures after many lines": LINES + CAPTURE,
        }.items()
    ),
    row(
        "an offer without a credential, with another's deletion as body",
        "Upgrade desync",
        f"{POST}\r\n{HOST}\r\nX-Request-ID: {SERIAL}-1\r\nConnection: Upgrade\r\nUpgrade: x\r\n"
        f"Content-Length: {len(DELETION)}\r\n\r\n".encode(),
        DELETION.encode(),
        says=401,
        then=EITHER,
    ),
    row(
        "an offer on GET with a request as body",
        "Upgrade desync",
        *announced("Connection: Upgrade", "Upgrade: x", line=GET, body=SMUGGLED),
        says=200,
        then=EITHER,
    ),
    row(
        "an offer that waits for leave",
        "RFC 9110 §7.8",
        *announced("Expect: 100-continue", *WEBSOCKET),
        says=201,
        then=GOES_ON,
        continues=True,
    ),
    row(
        "an offer in HTTP/1.0",
        "RFC 9110 §7.8",
        *announced("Connection: Upgrade", "Upgrade: x", line="POST /api/me/tasks HTTP/1.0"),
        says=201,
    ),
    row("an offer that is not in Connection", "RFC 9110 §7.8", *announced("Upgrade: x"), says=201, then=GOES_ON),
    row("an offer of nothing", "RFC 9110 §7.8", *announced("Connection: Upgrade"), says=201, then=GOES_ON),
    row(
        "an offer and an end",
        "RFC 9112 §9.6",
        *announced("Connection: Upgrade, close", "Upgrade: x"),
        says=201,
    ),
    row(
        "an offer and an end, for nowhere",
        "Upgrade desync",
        *announced("Connection: Upgrade, close", "Upgrade: x", line=NOWHERE, body=SMUGGLED),
        says=404,
    ),
    row("CONNECT", "RFC 9110 §9.3.6", get(line="CONNECT tasks.example.com:443 HTTP/1.1"), says={400, 405, 501}),
    row("CONNECT with a path", "RFC 9110 §9.3.6", get(line="CONNECT /api/me HTTP/1.1"), says={400, 405, 501}),
    row(
        "CONNECT with a request after it",
        "RFC 9110 §9.3.6",
        get(line="CONNECT tasks.example.com:443 HTTP/1.1"),
        SMUGGLED.encode(),
        says={400, 405, 501},
        twofold=True,
    ),
    row(
        "CONNECT with a request as body",
        "RFC 9110 §9.3.6",
        *announced(line="CONNECT tasks.example.com:443 HTTP/1.1", body=SMUGGLED),
        says={400, 405, 501},
        twofold=True,
    ),
    row(
        "HTTP/2 without asking", "RFC 9113 §3.4", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0", says=400
    ),
]

HEADS = [
    *(
        row(name, source, get(line), says=400)
        for name, source, line in (
            ("a header on two lines", "RFC 9112 §5.2", "X-A: b\r\n c"),
            ("a header on two lines, with a tab", "RFC 9112 §5.2", "X-A: b\r\n\tc"),
            ("a header with a blank before the colon", "RFC 9112 §5.1", "X-A : b"),
            ("a header without a colon", "RFC 9112 §5", "X-A"),
            ("a header without a name", "RFC 9112 §5", ": b"),
            ("a header whose name has a parenthesis", "RFC 9110 §5.6.2", "X(A): b"),
            ("a header whose name is not ASCII", "RFC 9110 §5.6.2", "X-\xe9: b"),
            ("a header whose name has NUL", "RFC 9110 §5.6.2", "X\x00A: b"),
            ("a header with NUL", "RFC 9110 §5.5", "X-A: \x00b"),
            ("a header with a control character", "RFC 9110 §5.5", "X-A: \x01b"),
            ("a header with DEL", "RFC 9110 §5.5", "X-A: \x7fb"),
            ("a header with a bare CR", "RFC 9112 §2.2", "X-A: b\rc"),
            ("a header before a bare LF", "RFC 9112 §2.2", "X-A: b\nX-B: c"),
            ("a header before two CRs", "RFC 9112 §2.2", "X-A: b\r\r\nX-B: c"),
            ("a length after a bare CR", "0.CL", f"X-A: b\rContent-Length: {len(PREFIX)}"),
            ("a length after a bare LF", "0.CL", f"X-A: b\nContent-Length: {len(PREFIX)}"),
            ("a length after a header with NUL", "0.CL", f"X-A: \x00\r\nContent-Length: {len(PREFIX)}"),
        )
    ),
    row("a blank before the first header", "RFC 9112 §2.2", message(GET, f" {HOST}"), says=400),
    row("bare LFs only", "RFC 9112 §2.2", get().replace(b"\r\n", b"\n"), says=400),
    row("bare CRs only", "RFC 9112 §2.2", get().replace(b"\r\n", b"\r"), says=400),
    row(
        "a head that ends in a bare LF", "RFC 9112 §2.2", get()[:-2] + b"\n" + SMUGGLED.encode(), says=400, twofold=True
    ),
    row("100 header lines", "RFC 9110 §5.4", get(*[f"X-{n}: a" for n in range(96)]), says=200, then=GOES_ON),
    row("101 header lines", "RFC 9110 §5.4", get(*[f"X-{n}: a" for n in range(97)]), says=431),
    row("101 equal header lines", "RFC 9110 §5.4", get(*["X-A: a"] * 97), says=431),
    row("20 000 header lines", "RFC 9110 §5.4", get(*["a:"] * 20_000), says=431),
    row("a head of 70 000", "RFC 9110 §5.4", get(f"X-A: {'a' * 70_000}"), says=431),
    row(
        "a head of 70 000 in three packets",
        "RFC 9110 §5.4",
        *cut(get(f"X-A: {'a' * 70_000}"), 30_000, 60_000),
        says=431,
    ),
    row("a head of 70 000 with a body", "RFC 9110 §5.4", sized(f"X-A: {'a' * 70_000}", body=SMUGGLED), says=431),
    row(
        "a head without an end",
        "RFC 9110 §5.4",
        get()[:-2] + b"X-A: " + b"a" * 30_000,
        b"a" * 30_000,
        b"a" * 30_000,
        says=431,
    ),
    row("64 KiB of blanks in a header", "RFC 9110 §5.4", get(f"X-A: {' ' * 2**16}b"), says=431),
    row("a header's name of 70 000", "RFC 9110 §5.4", get(f"X-{'a' * 70_000}: b"), says=431),
    row("a URL of 70 000", "RFC 9112 §3", get(line=f"GET /{'a' * 70_000} HTTP/1.1"), says={414, 431}),
    row("64 KiB of empty lines before", "RFC 9112 §2.2", b"\r\n" * 2**15 + get(), says={200, 400, 431}, then=EITHER),
]

HOSTS = [
    row("no Host", "RFC 9112 §3.2", message(GET), says=400, then=EITHER),
    row("no Host in HTTP/1.0", "RFC 9112 §3.2", message("GET /api/me HTTP/1.0"), says=200),
    row("two Hosts", "RFC 9112 §3.2", get("Host: elsewhere.example.com"), says=400, then=EITHER),
    row("two equal Hosts", "RFC 9112 §3.2", get(HOST), says=400, then=EITHER),
    row("two Hosts in HTTP/1.0", "RFC 9112 §3.2", get(HOST, line="GET /api/me HTTP/1.0"), says=400),
    row("an empty Host", "RFC 9112 §3.2", message(GET, "Host:"), says={200, 400}, then=EITHER),
    *(
        row(f"a Host with {name}", "RFC 9110 §7.2", message(GET, f"Host: {host}"), says=400, then=EITHER)
        for name, host in {
            "a blank": "tasks example.com",
            "a path": "tasks.example.com/x",
            "a user": "me@tasks.example.com",
            "a list": "tasks.example.com, elsewhere.example.com",
            "a question mark": "tasks.example.com?x",
            "a backslash": "tasks.example.com\\x",
            "letters as port": "tasks.example.com:http",
            "two ports": "tasks.example.com:80:80",
            "half an IPv6 address": "[::1",
        }.items()
    ),
    *(
        row(f"a Host of {name}", "RFC 9110 §7.2", message(GET, f"Host: {host}"), says=200, then=GOES_ON)
        for name, host in {
            "a name and a port": "tasks.example.com:8000",
            "IPv4": "192.0.2.1:80",
            "IPv6": "[2001:db8::1]:80",
        }.items()
    ),
    row(
        "a Host with a body",
        "RFC 9112 §3.2",
        message(POST, f"Content-Length: {len(SMUGGLED)}", body=SMUGGLED),
        says=400,
        then=EITHER,
    ),
    row(
        "an absolute URL",
        "RFC 9112 §3.2.2",
        get(line="GET http://tasks.example.com/api/me HTTP/1.1"),
        says=200,
        then=GOES_ON,
    ),
    row(
        "an absolute URL of another host",
        "RFC 9112 §3.2.2",
        get(line="GET http://elsewhere.example.com/api/me HTTP/1.1"),
        says={200, 400},
        then=EITHER,
    ),
    row(
        "an absolute URL without Host",
        "RFC 9112 §3.2",
        message("GET http://tasks.example.com/api/me HTTP/1.1"),
        says=400,
        then=EITHER,
    ),
    row(
        "an absolute URL without a path",
        "RFC 9112 §3.2.2",
        get(line="GET http://tasks.example.com HTTP/1.1"),
        says={200, 307, 308, 400, 404},
        then=EITHER,
    ),
]

LINES_OF_REQUESTS = [
    *(
        row(f"the version {version}", "RFC 9112 §2.3", get(line=f"GET /api/me {version}"), says=400)
        for version in (
            *("HTTP/0.9", "HTTP/1.2", "HTTP/1.10", "HTTP/01.1", "HTTP/1", "HTTP/11", "HTTP/2.0", "HTTP/3.0"),
            *("http/1.1", "HTTPS/1.1", "ICE/1.0", "HTTP/1.1x", "HTTP /1.1"),
        )
    ),
    row(
        "another protocol that llhttp knows, and reads as HTTP/1.0",
        "RFC 2326 §6.1",
        get(line="GET /api/me RTSP/1.0") + SMUGGLED.encode(),
        says={200, 400},
    ),
    row("HTTP/0.9", "RFC 9112 §2.3", f"GET /own/{SERIAL}\r\n\r\n".encode(), says=400),
    row(
        "HTTP/0.9 with a request after it",
        "RFC 9112 §2.3",
        f"GET /own/{SERIAL}\r\n\r\n{SMUGGLED}".encode(),
        says=400,
        twofold=True,
    ),
    row(
        "the version 2.0 with a body",
        "RFC 9112 §2.3",
        *announced(line="POST /api/me/tasks HTTP/2.0", body=SMUGGLED),
        says=400,
    ),
    *(
        row(
            f"the method {method[:20]}",
            "RFC 9110 §9.1",
            get(line=f"{method} /api/me HTTP/1.1"),
            says={400, 405, 501},
            then=EITHER,
        )
        for method in (
            "get",
            "Get",
            "SMUGGLE",
            "GETX",
            "G\xc9T",
            "GET\x00",
            "X" * 9000,
            "TRACE",
            "PURGE",
            "PROPFIND",
            "PUT",
        )
    ),
    row("a method of 70 000", "RFC 9112 §3", get(line=f"{'X' * 70_000} /api/me HTTP/1.1"), says={400, 414, 431, 501}),
    row("no method", "RFC 9112 §3", get(line="/api/me HTTP/1.1"), says=400),
    row("OPTIONS *", "RFC 9110 §9.3.7", get(line="OPTIONS * HTTP/1.1"), says={200, 204, 400, 404, 405}, then=EITHER),
    row("GET *", "RFC 9112 §3.2.4", get(line="GET * HTTP/1.1"), says={400, 404}, then=EITHER),
    row(
        "a target with a fragment",
        "RFC 9112 §3.2",
        get(line="GET /api/me#x HTTP/1.1"),
        says={200, 400, 404},
        then=EITHER,
    ),
    *(
        row(f"a target with {name}", "RFC 9112 §3.2", get(line=f"GET {target} HTTP/1.1"), says=400)
        for name, target in {
            "a blank": "/api /me",
            "a tab": "/api\t/me",
            "NUL": "/api/me\x00",
            "DEL": "/api/me\x7f",
            "octets beyond ASCII": "/api/m\xc3\xa9",
            "no slash": "api/me",
            "a bare CR": "/api/me\r",
            "another request": "/ HTTP/1.1\tGET /smuggled",
        }.items()
    ),
    row("two blanks", "RFC 9112 §3", get(line="GET  /api/me  HTTP/1.1"), says={200, 400}, then=EITHER),
    row("tabs for blanks", "RFC 9112 §3", get(line="GET\t/api/me\tHTTP/1.1"), says=400),
    row("a blank before the method", "RFC 9112 §3", b" " + get(), says=400),
    row("a blank after the version", "RFC 9112 §3", get(line="GET /api/me HTTP/1.1 "), says=400),
    row(
        "an escaped line break",
        "RFC 3986 §2.1",
        get(line="GET /api/me%0d%0aX-A:%20b HTTP/1.1"),
        says={400, 404},
        then=EITHER,
    ),
    row("an escaped NUL", "RFC 3986 §2.1", get(line="GET /api/me%00 HTTP/1.1"), says={400, 404}, then=EITHER),
    row("TLS", "RFC 8446 §4.1.2", b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"\r\n\r\n", says=400),
    row("SMTP", "RFC 5321 §4.1", b"EHLO tasks.example.com\r\n\r\n", says=400),
    row("PROXY", "HAProxy's PROXY protocol", b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n" + get(), says=400),
]

CONNECTIONS = [
    row("an end, then a request", "RFC 9112 §9.6", get("Connection: close") + SMUGGLED.encode(), says=200),
    row(
        "an end, then a request in the next packet",
        "RFC 9112 §9.6",
        get("Connection: close"),
        SMUGGLED.encode(),
        says=200,
    ),
    row("an end in a list, then a request", "RFC 9112 §9.6", get("Connection: x, Close") + SMUGGLED.encode(), says=200),
    row(
        "an end and its opposite",
        "RFC 9112 §9.3",
        get("Connection: keep-alive", "Connection: close") + SMUGGLED.encode(),
        says=200,
    ),
    row("an end with a body", "RFC 9112 §9.6", *announced("Connection: close"), says=201),
    row(
        "an end with a body, then a request", "RFC 9112 §9.6", sized("Connection: close") + SMUGGLED.encode(), says=201
    ),
    row("HTTP/1.0, then a request", "RFC 9112 §9.3", get(line="GET /api/me HTTP/1.0") + SMUGGLED.encode(), says=200),
    row(
        "HTTP/1.0, kept alive",
        "RFC 9112 §9.3",
        get("Connection: keep-alive", line="GET /api/me HTTP/1.0"),
        says=200,
        then=EITHER,
    ),
    row("HTTP/1.0 with a body", "RFC 9112 §6.3", *announced(line="POST /api/me/tasks HTTP/1.0"), says=201),
    row(
        "HTTP/1.0 with a body, kept alive",
        "RFC 9112 §6.3",
        *announced("Connection: keep-alive", line="POST /api/me/tasks HTTP/1.0", body=SMUGGLED),
        says=400,
        then=EITHER,
    ),
    *(
        row(
            f"Connection names {name}",
            "RFC 9110 §7.6.1",
            *announced(f"Connection: {name}", body=body),
            says=says,
            then=GOES_ON,
        )
        for name in ("Content-Length", "Content-Type", "Keep-Alive", "Expect", "X-Forwarded-For")
        for body, says in ((TASK, 201),)
    ),
    row(
        "Connection names Content-Length of a request",
        "RFC 9110 §7.6.1",
        *announced("Connection: Content-Length", body=SMUGGLED),
        says=400,
        then=GOES_ON,
    ),
    row(
        "Connection names Transfer-Encoding of a request",
        "RFC 9110 §7.6.1",
        post("Connection: Transfer-Encoding", CHUNKED),
        chunks(SMUGGLED).encode(),
        says=400,
        then=GOES_ON,
    ),
    row(
        "Proxy-Connection",
        "RFC 9112 §C.2.2",
        get("Proxy-Connection: close") + get(n=2),
        says=(200, {200, NOTHING}),
        then=EITHER,
    ),
    row("a body on GET", "RFC 9110 §9.3.1", sized(line=GET, body=SMUGGLED), says=200, then=EITHER),
    row("a body on GET after its head", "RFC 9110 §9.3.1", *announced(line=GET, body=SMUGGLED), says=200, then=EITHER),
    row("a body on GET in chunks", "RFC 9110 §9.3.1", chunked(line=GET, body=chunks(SMUGGLED)), says=200, then=EITHER),
    row("a prefix on GET", "0.CL", *announced(line=GET, body=PREFIX), says=200, then=EITHER),
    row(
        "a body on HEAD",
        "RFC 9110 §9.3.2",
        *announced(line="HEAD /api/me HTTP/1.1", body=SMUGGLED),
        says={200, 405},
        then=EITHER,
    ),
    row(
        "a body on OPTIONS",
        "TE.0",
        *announced(line="OPTIONS /api/me HTTP/1.1", body=SMUGGLED),
        says={200, 204, 405},
        then=EITHER,
    ),
    row(
        "a body on a preflight",
        "TE.0",
        *(
            post(
                "Origin: http://localhost:3000",
                "Access-Control-Request-Method: GET",
                CHUNKED,
                line="OPTIONS /api/me HTTP/1.1",
            ),
            chunks(SMUGGLED).encode(),
        ),
        says={200, 204},
        then=EITHER,
    ),
    row("a body for nowhere", "CL.0", sized(line=NOWHERE, body=SMUGGLED), says=404, then=EITHER),
    row("a body for nowhere after its head", "CL.0", *announced(line=NOWHERE, body=SMUGGLED), says=404, then=EITHER),
    row("a prefix for nowhere after its head", "CL.0", *announced(line=NOWHERE, body=DELETION), says=404, then=EITHER),
    row(
        "chunks for nowhere after their head",
        "CL.0",
        post(CHUNKED, line=NOWHERE),
        chunks(SMUGGLED).encode(),
        says=404,
        then=EITHER,
    ),
    row(
        "a bad chunk for nowhere",
        "RFC 9112 §7.1",
        post(CHUNKED, line=NOWHERE),
        b"0x5\r\n" + SMUGGLED.encode(),
        says={400, 404},
        then=BREAKS,
    ),
    row(
        "trailers without an end for nowhere",
        "RFC 9110 §5.4",
        post(CHUNKED, line=NOWHERE),
        b"0\r\n" + b"a:\r\n" * 40_000,
        says={400, 404, 431},
        then=BREAKS,
    ),
    row(
        "a body that is not allowed",
        "CL.0",
        *announced(line="PUT /api/me HTTP/1.1", body=SMUGGLED),
        says=405,
        then=EITHER,
    ),
    row(
        "a body of another kind",
        "CL.0",
        *announced("Content-Type: text/plain", body=SMUGGLED),
        says={400, 415},
        then=EITHER,
    ),
    row(
        "a body before its answer, then a request",
        "CL.0",
        *(sized(line=NOWHERE, body=PREFIX), get(n=2)),
        says=(404, 200),
        then=EITHER,
    ),
    row(
        "a body that waits for leave",
        "RFC 9110 §10.1.1",
        *announced("Expect: 100-continue"),
        says=201,
        then=GOES_ON,
        continues=True,
    ),
    row(
        "chunks that wait for leave",
        "RFC 9110 §10.1.1",
        post("Expect: 100-continue", CHUNKED),
        chunks(TASK).encode(),
        says=201,
        then=GOES_ON,
        continues=True,
    ),
    row("leave for nothing", "RFC 9110 §10.1.1", get("Expect: 100-continue"), says=200, then=EITHER),
    row(
        "leave in capitals",
        "RFC 9110 §10.1.1",
        *announced("Expect: 100-Continue"),
        says=201,
        then=GOES_ON,
        continues=True,
    ),
    row(
        "leave twice",
        "RFC 9110 §10.1.1",
        *announced("Expect: 100-continue", "Expect: 100-continue"),
        says={201, 417},
        then=EITHER,
    ),
    row(
        "leave in HTTP/1.0",
        "RFC 9110 §10.1.1",
        *announced("Expect: 100-continue", line="POST /api/me/tasks HTTP/1.0"),
        says=201,
        continues=False,
    ),
    row("another expectation", "RFC 9110 §10.1.1", *announced("Expect: 200-ok"), says={201, 417}, then=EITHER),
    row(
        "leave behind a word", "0.CL", *announced("Expect: y 100-continue", body=SMUGGLED), says={400, 417}, then=EITHER
    ),
    row(
        "leave that is not given",
        "RFC 9110 §10.1.1",
        post("Expect: 100-continue", "Content-Length: 4000", line=NOWHERE),
        says=404,
        then=SILENT,
        continues=False,
    ),
    row(
        "leave that is not waited for",
        "RFC 9110 §10.1.1",
        *announced("Expect: 100-continue", line=NOWHERE, body=SMUGGLED),
        says=404,
        then=EITHER,
    ),
    row(
        "leave for too much",
        "RFC 9110 §10.1.1",
        post("Expect: 100-continue", f"Content-Length: {2**21}"),
        says=413,
        then=SILENT,
        continues=False,
    ),
]

SECTIONS = {
    "plain": PLAIN,
    "lengths": LENGTHS,
    "codings": CODINGS,
    "chunks": CHUNKS,
    "trailers": TRAILERS,
    "upgrades": UPGRADES,
    "heads": HEADS,
    "hosts": HOSTS,
    "lines": LINES_OF_REQUESTS,
    "connections": CONNECTIONS,
}
