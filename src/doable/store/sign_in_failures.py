"""Failed sign-ins, counted per subject for all processes together (operations/throttle.py explains subjects).

After `free` failures each attempt must wait: a second, two, four … up to `longest` seconds. Every `longest` seconds
without a failure one failure is forgiven, so that the count never rises beyond what the longest wait needs.
"""

from doable.store.database import Executor

COUNT = """
-- Count a failure, unless it comes too early: then there is no row. last_at may be later than now(), if a transaction
-- that began after this one wrote it.
insert into doable.sign_in_failures as old (subject, failures, last_at) values ($1, 1, now())
on conflict (subject) do update set
  failures = 1 + greatest(
    old.failures - floor(greatest(extract(epoch from now() - old.last_at), 0) / $3::int)::int, 0
  ),
  last_at = greatest(old.last_at, now())
where old.failures < $2::int
  or now() >= old.last_at + make_interval(secs => least(power(2, old.failures - $2::int), $3::int))
returning failures
"""

WAIT = """
-- How long until the next attempt may be made, in seconds.
select ceil(extract(epoch from
  last_at - greatest(now(), last_at) + make_interval(secs => least(power(2, failures - $2::int), $3::int))
))::int
from doable.sign_in_failures where subject = $1 and failures >= $2::int
"""


async def count(db: Executor, subject: str, *, free: int, longest: int) -> int:
    """Count a failure and return 0; or count nothing and return the seconds to wait, when it is too early."""
    if await db.write_one(COUNT, subject, free, longest) is not None:
        return 0
    return max(await wait(db, subject, free=free, longest=longest), 1)


async def wait(db: Executor, subject: str, *, free: int, longest: int) -> int:
    """Seconds until the next attempt is allowed; 0 if it is allowed now."""
    row = await db.read_one(WAIT, subject, free, longest)
    return max(row[0], 0) if row else 0


EXISTS = """
select from doable.sign_in_failures where subject = $1
"""


async def exists(db: Executor, subject: str) -> bool:
    return await db.read_one(EXISTS, subject) is not None


GIVE_BACK = """
-- One attempt that was counted has succeeded.
update doable.sign_in_failures set failures = greatest(failures - 1, 0) where subject = $1
"""


async def give_back(db: Executor, subject: str) -> None:
    await db.write(GIVE_BACK, subject)


RESET = """
-- No failures, in a row that stays.
insert into doable.sign_in_failures (subject, failures, last_at) values ($1, 0, now())
on conflict (subject) do update set failures = 0, last_at = excluded.last_at
"""


async def reset(db: Executor, subject: str) -> None:
    await db.write(RESET, subject)


RESET_ALL = """
-- As RESET, for every existing subject that begins with $1.
update doable.sign_in_failures set failures = 0 where starts_with(subject, $1)
"""


async def reset_all(db: Executor, prefix: str) -> None:
    await db.write(RESET_ALL, prefix)


FORGET = """
delete from doable.sign_in_failures where subject = $1
"""


async def forget(db: Executor, subject: str) -> None:
    await db.write(FORGET, subject)


PRUNE = """
-- Rows whose failures are forgiven by now. Subjects that begin with $1 are kept for longer.
delete from doable.sign_in_failures
where last_at < now() - interval '1 day'
  and (not starts_with(subject, $1) or last_at < now() - interval '180 days')
"""


async def prune(db: Executor, lasting: str) -> None:
    await db.write(PRUNE, lasting)
