"""Change tasks in layers: a batch with hundreds of operations on one task is one statement, not hundreds."""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


CHANGE_TASKS = """
create function doable.change_tasks(
  owner text, ends int[], places int[], ids bigint[], revisions bigint[], patches jsonb[]
) returns table (place int, task doable.tasks) language plpgsql as $$
-- Layer after layer, each of which is about a task at most once; a layer ends where `ends` says. The row takes the
-- members that a patch has, and is deleted where the patch is null. A row whose revision is not the one that the change
-- asks for stays as it is, and is not in the result.
declare
  began int := 1;
  ended int;
begin
  foreach ended in array ends loop
    return query
      update doable.tasks
      set
        title = coalesce(change.patch ->> 'title', tasks.title),
        description = case
          when change.patch ? 'description' then change.patch ->> 'description' else tasks.description
        end,
        status = coalesce(change.patch ->> 'status', tasks.status)
      from unnest(places[began:ended], ids[began:ended], revisions[began:ended], patches[began:ended])
        as change(place, id, revision, patch)
      where tasks.user_id = owner and tasks.id = change.id and change.patch is not null
        and (change.revision is null or change.revision = tasks.revision)
      returning change.place, tasks;
    -- A statement that deletes nothing costs its triggers all the same, as much as an update.
    if array_position(patches[began:ended], null) is not null then
      return query
        delete from doable.tasks
        using unnest(places[began:ended], ids[began:ended], revisions[began:ended], patches[began:ended])
          as change(place, id, revision, patch)
        where tasks.user_id = owner and tasks.id = change.id and change.patch is null
          and (change.revision is null or change.revision = tasks.revision)
        returning change.place, null::doable.tasks;
    end if;
    began := ended + 1;
  end loop;
end
$$
"""


def upgrade() -> None:
    op.execute(CHANGE_TASKS)


def downgrade() -> None:
    op.execute("drop function doable.change_tasks(text, int[], int[], bigint[], bigint[], jsonb[])")
