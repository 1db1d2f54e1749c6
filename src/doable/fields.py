"""How a field of an object is declared, and what may stand in it.

A field is one line of a struct in `model.py`, its type annotated with a rule:

    title: Annotated[str, Name(255, example="Buy groceries")]

All else follows from that line: what a request may say and the sentence that refuses the rest (`core/forms.py`), the
columns of the SQL (`store/columns.py`), the OpenAPI document (`rest/shapes.py`), the table in docs/api.md, and the
values that property tests try (`tests/strategies.py`).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeAlias, get_args, get_type_hints

import msgspec

from doable.errors import Fault
from doable.text import NAME, TEXT, is_blank, label, text_fault

Schema: TypeAlias = Mapping[str, Any]
Values: TypeAlias = Mapping[str, object]  # by the names of the fields


@dataclass(frozen=True)
class Shown:
    """A rule for what clients see and can't set. `schema` adds to the JSON Schema of its type."""

    description: str
    example: object
    schema: Schema = field(default_factory=dict)


class Input(ABC):
    """A rule for what clients set."""

    description: str
    example: object
    schema: Schema

    @abstractmethod
    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        """The value as it is stored, None where there is nothing in it. A fault is added where it is wrong."""


class Name(Input):
    """1 to `most` characters, trimmed, with something to see in them."""

    def __init__(self, most: int, example: str) -> None:
        self.description = f"1 to {most} characters, at least one of them visible; surrounding white space is trimmed."
        self.example = example
        self.schema = {"minLength": 1, "maxLength": most, "pattern": NAME}
        self.most = most

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        if isinstance(value, str):
            value = value.strip()
            if is_blank(value):
                return None
        _check_text(field, value, self.most, faults)
        return value


class Text(Input):
    """Up to `most` characters, kept as they are, or null."""

    def __init__(self, most: int, example: str | None = None) -> None:
        self.description = f"Up to {most} characters, kept as sent."
        self.example = example
        self.schema = {"maxLength": most, "pattern": TEXT}
        self.most = most

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        _check_text(field, value, self.most, faults, or_null=" or null")
        return value


def _check_text(field: str, value: object, most: int, faults: list[Fault], or_null: str = "") -> None:
    if not isinstance(value, str):
        faults.append(Fault(field, "wrong_type", f"{label(field)} must be a string{or_null}"))
    elif len(value) > most:
        faults.append(Fault(field, "too_long", f"{label(field)} must be {most} characters or less"))
    elif fault := text_fault(field, value):
        faults.append(fault)


@dataclass(frozen=True)
class Field:
    """One field of a struct. `is_optional`: it has a default, and is left out of an answer where it has that."""

    name: str
    rule: Shown | Input
    types: tuple[Any, ...]
    is_optional: bool

    @property
    def is_nullable(self) -> bool:
        return NoneType in self.types

    @property
    def schema(self) -> Schema:
        """JSON Schema, with the description."""
        schemas = [msgspec.json.schema(type_) for type_ in self.types]
        schemas[0] |= self.rule.schema
        return {"description": self.rule.description, **(schemas[0] if len(schemas) == 1 else {"anyOf": schemas})}


@cache
def declared(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields of a struct, in their order."""
    hints = get_type_hints(struct, include_extras=True)
    found = []
    for one in msgspec.structs.fields(struct):
        type_, rule = get_args(hints[one.name])
        types = get_args(type_) if isinstance(type_, UnionType) else (type_,)
        if isinstance(rule, Input) and not one.required and NoneType not in types:
            raise TypeError(f"{one.name}: what clients may leave out must be nullable")
        found.append(Field(one.name, rule, types, is_optional=not one.required))
    return tuple(found)


def inputs(struct: type[msgspec.Struct]) -> list[tuple[Field, Input]]:
    """The fields that clients set, each with its rule."""
    return [(field, field.rule) for field in declared(struct) if isinstance(field.rule, Input)]


def example(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """An object with nothing in the fields that may be left out."""
    return {field.name: field.rule.example for field in declared(struct) if not field.is_optional}
