"""Add what filters and searches need: indexes of due dates and words, and the version of the time zones."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from doable.store import functions

revision: str = "0105"
down_revision: str | None = "0104"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Each function after those that it calls.
SEARCH = {
    "search_folded": "595389c97657",
    "search_joined": "84d884a2ace8",
    "search_text": "cf5397e30407",
    "search_words": "5b3df6d39a16",
    "search_document": "30021fb01a5d",
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
    )
    functions.replace(op, "log_change", "88cf27f46edc")
