"""Credentials that say nothing but whose they are: access tokens, session tokens and tickets.

Each is 256 random bits, and then the id of its owner, both as base64url (RFC 4648 §5). So the owner's rows are found
where they are (docs/citus.md). Only a hash of all of it is stored: another owner makes another credential.
"""

import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Final

from doable.model import USER_ID_MAX, is_user_id

RANDOM_BYTES: Final = 32
RANDOM_LENGTH: Final = 43  # characters
OWNER_LENGTH_MAX: Final = -(-16 * USER_ID_MAX // 3)  # of up to 4 bytes for each character
PATTERN: Final = f"[A-Za-z0-9_-]{{{RANDOM_LENGTH},{RANDOM_LENGTH + OWNER_LENGTH_MAX}}}"
_is_opaque: Final = re.compile(PATTERN).fullmatch


def new(owner: str) -> str:
    return secrets.token_urlsafe(RANDOM_BYTES) + urlsafe_b64encode(owner.encode()).decode().rstrip("=")


def owner_of(credential: str) -> str | None:
    """Whose credential this is if it is valid. None if it is not one.

    Empty for one that an earlier version made: it does not say.
    """
    if not _is_opaque(credential):
        return None
    encoded = credential[RANDOM_LENGTH:]
    try:
        owner = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except ValueError:
        return None
    return owner if not owner or is_user_id(owner) else None


def digest(credential: str) -> bytes:
    """The SHA-256 of a credential, with 256 random bits: a fast hash is as safe as a slow one."""
    return sha256(credential.encode(errors="replace")).digest()
