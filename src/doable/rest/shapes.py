"""The models of the OpenAPI document. They only describe requests and responses; the core checks the input."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, RootModel, TypeAdapter, WithJsonSchema

from doable import fields, model
from doable.core import opaque, tokens
from doable.fields import Write, example
from doable.model import ID_MAX
from doable.rest.error_docs import ERRORS, FAULTS
from doable.schedule import TIME_ZONE, DueRule

Document = dict[str, Any]

TASK: Final = example(model.Task)
OCCURRENCE: Final = example(model.CompletedOccurrence)
COMPLETION: Final = example(model.Completion)
LIST: Final = example(model.List)
LABEL: Final = example(model.Label)
FILTER: Final = example(model.Filter)
USER: Final = example(model.User)

# Sentences of several models.
NO_EXPIRY: Final = "Null: the token does not expire."


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


def declared(properties: Document, *required: str, **more: Any) -> ConfigDict:
    """The schema of a model whose members are fields of a struct."""
    names: Document = {"required": list(required)} if required else {}
    return ConfigDict(extra="forbid", json_schema_extra={"properties": properties, **names, **more})


def outputs(struct: type[msgspec.Struct]) -> Document:
    return {one.name: one.schema(is_input=False) for one in fields.declared(struct)}


def inputs(struct: type[msgspec.Struct], write: Write) -> Document:
    return {field.name: field.schema(is_input=True) for field, _ in fields.inputs(struct, write)}


def required(struct: type[msgspec.Struct]) -> list[str]:
    return [field.name for field, _ in fields.inputs(struct, Write.CREATE) if not field.is_nullable]


class Task(Shape):
    model_config = declared(outputs(model.Task), *TASK)


class TaskCreate(Shape):
    model_config = declared(inputs(model.Task, Write.CREATE), *required(model.Task))


class TaskUpdate(Shape):
    """At least one field. Fields that are absent keep their values."""

    model_config = declared(inputs(model.Task, Write.UPDATE), minProperties=1)


_LABELS: Final = next(field.schema(is_input=True) for field in fields.declared(model.Task) if field.name == "labels")


TASK_PATCH: Final = inputs(model.Task, Write.PATCH) | {
    "add_labels": {**_LABELS, "description": "Labels to add to those of the task. Not with `labels`."},
    "remove_labels": {**_LABELS, "description": "Labels to take off the task. Not with `labels`."},
}


class TaskPatch(Shape):
    """At least one field. Fields that are absent keep their values."""

    model_config = declared(TASK_PATCH, minProperties=1)


class CompletedTask(Shape):
    """A task; `completed_occurrence` if the request completed an occurrence of it."""

    model_config = declared(
        outputs(model.Task)
        | {
            "completed_occurrence": {
                "type": "object",
                "description": "The occurrence that this request completed. The task has moved on to the next one.",
                "properties": outputs(model.CompletedOccurrence),
                "required": list(OCCURRENCE),
                "additionalProperties": False,
            }
        },
        *TASK,
    )


class Completing(Shape):
    """What was completed, and when. Without a member: the present occurrence, now, where the user is."""

    occurrence: date | None = Field(
        None,
        description="The `anchor` of the occurrence. If the task is at another one, nothing changes.",
    )
    completed_at: datetime | None = Field(None, description="When it was done, for what was done offline.")
    time_zone: Annotated[str, WithJsonSchema(TIME_ZONE)] | None = Field(
        None, description="Where it was done: the days of this time zone count."
    )


class CompletingTask(Completing):
    """What was completed, and when. A body that has none of these members is ignored."""

    model_config = ConfigDict(extra="allow")


class Due(Shape):
    model_config = ConfigDict(json_schema_extra=dict(DueRule.components["Due"]))


class Completion(Shape):
    model_config = declared(outputs(model.Completion), *COMPLETION)


class List(Shape):
    model_config = declared(outputs(model.List), *LIST)


class ListCreate(Shape):
    model_config = declared(inputs(model.List, Write.CREATE), *required(model.List))


class ListPatch(Shape):
    """At least one field. Fields that are absent keep their values."""

    model_config = declared(inputs(model.List, Write.PATCH), minProperties=1)


class Label(Shape):
    model_config = declared(outputs(model.Label), *LABEL)


class LabelCreate(Shape):
    model_config = declared(inputs(model.Label, Write.CREATE), *required(model.Label))


class LabelPatch(Shape):
    """At least one field. Fields that are absent keep their values."""

    model_config = declared(inputs(model.Label, Write.PATCH), minProperties=1)


class User(Shape):
    model_config = declared(outputs(model.User), *USER)


class UserPatch(Shape):
    """At least one field. Fields that are absent keep their values."""

    model_config = declared(inputs(model.User, Write.PATCH), minProperties=1)


class Filter(Shape):
    model_config = declared(outputs(model.Filter), *FILTER)


class FilterCreate(Shape):
    model_config = declared(inputs(model.Filter, Write.CREATE), *required(model.Filter))


class FilterPatch(Shape):
    """At least one field. Fields that are absent keep their values."""

    model_config = declared(inputs(model.Filter, Write.PATCH), minProperties=1)


class FilterText(Shape):
    model_config = declared(inputs(model.FilterText, Write.CREATE), *required(model.FilterText))


class CanonicalFilter(Shape):
    filter: str = Field(description="The filter in its canonical form.")


Id = Annotated[int, Field(ge=1, le=ID_MAX)]
End = Literal["first", "last"]


class Move(Shape):
    """A place before or after another object, or at an end of the order (`to`; by default the last place)."""

    before: Id | None = Field(None, description="The object that comes next.")
    after: Id | None = Field(None, description="The object that comes before.")
    to: End | None = Field(None, description="The end of the order.")
    otherwise: End | None = Field(None, description="The end to move to if the object named is not there.")


class TaskMove(Move):
    """A list and a parent, and a place there."""

    list_id: Id | None = Field(None, description="The list; null is the Inbox. By default, the present one.")
    parent_id: Id | None = Field(None, description="The task that it becomes a subtask of, or null.")


Type = Literal["task", "list", "label", "filter"]


class Removed(Shape):
    type: Type
    id: int = Field(ge=1, le=ID_MAX)


class Delta(Shape):
    tasks: list[Task] = Field(description="The current version of each task that changed. Each task appears once.")
    lists: list[List] = Field(description="The lists that changed.")
    labels: list[Label] = Field(description="The labels that changed.")
    filters: list[Filter] = Field(description="The saved filters that changed.")
    user: User | None = Field(None, description="Your settings, if they changed.")
    removed: list[Removed] = Field(description="What was deleted. It can name objects that you never had.")
    cursor: str = Field(description="The cursor for the next request.")
    has_more: bool = Field(description="If true, there is more: send the next request immediately.")


class Undo(Shape):
    revision: int = Field(description="The revision of a change of the operation.", ge=1, le=ID_MAX)


class Undone(Shape):
    undone: list[Removed] = Field(description="The objects that changed back.")
    revision: int = Field(description="The revision of the last change that this made.", ge=0)


class Trashed(Shape):
    type: Literal["task", "list"]
    deleted_at: datetime
    count: int = Field(description="How many objects come back with a restore, this one included.", ge=1)
    object: Task | List


class Emptied(Shape):
    has_more: Literal[True] = Field(description="There is more in the trash: send the request again.")


class Ticket(Shape):
    ticket: str = Field(description="The ticket. No other response contains it.", pattern=f"^{opaque.PATTERN}$")
    expires_at: datetime


TokenScope = Literal["tasks:read", "tasks:write"]


class TokenCreate(Shape):
    name: str = Field(description=tokens.NAME.description, json_schema_extra=dict(tokens.NAME.schema))
    scopes: list[TokenScope] = Field(
        ["tasks:read", "tasks:write"],
        description="What the token may be used for. By default: everything in this list.",
        min_length=1,
    )
    expires_in_days: int | None = Field(None, description=NO_EXPIRY, ge=1, le=tokens.DAYS_MAX)


class Token(Shape):
    id: int = Field(ge=1, le=ID_MAX)
    name: str
    scopes: list[TokenScope]
    created_at: datetime
    expires_at: datetime | None = Field(description=NO_EXPIRY)
    last_used_at: datetime | None = Field(description="Accurate to about five minutes. Null: no use is known.")


class NewToken(Token):
    token: str = Field(description="The secret value of the token.", pattern=f"^dbl_{opaque.PATTERN}$")


class ErrorCode(RootModel[str]):
    """Identifies an error. A code never changes, and later versions add some. docs/errors.md describes each one."""

    model_config = ConfigDict(json_schema_extra={"enum": [*ERRORS]})


class FaultCode(RootModel[str]):
    """Identifies a fault. A code never changes, and later versions add some. docs/errors.md describes each one."""

    model_config = ConfigDict(json_schema_extra={"enum": [*FAULTS]})


class FieldFault(BaseModel):
    field: str = Field(description="The name of the field. Empty for the body as a whole.")
    code: FaultCode
    message: str
    column: int | None = Field(None, ge=1, description="Where in a filter the fault is, in code points from 1.")


class Problem(BaseModel):
    """An error (RFC 9457). `error` is a sentence for users. Some errors have additional members."""

    type: str
    title: str
    status: int
    detail: str
    error: str = Field(description="A sentence that you can show to your user.")
    code: ErrorCode
    errors: list[FieldFault] | None = Field(None, description="The faults of an invalid request.")
    current: Task | List | Label | Filter | None = Field(
        None, description="The current version of the object, if the token has `tasks:read`."
    )
    index: int | None = Field(None, ge=0, description="The position of the failed operation in a batch, from 0.")
    request_id: str | None = Field(None, description="The id of the request in the log, after an internal error.")


def schemas(types: Iterable[Any]) -> Document:
    """The schemas of these types, and of all types in them."""
    _, definitions = TypeAdapter.json_schemas(
        [(number, "validation", TypeAdapter(type_)) for number, type_ in enumerate(types)],
        ref_template="#/components/schemas/{model}",
    )
    components: Document = definitions["$defs"]
    for struct in (model.Task, model.List, model.Label, model.Filter):
        for _, rule in fields.inputs(struct):
            components |= rule.components
    # An absent member is not null, and generators of clients make members with a default required.
    for component in components.values():
        for described in component.get("properties", {}).values():
            described.pop("default", None)
    return components


def ref(shape: type[BaseModel]) -> Document:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def json_response(description: str, example: object, **headers: Document) -> Document:
    """Describe a response with a JSON body. Underscores in the names of `headers` stand for hyphens."""
    document: Document = {"description": description, "content": {"application/json": {"example": example}}}
    if headers:
        document["headers"] = {name.replace("_", "-"): header for name, header in headers.items()}
    return document


def string_header(description: str) -> Document:
    return {"description": description, "schema": {"type": "string"}}
