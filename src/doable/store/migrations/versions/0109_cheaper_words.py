"""Find the words of a task with less work: the same words, so the index stays as it is."""

from collections.abc import Sequence

from alembic import op

from doable.store import functions

revision: str = "0109"
down_revision: str | None = "0108"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    functions.replace(op, "search_folded", "2083f124810c")
    functions.replace(op, "search_words", "de4860c2ba5f")
    functions.replace(op, "search_document", "f4062fd9e164")
