"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from doable.store import functions

revision: str = "0100"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.SmallInteger(), server_default="1", autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("installation_one_row_check")),
        sa.PrimaryKeyConstraint("id", name="installation_pkey"),
        schema="doable",
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="sign_in_failures_pkey"),
        schema="doable",
    )
    op.create_index("sign_in_failures_last_at_idx", "sign_in_failures", ["last_at"], unique=False, schema="doable")
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("private_key", sa.Text(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="signing_keys_pkey"),
        schema="doable",
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("floor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("disabled_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="users_pkey"),
        schema="doable",
        postgresql_with={"fillfactor": 80},
    )
    op.create_index("users_email_key", "users", [sa.literal_column("lower(email)")], unique=True, schema="doable")
    op.create_table(
        "access_tokens",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("last_used_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("char_length(name) between 1 and 100", name=op.f("access_tokens_name_check")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["doable.users.id"], name="access_tokens_user_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name="access_tokens_pkey"),
        sa.UniqueConstraint("token_hash", name="access_tokens_token_hash_key"),
        schema="doable",
    )
    op.create_table(
        "changes",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("undo", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("operation", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", "revision", name="changes_pkey"),
        schema="doable",
    )
    op.create_index("changes_at_idx", "changes", ["at"], unique=False, schema="doable", postgresql_using="brin")
    op.create_index(
        "changes_removed_idx",
        "changes",
        ["user_id", "revision"],
        unique=False,
        schema="doable",
        postgresql_where=sa.text("kind = 'deleted'"),
    )
    op.create_index(
        "changes_user_id_type_object_id_revision_idx",
        "changes",
        ["user_id", "type", "object_id", "revision"],
        unique=False,
        schema="doable",
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", postgresql.BYTEA(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", postgresql.BYTEA(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["doable.users.id"], name="idempotency_keys_user_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name="idempotency_keys_pkey"),
        schema="doable",
    )
    op.create_index(
        "idempotency_keys_created_at_idx", "idempotency_keys", ["created_at"], unique=False, schema="doable"
    )
    op.create_table(
        "passwords",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("changed_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["doable.users.id"], name="passwords_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name="passwords_pkey"),
        schema="doable",
    )
    op.create_table(
        "sessions",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("remembered", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("ip_address", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["doable.users.id"], name="sessions_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "id", name="sessions_pkey"),
        sa.UniqueConstraint("token_hash", name="sessions_token_hash_key"),
        schema="doable",
    )
    op.create_index("sessions_expires_at_idx", "sessions", ["expires_at"], unique=False, schema="doable")
    op.create_table(
        "tasks",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="incomplete", nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status in ('incomplete', 'complete')", name=op.f("tasks_status_check")),
        sa.CheckConstraint("char_length(description) <= 5000", name=op.f("tasks_description_check")),
        sa.CheckConstraint("char_length(title) between 1 and 255", name=op.f("tasks_title_check")),
        sa.ForeignKeyConstraint(["user_id"], ["doable.users.id"], name="tasks_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "id", name="tasks_pkey"),
        schema="doable",
    )
    op.create_index(
        "tasks_user_id_idx",
        "tasks",
        ["user_id", sa.literal_column("created_at desc"), sa.literal_column("id desc")],
        unique=False,
        schema="doable",
    )
    op.create_index("tasks_user_id_revision_idx", "tasks", ["user_id", "revision"], unique=False, schema="doable")
    op.create_index(
        "tasks_user_id_status_idx",
        "tasks",
        ["user_id", "status", sa.literal_column("created_at desc"), sa.literal_column("id desc")],
        unique=False,
        schema="doable",
    )
    op.execute("insert into doable.installation default values")
    functions.replace(op, "change_tasks", "6b359c80f913")
    functions.replace(op, "count_change", "3965cc65d655")
    functions.replace(op, "drop_changes", "52382fbd1dea")
    op.execute(
        "create trigger drop_changes after delete on doable.users for each row execute function doable.drop_changes()"
    )
    functions.count(op, table="tasks", type="task")
    functions.replace(op, "log_change", "88cf27f46edc")
