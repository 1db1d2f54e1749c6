"""Let a table be unique only per user, so that users can be spread over servers (docs/citus.md)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from doable.store import functions

revision: str = "0107"
down_revision: str | None = "0106"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

HASHES = (("access_tokens", "token_hash"), ("sessions", "token_hash"), ("event_tickets", "hash"))


def upgrade() -> None:
    op.create_table(
        "addresses",
        sa.Column("address", sa.Text(), primary_key=True),
        sa.Column("user_id", sa.Text(), nullable=False),
        schema="doable",
    )
    op.execute(
        "insert into doable.addresses (address, user_id) "
        "select lower(email), id from doable.users where email is not null"
    )
    op.drop_index("users_email_key", "users", schema="doable")
    for table, hash in HASHES:
        # The hash comes first: so the index also finds a credential whose owner is not known.
        op.drop_constraint(f"{table}_{hash}_key", table, schema="doable")
        op.create_unique_constraint(f"{table}_{hash}_key", table, [hash, "user_id"], schema="doable")
    functions.replace(op, "change_tasks", "5cb54074971d")
    functions.replace(op, "count_change", "515e6630861b")
    functions.replace(op, "trash_task", "aa0a3a6d16c0")
    functions.replace(op, "log_change", "024c1c71efde")
