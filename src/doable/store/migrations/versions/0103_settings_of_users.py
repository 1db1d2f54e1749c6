"""Add settings to users."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from doable.store import functions

revision: str = "0103"
down_revision: str | None = "0102"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DEFAULTS = {"week_start": "monday", "day_start": "09:00", "date_order": "dmy"}


def upgrade() -> None:
    op.alter_column("users", "timezone", new_column_name="time_zone", schema="doable")
    for name, default in DEFAULTS.items():
        op.add_column("users", sa.Column(name, sa.Text(), nullable=False, server_default=default), schema="doable")
    op.add_column(
        "users", sa.Column("settings_revision", sa.BigInteger(), nullable=False, server_default="0"), schema="doable"
    )
    functions.replace(op, "count_settings", "c0ca04733a19")
    # The counter in the same row moves at every change: only an update that names these columns runs the trigger.
    op.execute(
        "create trigger count_settings before update of name, time_zone, week_start, day_start, date_order"
        " on doable.users for each row execute function doable.count_settings()"
    )
