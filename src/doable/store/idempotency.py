"""The responses to requests with an `Idempotency-Key`, stored in the same transaction as their effect."""

from datetime import timedelta
from hashlib import sha256
from typing import Final

import msgspec

from doable.errors import UserNotFound
from doable.model import KeptResponse
from doable.store.database import Executor

IDEMPOTENCY_KEY_LIFETIME: Final = timedelta(hours=24)

CLAIM = """
-- The lock belongs to the transaction, so it also works through a pooler. It keeps the user from being removed.
select pg_try_advisory_xact_lock($2) from doable.users where id = $1 for key share
"""


async def claim(db: Executor, user_id: str, key: str) -> bool:
    """Whether this transaction has the key until it ends: no other one has it now. Raises UserNotFound."""
    lock = int.from_bytes(sha256(f"{user_id}\0{key}".encode()).digest()[:8], signed=True)
    row = await db.write_one(CLAIM, user_id, lock)
    if row is None:
        raise UserNotFound
    return bool(row[0])


FIND = """
-- After the claim, in a separate statement: so it sees what the previous holder of the key committed.
select fingerprint, status, headers, body
from doable.idempotency_keys
where user_id = $1 and key = $2 and created_at > now() - $3::interval
"""


async def find(db: Executor, user_id: str, key: str) -> tuple[bytes, KeptResponse] | None:
    """The fingerprint of the request that the key stands for, and its outcome."""
    row = await db.read_one(FIND, user_id, key, IDEMPOTENCY_KEY_LIFETIME)
    return (row[0], KeptResponse(row[1], msgspec.json.decode(row[2], type=dict[str, str]), row[3])) if row else None


KEEP = """
-- This replaces a response that has expired and was not pruned yet.
insert into doable.idempotency_keys (user_id, key, fingerprint, status, headers, body)
values ($1, $2, $3, $4, $5, $6)
on conflict (user_id, key) do update
set fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers, body = excluded.body,
  created_at = excluded.created_at
"""


async def keep(db: Executor, user_id: str, key: str, fingerprint: bytes, outcome: KeptResponse) -> None:
    headers = msgspec.json.encode(outcome.headers).decode()
    await db.write(KEEP, user_id, key, fingerprint, outcome.status, headers, outcome.body)
