"""What a client accepts, and what it prefers (RFC 9110 §12.5)."""

import re
from collections.abc import Sequence
from typing import Final

IDENTITY: Final = "identity"  # the name of no coding
BY_CODING: Final = (b"vary", b"Accept-Encoding")
HEADER_MAX: Final = 1024  # bytes; browsers send up to 140. A longer header is ignored, as the RFC permits.
# A client accepts no coding where it names none, but only after every coding that it names (§12.5.3).
_UNNAMED: Final = 0.0005
_WEIGHT: Final = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")  # §12.4.2


def best_coding(header: bytes | None, codings: Sequence[str]) -> str:
    """The coding that the client wants most; of equal ones the first. The result is `identity` if it wants none.

    `header` is Accept-Encoding. `codings` are those that there are, with `identity` among them.
    """
    weights = _weights(header)

    def weight(coding: str) -> float:
        return weights.get(coding, weights.get("*", _UNNAMED if coding == IDENTITY else 0))

    best = max(codings, key=weight)
    return best if weight(best) else IDENTITY


def prefers(header: bytes | None, media_type: str, other: str) -> bool:
    """Whether the client wants `media_type` more than `other`. `header` is Accept.

    The higher weight counts, and of equal weights the name that says more: `text/html, */*` prefers HTML to JSON.
    """
    weights = _weights(header)
    return _preference(weights, media_type) > _preference(weights, other)


def _preference(weights: dict[str, float], media_type: str) -> tuple[float, int]:
    """The weight of a media type, and how exactly the client named it."""
    ranges = ("*/*", f"{media_type.partition('/')[0]}/*", media_type)
    named = [exactness for exactness, name in enumerate(ranges) if name in weights]
    weight = weights[ranges[named[-1]]] if named else 0
    return (weight, named[-1]) if weight else (0, 0)


def _weights(header: bytes | None) -> dict[str, float]:
    """The weight of each name in the header. An element with a malformed weight does not count."""
    if header is None or len(header) > HEADER_MAX:
        return {}
    found: dict[str, float] = {}
    for element in header.decode("latin-1").lower().split(","):
        name, *parameters = (part.strip() for part in element.split(";"))
        weight = next((part.partition("=")[2] for part in parameters if part.startswith("q=")), "1")
        if _WEIGHT.fullmatch(weight):
            found[name] = max(float(weight), found.get(name, 0))
    return found
