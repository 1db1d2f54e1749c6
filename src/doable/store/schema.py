"""The tables, and the source of truth for Alembic: `make check` fails when the migrations build anything else.

Everything lives in the PostgreSQL schema `doable`, so that one database can also hold the tables of a front end
(ADR 2). Functions and triggers are SQL in `store/functions/`.
"""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Identity, Index, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB, TIMESTAMP
from sqlmodel import Field, SQLModel

from doable.filter_parser import LENGTH_MAX
from doable.model import DESCRIPTION_MAX, LABEL_MAX, NAME_MAX, TITLE_MAX, Settings
from doable.store.columns import SIBLINGS
from doable.store.search import UNINDEXED

metadata: Final = MetaData(
    schema="doable",
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    },
)

PENDING_KIB: Final = 512  # KiB
# A counter that changes with every write leaves room on its page for the next version of the row (HOT updates).
COUNTER_FILLFACTOR: Final = 80
LIVING: Final = sa.text("deleted_at is null")


class Table(SQLModel):
    metadata = metadata


def _owner() -> Column[str]:
    return Column(Text, ForeignKey("doable.users.id", ondelete="CASCADE"), primary_key=True)


def _id() -> Column[int]:
    return Column(sa.BigInteger, Identity(always=True), primary_key=True)


def _shared_id() -> Column[int]:
    """An id that no object of any type has: clients that know only tasks take each id in `removed` for one."""
    return Column(
        sa.BigInteger,
        primary_key=True,
        autoincrement=True,
        server_default=sa.text("nextval('doable.tasks_id_seq'::regclass)"),
    )


def _moment(*, nullable: bool = False, default: bool = False) -> Column[datetime]:
    return Column(TIMESTAMP(timezone=True), nullable=nullable, server_default=sa.func.now() if default else None)


def _stamp() -> Column[datetime]:
    """A time that only the trigger sets."""
    return Column(TIMESTAMP(timezone=True), nullable=False)


def _position() -> Column[str]:
    """The order key of `core/ordering.py`, compared by code points."""
    return Column(Text(collation="C"), nullable=False)


def _identity(table: str) -> Index:
    """What makes a `uid` stand for one object of its owner."""
    return Index(f"{table}_uid_key", "user_id", "uid", unique=True, postgresql_where=sa.text("uid is not null"))


def _secret(hash: str) -> sa.UniqueConstraint:
    """What finds a credential, also one of earlier versions, which does not name its owner."""
    return sa.UniqueConstraint(hash, "user_id")


def _trash(table: str) -> tuple[Index, ...]:
    """What finds the objects in the trash: those that went with one of them, and the oldest of all users."""
    return (
        Index(f"{table}_trash_idx", "user_id", "deleted_with", postgresql_where=sa.text("deleted_with is not null")),
        Index(f"{table}_deleted_at_idx", "deleted_at", postgresql_where=sa.text("deleted_at is not null")),
    )


def _belongs_to(table: str, column: str) -> sa.ForeignKeyConstraint:
    """A task is removed with its list and with its parent."""
    return sa.ForeignKeyConstraint(
        ["user_id", column],
        [f"doable.{table}.user_id", f"doable.{table}.id"],
        name=f"tasks_{column}_fkey",
        ondelete="CASCADE",
    )


def _setting(name: str) -> Column[str]:
    return Column(Text, nullable=False, server_default=Settings._field_defaults[name])


