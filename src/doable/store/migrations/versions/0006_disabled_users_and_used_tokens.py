"""Users whom the operator disables, and when an access token was last used."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for table, column in (("users", "disabled_at"), ("access_tokens", "last_used_at")):
        op.add_column(table, sa.Column(column, postgresql.TIMESTAMP(timezone=True), nullable=True), schema="doable")


def downgrade() -> None:
    op.drop_column("access_tokens", "last_used_at", schema="doable")
    op.drop_column("users", "disabled_at", schema="doable")
