"""What goes over the wire, as the document shows it. The core checks the words; these only describe them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from doable import fields, model
from doable.core import tokens
from doable.fields import example
from doable.model import ID_MAX

Document = dict[str, Any]

TASK: Final = example(model.Task)


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _declared(members: Iterable[fields.Field], *required: str, **more: Any) -> ConfigDict:
    """What describes a shape whose members are fields of a struct."""
    properties: Document = {field.name: field.schema for field in members}
    names: Document = {"required": list(required)} if required else {}
    return ConfigDict(extra="forbid", json_schema_extra={"properties": properties, **names, **more})


_INPUTS: Final = [field for field, _ in fields.inputs(model.Task)]
_REQUIRED: Final = [field.name for field in _INPUTS if not field.is_nullable]


class Task(Shape):
    model_config = _declared(fields.declared(model.Task), *TASK)


class TaskCreate(Shape):
    model_config = _declared(_INPUTS, *_REQUIRED)


class TaskUpdate(Shape):
    """At least one field; what is not sent stays."""

    model_config = _declared(_INPUTS, minProperties=1)


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
    name: str = Field(description=tokens.NAME.description, json_schema_extra=dict(tokens.NAME.schema))
    scopes: list[TokenScope] = Field(
        ["tasks:read", "tasks:write"],
        description="What it may be used for; left out: all of it.",
        min_length=1,
    )
    expires_in_days: int | None = Field(None, description="Null: it does not expire.", ge=1, le=tokens.DAYS_MAX)


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