class Users(Table, table=True):
    """Users. `revision` counts every change to what they own; `floor` is the last one that was pruned.

    `settings_revision` is the last change of their settings (`count_settings`).
    """

    __tablename__ = "users"
    __table_args__: Any = ({"postgresql_with": {"fillfactor": COUNTER_FILLFACTOR}},)

    id: str = Field(sa_column=Column(Text, primary_key=True))
    email: str | None = Field(sa_column=Column(Text))
    name: str | None = Field(sa_column=Column(Text))
    time_zone: str | None = Field(sa_column=Column(Text))
    week_start: str = Field(sa_column=_setting("week_start"))
    day_start: str = Field(sa_column=_setting("day_start"))
    date_order: str = Field(sa_column=_setting("date_order"))
    revision: int = Field(sa_column=Column(sa.BigInteger, nullable=False, server_default="0"))
    floor: int = Field(sa_column=Column(sa.BigInteger, nullable=False, server_default="0"))
    settings_revision: int = Field(sa_column=Column(sa.BigInteger, nullable=False, server_default="0"))
    created_at: datetime = Field(sa_column=_moment(default=True))
    disabled_at: datetime | None = Field(sa_column=_moment(nullable=True))


class Addresses(Table, table=True):
    """Whose account an email address, in lower case, is. No foreign key: users can be on other servers."""

    __tablename__ = "addresses"

    address: str = Field(sa_column=Column(Text, primary_key=True))
    user_id: str = Field(sa_column=Column(Text, nullable=False))


class Lists(Table, table=True):
    __tablename__ = "lists"
    __table_args__: Any = (
        CheckConstraint(f"char_length(name) between 1 and {NAME_MAX}", name="name"),
        _identity("lists"),
        *_trash("lists"),
        Index(None, "user_id", "revision"),
    )

    user_id: str = Field(sa_column=_owner())
    id: int = Field(sa_column=_shared_id())
    name: str = Field(sa_column=Column(Text, nullable=False))
    position: str = Field(sa_column=_position())
    created_at: datetime = Field(sa_column=_stamp())
    updated_at: datetime = Field(sa_column=_stamp())
    revision: int = Field(sa_column=Column(sa.BigInteger, nullable=False))
    uid: str | None = Field(sa_column=Column(Text))
    color: str | None = Field(sa_column=Column(Text))
    icon: str | None = Field(sa_column=Column(Text))
    archived: bool | None = Field(sa_column=Column(sa.Boolean))
    deleted_at: datetime | None = Field(sa_column=_moment(nullable=True))
    deleted_with: int | None = Field(sa_column=Column(sa.BigInteger))


class Labels(Table, table=True):
    """Labels. `name_key` is the same for names that differ only in case (`text.folded`)."""

    __tablename__ = "labels"
    __table_args__: Any = (
        CheckConstraint(f"char_length(name) between 1 and {LABEL_MAX}", name="name"),
        sa.UniqueConstraint("user_id", "name_key", name="labels_name_key"),
        _identity("labels"),
        Index(None, "user_id", "revision"),
    )

    user_id: str = Field(sa_column=_owner())
    id: int = Field(sa_column=_shared_id())
    name: str = Field(sa_column=Column(Text, nullable=False))
    name_key: str = Field(sa_column=Column(Text, nullable=False))
    position: str = Field(sa_column=_position())
    created_at: datetime = Field(sa_column=_stamp())
    updated_at: datetime = Field(sa_column=_stamp())
    revision: int = Field(sa_column=Column(sa.BigInteger, nullable=False))
    uid: str | None = Field(sa_column=Column(Text))
    color: str | None = Field(sa_column=Column(Text))


class Filters(Table, table=True):
    __tablename__ = "filters"
    __table_args__: Any = (
        CheckConstraint(f"char_length(name) between 1 and {NAME_MAX}", name="name"),
        CheckConstraint(f"char_length(filter) <= {LENGTH_MAX}", name="filter"),
        _identity("filters"),
        Index(None, "user_id", "revision"),
    )

    user_id: str = Field(sa_column=_owner())
    id: int = Field(sa_column=_shared_id())
    name: str = Field(sa_column=Column(Text, nullable=False))
    filter: str = Field(sa_column=Column(Text, nullable=False))
    position: str = Field(sa_column=_position())
    created_at: datetime = Field(sa_column=_stamp())
    updated_at: datetime = Field(sa_column=_stamp())
    revision: int = Field(sa_column=Column(sa.BigInteger, nullable=False))
    uid: str | None = Field(sa_column=Column(Text))
    sort: str | None = Field(sa_column=Column(Text))
    color: str | None = Field(sa_column=Column(Text))


