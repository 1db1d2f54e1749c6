"""Give tasks uid, priority, due, start, reminders and completed_at."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from doable.store import functions

revision: str = "0101"
down_revision: str | None = "0100"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# When it was completed, as history tells it; otherwise its last change.
COMPLETED = """
update doable.tasks set completed_at = coalesce(
  (
    select max(at) from doable.changes
    where changes.user_id = tasks.user_id and type = 'task' and object_id = tasks.id
      and undo ->> 'status' = 'incomplete'
  ),
  updated_at
)
where status = 'complete'
"""


def upgrade() -> None:
    op.add_column("tasks", sa.Column("uid", sa.Text(), nullable=True), schema="doable")
    op.add_column("tasks", sa.Column("priority", sa.Text(), nullable=True), schema="doable")
    op.add_column("tasks", sa.Column("due", JSONB(), nullable=True), schema="doable")
    op.add_column("tasks", sa.Column("start", JSONB(), nullable=True), schema="doable")
    op.add_column("tasks", sa.Column("reminders", JSONB(), nullable=True), schema="doable")
    op.add_column("tasks", sa.Column("completed_at", TIMESTAMP(timezone=True), nullable=True), schema="doable")
    op.create_check_constraint(op.f("tasks_uid_check"), "tasks", "char_length(uid) between 1 and 255", schema="doable")
    op.create_check_constraint(
        op.f("tasks_priority_check"), "tasks", "priority in ('high', 'medium', 'low')", schema="doable"
    )
    op.create_index(
        "tasks_uid_key",
        "tasks",
        ["user_id", "uid"],
        unique=True,
        schema="doable",
        postgresql_where=sa.text("uid is not null"),
    )
    # No user made this change, so it is not counted. The new epoch makes every client read everything again.
    op.execute("alter table doable.tasks disable trigger user")
    op.execute(COMPLETED)
    op.execute("alter table doable.tasks enable trigger user")
    op.execute("update doable.installation set epoch = gen_random_uuid()")
    functions.replace(op, "change_tasks", "c38ef99511e4")
    functions.replace(op, "log_change", "88cf27f46edc")
    functions.replace(op, "stamp_completion", "2208e6eec569")
    op.execute(
        "create trigger stamp_completion before update on doable.tasks for each row"
        " when (old.status is distinct from new.status) execute function doable.stamp_completion()"
    )
