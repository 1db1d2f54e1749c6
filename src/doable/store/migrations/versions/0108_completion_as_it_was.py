"""Let undo bring back a completed task as it was, also without the time of completion."""

from collections.abc import Sequence

from alembic import op

from doable.store import functions

revision: str = "0108"
down_revision: str | None = "0107"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    functions.replace(op, "stamp_completion", "cb5c06a7e653")
