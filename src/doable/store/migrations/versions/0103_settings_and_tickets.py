"""Add settings to users, tickets for event streams, and the access token that acted to the log; drop checks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BYTEA, TIMESTAMP

from doable.store import functions

revision: str = "0103"
down_revision: str | None = "0102"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COUNTED = ("tasks", "lists", "labels")
DEFAULTS = {"week_start": "monday", "day_start": "09:00", "date_order": "dmy"}


def upgrade() -> None:
    op.alter_column("users", "timezone", new_column_name="time_zone", schema="doable")
    for name, default in DEFAULTS.items():
        op.add_column("users", sa.Column(name, sa.Text(), nullable=False, server_default=default), schema="doable")
    op.add_column(
        "users", sa.Column("settings_revision", sa.BigInteger(), nullable=False, server_default="0"), schema="doable"
    )
    for table, check in (("tasks", "priority"), ("tasks", "parent"), *((one, "uid") for one in COUNTED)):
        op.drop_constraint(op.f(f"{table}_{check}_check"), table, schema="doable")
    op.add_column("changes", sa.Column("via", sa.Text(), nullable=True), schema="doable")
    op.create_table(
        "event_tickets",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("hash", BYTEA(), nullable=False),
        sa.Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
        sa.Column("credential_expires_at", TIMESTAMP(timezone=True), nullable=True),
        sa.Column("token_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["doable.users.id"], name="event_tickets_user_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "hash", name="event_tickets_pkey"),
        sa.UniqueConstraint("hash", name="event_tickets_hash_key"),
        schema="doable",
    )
    op.create_index("event_tickets_expires_at_idx", "event_tickets", ["expires_at"], schema="doable")
    functions.replace(op, "log_change", "30347e70687d")
    functions.replace(op, "count_settings", "7328248de1bf")
    # The counter in the same row moves at every change: only an update that names these columns runs the trigger.
    op.execute(
        "create trigger count_settings before update of name, time_zone, week_start, day_start, date_order"
        " on doable.users for each row execute function doable.count_settings()"
    )
