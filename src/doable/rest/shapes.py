"""What goes over the wire, as the document shows it. The core checks the words; these only describe them."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from doable.core.tokens import DAYS_MAX, NAME_MAX
from doable.core.words import INVISIBLE
from doable.model import DESCRIPTION_MAX, ID_MAX, TITLE_MAX

Document = dict[str, Any]

# What PostgreSQL can hold as text, and a title moreover has something to see.
TEXT: Final = r"^[^\u0000]*$"
TITLE: Final = rf"^[^\u0000]*[^{INVISIBLE}][^\u0000]*$"
TASK: Final = {
    "id": 1,
    "user_id": "user-a",
    "title": "Buy groceries",
    "description": None,
    "status": "incomplete",
    "created_at": "2026-11-21T09:30:00.123456Z",
    "updated_at": "2026-11-21T09:30:00.123456Z",
    "revision": 1,
}

Title = Annotated[
    str,
    Field(
        description="1 to 255 characters, not only invisible ones; white space around is trimmed.",
        min_length=1,
        max_length=TITLE_MAX,
    ),
    Field(json_schema_extra={"pattern": TITLE}),
]
Description = Annotated[
    str | None,
    Field(
        description="Up to 5000 characters, kept as sent.",
        json_schema_extra={
            "anyOf": [{"type": "string", "maxLength": DESCRIPTION_MAX, "pattern": TEXT}, {"type": "null"}]
        },
    ),
]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TaskCreate(Shape):
    title: Title
    description: Description = None


class TaskUpdate(Shape):
    """At least one of the two; what is not sent stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"minProperties": 1})

    title: Title = ""
    description: Description = None


class Task(Shape):
    id: int = Field(ge=1, le=ID_MAX)
    user_id: str = Field(description="The owner, exactly as the token has it.")
    title: str
    description: str | None
    status: Literal["incomplete", "complete"]
    created_at: datetime = Field(description="ISO 8601 in UTC; never changes.")
    updated_at: datetime = Field(description="ISO 8601 in UTC; moves with every change that changes something.")
    revision: int = Field(ge=1, description="The owner's revision of the last change to this task.")


class Removed(Shape):
    type: Literal["task"]
    id: int = Field(ge=1, le=ID_MAX)


class Delta(Shape):
    tasks: list[Task] = Field(description="Each task that changed, once, as it is now.")
    removed: list[Removed] = Field(description="What was deleted; it may name what you never had.")
    cursor: str = Field(description="Where to go on, now or later.")
    has_more: bool = Field(description="There is more already: ask again at once.")


class Entry(Shape):
    revision: int = Field(ge=1)
    kind: Literal["created", "updated", "completed", "reopened", "deleted"]
    at: datetime
    actor: str = Field(description="Who did it: the owner, or whoever acted for the owner.")
    before: Task | None = Field(description="The task before; null where it was created.")
    after: Task | None = Field(description="The task after; null where it was deleted.")


class User(Shape):
    id: str = Field(description="As the token has it.")
    email: str | None
    name: str | None
    timezone: str | None
    created_at: datetime | None = Field(description="Null for a user of an issuer elsewhere who never wrote anything.")


TokenScope = Literal["tasks:read", "tasks:write"]


class TokenCreate(Shape):
    name: str = Field(
        description="1 to 100 characters, not only invisible ones; white space around is trimmed.",
        min_length=1,
        max_length=NAME_MAX,
        json_schema_extra={"pattern": TITLE},
    )
    scopes: list[TokenScope] = Field(
        ["tasks:read", "tasks:write"],
        description="What it may be used for; left out: all of it.",
        min_length=1,
    )
    expires_in_days: int | None = Field(None, description="Null: it does not expire.", ge=1, le=DAYS_MAX)


class Token(Shape):
    id: int = Field(ge=1, le=ID_MAX)
    name: str
    scopes: list[TokenScope]
    created_at: datetime
    expires_at: datetime | None = Field(description="Null: never.")
    last_used_at: datetime | None = Field(description="Up to five minutes behind. Null: never, as far as is known.")


class NewToken(Token):
    token: str = Field(description="The token itself.", pattern="^dbl_[A-Za-z0-9_-]{43}$")


class FieldFault(BaseModel):
    field: str = Field(description="Which field; empty for the body as a whole.")
    code: str
    message: str


class Problem(BaseModel):
    """RFC 9457, with the sentence for users as `error`. Some problems have members of their own."""

    type: str
    title: str
    status: int
    detail: str
    error: str = Field(description="One sentence that a user may read.")
    code: str = Field(description="Stable; each is explained in docs/errors.md.")
    message: str | None = Field(None, description="`error` again, for Better Auth's client (`/api/auth` alone).")
    errors: list[FieldFault] | None = Field(None, description="Every fault of an invalid request.")
    current: Task | None = Field(None, description="The stale task as it is now, for a caller with `tasks:read`.")
    index: int | None = Field(None, ge=0, description="The operation of a batch that was refused.")
    request_id: str | None = Field(None, description="What the operator finds in the log, when something broke.")


SHAPES: Final[list[type[BaseModel]]] = [
    Task,
    TaskCreate,
    TaskUpdate,
    Removed,
    Delta,
    Entry,
    User,
    Token,
    TokenCreate,
    NewToken,
    Problem,
    FieldFault,
]


def schemas(*more: type[BaseModel]) -> Document:
    """The components of the document."""
    _, definitions = models_json_schema(
        [(shape, "validation") for shape in [*SHAPES, *more]], ref_template="#/components/schemas/{model}"
    )
    components = dict(definitions["$defs"])
    # What is left out is not the same as null; and generators of clients make whatever has a default required.
    for component in components.values():
        for described in component.get("properties", {}).values():
            described.pop("default", None)
    return components


def ref(shape: type[BaseModel]) -> Document:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def answers(description: str, shape: type[BaseModel] | Document, example: object, **headers: Document) -> Document:
    """An answer with a JSON body; underscores in the names of `headers` stand for hyphens."""
    schema = shape if isinstance(shape, dict) else ref(shape)
    document: Document = {
        "description": description,
        "content": {"application/json": {"schema": schema, "example": example}},
    }
    if headers:
        document["headers"] = {name.replace("_", "-"): header for name, header in headers.items()}
    return document


def accepts(shape: type[BaseModel], example: object) -> Document:
    return {"schema": ref(shape), "example": example}


def string_header(description: str) -> Document:
    return {"description": description, "schema": {"type": "string"}}
