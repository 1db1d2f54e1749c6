"""Changes without a foreign key: whoever logs holds the owner's row already, and need not be asked whether it is there.

The checks of the key and of the kind were a tenth of what PostgreSQL does for a write of one task.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


DROP_CHANGES = """
create function doable.drop_changes() returns trigger language plpgsql as $$
-- What a foreign key with `on delete cascade` does. Nobody can log for this owner any more: log_change runs only where
-- count_change, or the deletion of rows itself, has locked the owner's row, and that is gone.
begin
  delete from doable.changes where user_id = old.id;
  return null;
end
$$
"""

DROP_CHANGES_OF_USERS = """
create trigger drop_changes after delete on doable.users
for each row execute function doable.drop_changes()
"""


def upgrade() -> None:
    op.drop_constraint("changes_user_id_fkey", "changes", schema="doable")
    op.drop_constraint("changes_kind_check", "changes", schema="doable")
    op.execute(DROP_CHANGES)
    op.execute(DROP_CHANGES_OF_USERS)


def downgrade() -> None:
    op.execute("drop trigger drop_changes on doable.users")
    op.execute("drop function doable.drop_changes()")
    op.create_check_constraint(
        "kind", "changes", "kind in ('created', 'updated', 'completed', 'reopened', 'deleted')", schema="doable"
    )
    op.create_foreign_key(
        "changes_user_id_fkey",
        "changes",
        "users",
        ["user_id"],
        ["id"],
        source_schema="doable",
        referent_schema="doable",
        ondelete="CASCADE",
    )
