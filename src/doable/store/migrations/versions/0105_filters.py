"""Add what filters need: an index of due dates, and the version of the time zones."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from doable.store import functions

revision: str = "0105"
down_revision: str | None = "0104"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("installation", sa.Column("zones", sa.Text(), nullable=True), schema="doable")
    op.create_index(
        "tasks_due_idx",
        "tasks",
        ["user_id", "status", sa.literal_column("(due ->> 'date') collate \"C\"")],
        schema="doable",
        postgresql_where=sa.text("due is not null"),
    )
    functions.replace(op, "log_change", "88cf27f46edc")
