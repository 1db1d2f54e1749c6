"""Add the trash of tasks and lists."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

from doable.store import functions

revision: str = "0106"
down_revision: str | None = "0105"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NEWEST: list[str | sa.TextClause] = [sa.text("created_at desc"), sa.text("id desc")]
PLACE: list[str | sa.TextClause] = [sa.text("coalesce(list_id, 0::bigint)"), sa.text("coalesce(parent_id, 0::bigint)")]


def upgrade() -> None:
    for table in ("tasks", "lists"):
        op.add_column(table, sa.Column("deleted_at", TIMESTAMP(timezone=True), nullable=True), schema="doable")
        op.add_column(table, sa.Column("deleted_with", sa.BigInteger(), nullable=True), schema="doable")
        for name, columns in (("trash", ["user_id", "deleted_with"]), ("deleted_at", ["deleted_at"])):
            where = sa.text(f"{columns[-1]} is not null")
            op.create_index(f"{table}_{name}_idx", table, columns, schema="doable", postgresql_where=where)
    op.add_column("completions", sa.Column("undone", sa.BigInteger(), nullable=True), schema="doable")
    # What lists tasks in an order does not read the trash.
    living = sa.text("deleted_at is null")
    for name, places in (
        ("tasks_user_id_idx", ["user_id", *NEWEST]),
        ("tasks_user_id_status_idx", ["user_id", "status", *NEWEST]),
        ("tasks_user_id_revision_idx", ["user_id", "revision"]),
        ("tasks_order_idx", ["user_id", *PLACE, "position", "id"]),
    ):
        op.drop_index(name, "tasks", schema="doable")
        op.create_index(name, "tasks", places, schema="doable", postgresql_where=living)
    functions.replace(op, "change_tasks", "216aff9bbb61")
    functions.replace(op, "count_change", "4aaccdd43b2e")
    functions.replace(op, "trash_task", "ccefc8b78c85")
    functions.replace(op, "log_change", "e1718866a44c")