class Tasks(Table, table=True):
    """Tasks. PostgreSQL prepares each check anew for every statement: one more makes a write 2 % slower. `core` checks
    the other fields.

    `deleted_with` is the object with which a task went to the trash: an object above it, or itself.
    """

    __tablename__ = "tasks"
    __table_args__: Any = (
        CheckConstraint(f"char_length(title) between 1 and {TITLE_MAX}", name="title"),
        CheckConstraint(f"char_length(description) <= {DESCRIPTION_MAX}", name="description"),
        CheckConstraint("status in ('incomplete', 'complete')", name="status"),
        _belongs_to("lists", "list_id"),
        _belongs_to("tasks", "parent_id"),
        _identity("tasks"),
        *_trash("tasks"),
        Index(None, "user_id", sa.text("created_at desc"), sa.text("id desc"), postgresql_where=LIVING),
        Index(None, "user_id", "status", sa.text("created_at desc"), sa.text("id desc"), postgresql_where=LIVING),
        Index(None, "user_id", "revision", postgresql_where=LIVING),
        Index("tasks_order_idx", "user_id", *map(sa.text, SIBLINGS), "position", "id", postgresql_where=LIVING),
        Index("tasks_list_idx", "user_id", "list_id", postgresql_where=sa.text("list_id is not null")),
        Index("tasks_parent_idx", "user_id", "parent_id", postgresql_where=sa.text("parent_id is not null")),
        Index("tasks_labels_idx", "user_id", postgresql_where=sa.text("labels is not null")),
        Index(
            "tasks_completed_idx",
            "user_id",
            sa.text("completed_at desc"),
            sa.text("id desc"),
            postgresql_where=sa.text("completed_at is not null"),
        ),
        Index(
            "tasks_due_idx",
            "user_id",
            "status",
            sa.text("(due ->> 'date'::text)"),  # and `collate "C"`, which Alembic can't compare
            postgresql_where=sa.text("due is not null"),
        ),
        # Writes append to the pending list, which is merged when it is full; searches read all of it. `search` explains
        # what is left out.
        Index(
            "tasks_search_idx",
            sa.text("doable.search_document(user_id, title, description, labels)"),
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": PENDING_KIB},
            postgresql_where=sa.text(f"revision > {UNINDEXED}"),
        ),
    )

    user_id: str = Field(sa_column=_owner())
    id: int = Field(sa_column=_id())
    title: str = Field(sa_column=Column(Text, nullable=False))
    description: str | None = Field(sa_column=Column(Text))
    status: str = Field(sa_column=Column(Text, nullable=False, server_default="incomplete"))
    created_at: datetime = Field(sa_column=_stamp())
    updated_at: datetime = Field(sa_column=_stamp())
    revision: int = Field(sa_column=Column(sa.BigInteger, nullable=False))
    position: str = Field(sa_column=_position())
    uid: str | None = Field(sa_column=Column(Text))
    list_id: int | None = Field(sa_column=Column(sa.BigInteger))
    parent_id: int | None = Field(sa_column=Column(sa.BigInteger))
    priority: str | None = Field(sa_column=Column(Text))
    labels: list[str] | None = Field(sa_column=Column(ARRAY(Text)))
    due: dict[str, Any] | None = Field(sa_column=Column(JSONB))
    start: dict[str, Any] | None = Field(sa_column=Column(JSONB))
    reminders: list[dict[str, Any]] | None = Field(sa_column=Column(JSONB))
    recurrence: dict[str, Any] | None = Field(sa_column=Column(JSONB))
    completed_at: datetime | None = Field(sa_column=_moment(nullable=True))
    deleted_at: datetime | None = Field(sa_column=_moment(nullable=True))
    deleted_with: int | None = Field(sa_column=Column(sa.BigInteger))


