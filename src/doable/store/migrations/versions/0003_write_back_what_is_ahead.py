"""Write the counter back only where it is ahead of the row: a change of one task updates its owner once, not twice."""

from collections.abc import Sequence

from alembic import context, op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


# A counter is written `revision owner`, and `+revision owner` once it is ahead of the owner's row. An owner may hold
# blanks, a revision may not.
COUNT_CHANGE = """
create or replace function doable.count_change() returns trigger language plpgsql as $$
-- Take the owner's next revision under the lock on the owner's row, which is held to the end of the transaction, and
-- stamp the row with it: revisions are dense and in the order of the commits. The first row of a statement takes its
-- revision from the owner's row; the next ones count on in doable.counter, and log_change writes back where it ended.
declare
  counter text := coalesce(current_setting('doable.counter', true), '');
  counted text := split_part(counter, ' ', 1);
  next bigint;
  moment timestamptz;
begin
  if tg_op = 'UPDATE' then
    if new.user_id <> old.user_id or new.id <> old.id then
      raise exception 'the key of a row never changes' using errcode = 'restrict_violation';
    end if;
    new.created_at := old.created_at;
    new.updated_at := old.updated_at;
    new.revision := old.revision;
    if new is not distinct from old then
      return new;  -- Nothing changes, so nothing is counted; the row still answers to RETURNING.
    end if;
  end if;

  if counter = counted || ' ' || new.user_id then
    next := counted::bigint + 1;
    counter := set_config('doable.counter', '+' || next || ' ' || new.user_id, true);
  else
    if counted like '+%' then
      update doable.users set revision = counted::bigint
      where id = substr(counter, strpos(counter, ' ') + 1);
    end if;
    update doable.users set revision = revision + 1 where id = new.user_id returning revision into next;
    if not found then
      -- As the foreign key would say it, but now: an owner who appears before its check would find a row uncounted.
      raise exception 'the owner of the row is not there'
        using errcode = 'foreign_key_violation', constraint = tg_table_name || '_user_id_fkey';
    end if;
    counter := set_config('doable.counter', next || ' ' || new.user_id, true);  -- A third of what `perform` costs.
  end if;

  moment := clock_timestamp();  -- After the lock: now() would be the start of the transaction, before it.
  if tg_op = 'INSERT' then
    new.created_at := moment;
  else
    moment := greatest(moment, old.updated_at + interval '1 microsecond');  -- Also when the clock was set back.
  end if;
  new.updated_at := moment;
  new.revision := next;
  return new;
end
$$
"""

LOG_CHANGE = """
create or replace function doable.log_change() returns trigger language plpgsql as $$
-- Append to changes what a statement did, and write back how far count_change has counted. What a statement deletes is
-- counted here; rows that go with their owner find no counter and leave no trace.
-- A plan is kept for the whole session, and one made for a single row must not be a nested loop when a million come:
-- full joins never are, and the conditions are written so that they stay full ones.
declare
  counter text := coalesce(current_setting('doable.counter', true), '');
  counted text := split_part(counter, ' ', 1);
  -- Whoever acts for the owner says so in the transaction: set local doable.actor = '…'.
  actor text := nullif(current_setting('doable.actor', true), '');
begin
  if tg_op = 'INSERT' then
    insert into doable.changes (user_id, revision, type, object_id, kind, at, actor, before, after)
    select user_id, revision, tg_argv[0], id, 'created', updated_at, coalesce(actor, user_id), null, to_jsonb(after)
    from after;
  elsif tg_op = 'UPDATE' then
    insert into doable.changes (user_id, revision, type, object_id, kind, at, actor, before, after)
    select user_id, after.revision, tg_argv[0], id,
      case
        when after.status = before.status then 'updated' when after.status = 'complete' then 'completed' else 'reopened'
      end,
      after.updated_at, coalesce(actor, user_id), to_jsonb(before), to_jsonb(after)
    from before full join after using (user_id, id)
    where before.revision is distinct from after.revision;
  else
    with gone as (
      select user_id, count(*) as rows from before group by user_id
    ), owner as (
      update doable.users set revision = revision + gone.rows
      from gone where users.id = gone.user_id
      returning users.id as user_id, users.revision - gone.rows as revision
    )
    insert into doable.changes (user_id, revision, type, object_id, kind, at, actor, before, after)
    select user_id, owner.revision + row_number() over (partition by user_id order by id), tg_argv[0], id, 'deleted',
      clock_timestamp(), coalesce(actor, user_id), to_jsonb(before), null
    from before full join owner using (user_id)
    where (owner.revision is null) is false;
  end if;

  if counted like '+%' then
    update doable.users set revision = counted::bigint
    where id = substr(counter, strpos(counter, ' ') + 1);
  end if;
  if counter <> '' then
    counter := set_config('doable.counter', '', true);
  end if;
  return null;
end
$$
"""


def upgrade() -> None:
    op.execute(COUNT_CHANGE)
    op.execute(LOG_CHANGE)


def downgrade() -> None:
    before = context.script.get_revision("0002").module
    op.execute(before.COUNT_CHANGE)
    op.execute(before.LOG_CHANGE.replace("create function", "create or replace function"))
