"""Moments, written as people write them."""

from datetime import datetime


def at(text: str) -> datetime:
    """The moment of an ISO 8601 text with its offset from UTC."""
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo
    return moment