class Completions(Table, table=True):
    """The occurrences of recurring tasks that were done, and the subtasks that opened again for the next occurrence.

    `revision` is that of the change, `undone` that of its undo. A complete task has its completion in
    `tasks.completed_at`.
    """

    __tablename__ = "completions"
    __table_args__: Any = (
        sa.ForeignKeyConstraint(
            ["user_id", "task_id"],
            ["doable.tasks.user_id", "doable.tasks.id"],
            name="completions_task_id_fkey",
            ondelete="CASCADE",
        ),
        Index(None, "user_id", "task_id"),
        Index(None, "user_id", sa.text("completed_at desc"), sa.text("id desc")),
    )

    user_id: str = Field(sa_column=_owner())
    id: int = Field(sa_column=_shared_id())
    task_id: int = Field(sa_column=Column(sa.BigInteger, nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    due: dict[str, Any] | None = Field(sa_column=Column(JSONB))
    occurrence: date | None = Field(sa_column=Column(sa.Date))
    completed_at: datetime = Field(sa_column=_moment())
    actor: str = Field(sa_column=Column(Text, nullable=False))
    revision: int = Field(sa_column=Column(sa.BigInteger, nullable=False))
    undone: int | None = Field(sa_column=Column(sa.BigInteger))


class Changes(Table, table=True):
    """What happened, in the owner's own order: the history, the tombstones and the events.

    `kind` is `created`, `updated` or `deleted`; `action` says more where the columns can't. `undo` holds the old values
    of what an update changed, or the whole row that was deleted. What goes to the trash is `deleted` by an update.
    `operation` is the first revision of the operation that the change belongs to; null when the change is an operation
    of its own. `via` is the name of the access token that acted.

    Only triggers write here: `log_change` adds, and `drop_changes` removes the changes of a deleted user. So no
    constraint is needed (docs/decisions/0004-count-by-trigger.md).
    """

    __tablename__ = "changes"
    __table_args__: Any = (
        Index(None, "user_id", "type", "object_id", "revision"),
        Index(None, "at", postgresql_using="brin"),  # Rows are appended in order of time: enough for pruning.
        Index("changes_removed_idx", "user_id", "revision", postgresql_where=sa.text("kind = 'deleted'")),
    )

    user_id: str = Field(sa_column=Column(Text, primary_key=True))
    revision: int = Field(sa_column=Column(sa.BigInteger, primary_key=True))
    type: str = Field(sa_column=Column(Text, nullable=False))
    object_id: int = Field(sa_column=Column(sa.BigInteger, nullable=False))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=_moment())
    actor: str = Field(sa_column=Column(Text, nullable=False))
    via: str | None = Field(sa_column=Column(Text))
    undo: dict[str, Any] | None = Field(sa_column=Column(JSONB))
    operation: int | None = Field(sa_column=Column(sa.BigInteger))
    action: str | None = Field(sa_column=Column(Text))


class IdempotencyKeys(Table, table=True):
    """The response to a request with an `Idempotency-Key`, stored with its effect."""

    __tablename__ = "idempotency_keys"
    __table_args__: Any = (Index(None, "created_at"),)

    user_id: str = Field(sa_column=_owner())
    key: str = Field(sa_column=Column(Text, primary_key=True))
    fingerprint: bytes = Field(sa_column=Column(BYTEA, nullable=False))
    status: int = Field(sa_column=Column(sa.SmallInteger, nullable=False))
    headers: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    body: bytes = Field(sa_column=Column(BYTEA, nullable=False))
    created_at: datetime = Field(sa_column=_moment(default=True))


class Passwords(Table, table=True):
    """argon2id hashes of the built-in accounts."""

    __tablename__ = "passwords"

    user_id: str = Field(sa_column=_owner())
    hash: str = Field(sa_column=Column(Text, nullable=False))
    changed_at: datetime = Field(sa_column=_moment(default=True))


class Sessions(Table, table=True):
    """Sessions of the built-in accounts; the token itself is never stored, only its SHA-256.

    One that is not `remembered` ends after a day or with the browser, and is not renewed.
    """

    __tablename__ = "sessions"
    __table_args__: Any = (_secret("token_hash"), Index(None, "expires_at"))

    user_id: str = Field(sa_column=_owner())
    id: int = Field(sa_column=_id())
    token_hash: bytes = Field(sa_column=Column(BYTEA, nullable=False))
    created_at: datetime = Field(sa_column=_moment(default=True))
    updated_at: datetime = Field(sa_column=_moment(default=True))
    expires_at: datetime = Field(sa_column=_moment())
    remembered: bool = Field(sa_column=Column(sa.Boolean, nullable=False, server_default="true"))
    ip_address: str | None = Field(sa_column=Column(Text))
    user_agent: str | None = Field(sa_column=Column(Text))


class AccessTokens(Table, table=True):
    """Personal access tokens; the token itself is never stored, only its SHA-256."""

    __tablename__ = "access_tokens"
    __table_args__: Any = (
        _secret("token_hash"),
        CheckConstraint("char_length(name) between 1 and 100", name="name"),
    )

    user_id: str = Field(sa_column=_owner())
    id: int = Field(sa_column=_id())
    name: str = Field(sa_column=Column(Text, nullable=False))
    token_hash: bytes = Field(sa_column=Column(BYTEA, nullable=False))
    scopes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    created_at: datetime = Field(sa_column=_moment(default=True))
    expires_at: datetime | None = Field(sa_column=_moment(nullable=True))
    last_used_at: datetime | None = Field(sa_column=_moment(nullable=True))


class EventTickets(Table, table=True):
    """Tickets for event streams; the ticket itself is never stored, only its SHA-256.

    The stream ends at `credential_expires_at`, and when the access token `token_id` is revoked.
    """

    __tablename__ = "event_tickets"
    __table_args__: Any = (_secret("hash"), Index(None, "expires_at"))

    user_id: str = Field(sa_column=_owner())
    hash: bytes = Field(sa_column=Column(BYTEA, primary_key=True))
    expires_at: datetime = Field(sa_column=_moment())
    credential_expires_at: datetime | None = Field(sa_column=_moment(nullable=True))
    token_id: int | None = Field(sa_column=Column(sa.BigInteger))


class SigningKeys(Table, table=True):
    """The Ed25519 keys with which the built-in accounts sign; the newest signs, all that are listed verify."""

    __tablename__ = "signing_keys"

    id: str = Field(sa_column=Column(Text, primary_key=True))
    private_key: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=_moment(default=True))


class SignInFailures(Table, table=True):
    """Recent failed sign-ins, per account and per address, for all processes together."""

    __tablename__ = "sign_in_failures"
    __table_args__: Any = (Index(None, "last_at"),)

    subject: str = Field(sa_column=Column(Text, primary_key=True))
    failures: int = Field(sa_column=Column(sa.Integer, nullable=False))
    last_at: datetime = Field(sa_column=_moment())


class Installation(Table, table=True):
    """One row. A restored backup gets a new `epoch`, so that older cursors are not valid any more.

    `zones` is the version of the time zones that all instants of tasks are computed with, and the epoch in which they
    were. Null if that is not known.
    """

    __tablename__ = "installation"
    __table_args__: Any = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(sa_column=Column(sa.SmallInteger, primary_key=True, autoincrement=False, server_default="1"))
    epoch: UUID = Field(sa_column=Column(sa.Uuid, nullable=False, server_default=sa.text("gen_random_uuid()")))
    created_at: datetime = Field(sa_column=_moment(default=True))
    zones: str | None = Field(sa_column=Column(Text))
