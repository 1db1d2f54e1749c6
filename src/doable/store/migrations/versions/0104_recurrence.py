"""Give tasks recurrence, and keep what was done of recurring tasks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from doable.store import functions

revision: str = "0104"
down_revision: str | None = "0103"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NEWEST_FIRST = [sa.text("completed_at desc"), sa.text("id desc")]


def upgrade() -> None:
    op.add_column("tasks", sa.Column("recurrence", JSONB(), nullable=True), schema="doable")
    op.create_index(
        "tasks_completed_idx",
        "tasks",
        ["user_id", *NEWEST_FIRST],
        schema="doable",
        postgresql_where=sa.text("completed_at is not null"),
    )
    op.create_table(
        "completions",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('doable.tasks_id_seq'::regclass)"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due", JSONB(), nullable=True),
        sa.Column("occurrence", sa.Date(), nullable=True),
        sa.Column("completed_at", TIMESTAMP(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id", "task_id"],
            ["doable.tasks.user_id", "doable.tasks.id"],
            name="completions_task_id_fkey",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["doable.users.id"], name="completions_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "id", name="completions_pkey"),
        schema="doable",
    )
    op.create_index("completions_user_id_task_id_idx", "completions", ["user_id", "task_id"], schema="doable")
    op.create_index("completions_user_id_idx", "completions", ["user_id", *NEWEST_FIRST], schema="doable")
    functions.replace(op, "change_tasks", "0c866ca2fca1")
    functions.replace(op, "log_change", "30347e70687d")
    functions.replace(op, "stamp_completion", "fcdc328d1553")
