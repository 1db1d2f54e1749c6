"""Add lists and labels, and give tasks list, parent, position and labels."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from doable.store import functions

revision: str = "0102"
down_revision: str | None = "0101"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _stamps() -> list[sa.Column[object]]:
    return [
        sa.Column("position", sa.Text(collation="C"), nullable=False),
        sa.Column("created_at", TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", TIMESTAMP(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=True),
        sa.Column("color", sa.Text(), nullable=True),
    ]


def _table(name: str, *parts: sa.Column[object] | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('doable.tasks_id_seq'::regclass)"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        *parts,
        sa.CheckConstraint("char_length(uid) between 1 and 255", name=op.f(f"{name}_uid_check")),
        sa.ForeignKeyConstraint(["user_id"], ["doable.users.id"], name=f"{name}_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "id", name=f"{name}_pkey"),
        schema="doable",
    )
    op.create_index(
        f"{name}_uid_key",
        name,
        ["user_id", "uid"],
        unique=True,
        schema="doable",
        postgresql_where=sa.text("uid is not null"),
    )
    op.create_index(f"{name}_user_id_revision_idx", name, ["user_id", "revision"], schema="doable")


# Who may create tasks may take an id for the other types too (deploy/roles.sql).
GRANT = """
do $$
declare
  role name;
begin
  for role in
    select distinct grantee from information_schema.role_table_grants
    where table_schema = 'doable' and table_name = 'tasks' and privilege_type = 'INSERT' and grantee <> 'PUBLIC'
  loop
    execute format('grant usage on sequence doable.tasks_id_seq to %I', role);
  end loop;
end
$$
"""


def upgrade() -> None:
    op.execute(GRANT)
    _table(
        "lists",
        *_stamps(),
        sa.Column("icon", sa.Text(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=True),
        sa.CheckConstraint("char_length(name) between 1 and 255", name=op.f("lists_name_check")),
    )
    _table(
        "labels",
        sa.Column("name_key", sa.Text(), nullable=False),
        *_stamps(),
        sa.CheckConstraint("char_length(name) between 1 and 60", name=op.f("labels_name_check")),
        sa.UniqueConstraint("user_id", "name_key", name="labels_name_key"),
    )
    op.add_column("tasks", sa.Column("position", sa.Text(collation="C"), nullable=True), schema="doable")
    op.add_column("tasks", sa.Column("list_id", sa.BigInteger(), nullable=True), schema="doable")
    op.add_column("tasks", sa.Column("parent_id", sa.BigInteger(), nullable=True), schema="doable")
    op.add_column("tasks", sa.Column("labels", ARRAY(sa.Text()), nullable=True), schema="doable")
    # No user made this change, so it is not counted. The new epoch makes every client read everything again.
    op.execute("alter table doable.tasks disable trigger user")
    op.execute("update doable.tasks set position = chr(96 + length(to_hex(id))) || to_hex(id)")
    op.execute("alter table doable.tasks enable trigger user")
    op.execute("update doable.installation set epoch = gen_random_uuid()")
    op.alter_column("tasks", "position", nullable=False, schema="doable")
    op.create_check_constraint(op.f("tasks_parent_check"), "tasks", "parent_id <> id", schema="doable")
    for column, table in (("list_id", "lists"), ("parent_id", "tasks")):
        op.create_foreign_key(
            f"tasks_{column}_fkey",
            "tasks",
            table,
            ["user_id", column],
            ["user_id", "id"],
            source_schema="doable",
            referent_schema="doable",
            ondelete="CASCADE",
        )
    siblings = [sa.text("coalesce(list_id, 0::bigint)"), sa.text("coalesce(parent_id, 0::bigint)")]
    op.create_index("tasks_order_idx", "tasks", ["user_id", *siblings, "position", "id"], schema="doable")
    for name, columns, where in (
        ("tasks_list_idx", ["user_id", "list_id"], "list_id is not null"),
        ("tasks_parent_idx", ["user_id", "parent_id"], "parent_id is not null"),
        ("tasks_labels_idx", ["user_id"], "labels is not null"),
    ):
        op.create_index(name, "tasks", columns, schema="doable", postgresql_where=sa.text(where))
    functions.replace(op, "change_tasks", "250a631532f0")
    functions.replace(op, "count_change", "a0a11829555a")
    functions.count(op, table="lists", type="list")
    functions.count(op, table="labels", type="label")
    functions.replace(op, "log_change", "88cf27f46edc")
