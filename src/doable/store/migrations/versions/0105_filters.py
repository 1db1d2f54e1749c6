"""Add what filters and searches need: indexes of due dates and words, and the version of the time zones."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

from doable.store import functions

revision: str = "0105"
down_revision: str | None = "0104"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Each function after those that it calls.
SEARCH = {
    "search_folded": "e5d28db95ef7",
    "search_joined": "43f4688be49d",
    "search_text": "1c63ffd7448f",
    "search_words": "5b3df6d39a16",
    "search_cut": "16df6e9c8f50",
    "search_document": "719afe051003",
    "search_query": "8b9339721178",
}


def upgrade() -> None:
    op.add_column("installation", sa.Column("zones", sa.Text(), nullable=True), schema="doable")
    op.create_index(
        "tasks_due_idx",
        "tasks",
        ["user_id", "status", sa.literal_column("(due ->> 'date') collate \"C\"")],
        schema="doable",
        postgresql_where=sa.text("due is not null"),
    )
    for name, digest in SEARCH.items():
        functions.replace(op, name, digest)
    op.create_index(
        "tasks_search_idx",
        "tasks",
        [sa.literal_column("doable.search_document(user_id, title, description, labels)")],
        schema="doable",
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 512},
        postgresql_where=sa.text("revision > 250"),
    )
    _create_filters()
    functions.count(op, table="filters", type="filter")
    functions.replace(op, "log_change", "30347e70687d")


def _create_filters() -> None:
    op.create_table(
        "filters",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('doable.tasks_id_seq'::regclass)"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(collation="C"), nullable=False),
        sa.Column("created_at", TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", TIMESTAMP(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=True),
        sa.Column("sort", sa.Text(), nullable=True),
        sa.Column("color", sa.Text(), nullable=True),
        sa.CheckConstraint("char_length(name) between 1 and 255", name=op.f("filters_name_check")),
        sa.CheckConstraint("char_length(filter) <= 1000", name=op.f("filters_filter_check")),
        sa.ForeignKeyConstraint(["user_id"], ["doable.users.id"], name="filters_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "id", name="filters_pkey"),
        schema="doable",
    )
    op.create_index(
        "filters_uid_key",
        "filters",
        ["user_id", "uid"],
        unique=True,
        schema="doable",
        postgresql_where=sa.text("uid is not null"),
    )
    op.create_index("filters_user_id_revision_idx", "filters", ["user_id", "revision"], schema="doable")
