"""Declares the fields of objects, and the rules for their values.

A field is one line of a struct in `model.py`. Its type is annotated with a rule:

    title: Annotated[str, Name(255, example="Buy groceries")]

Everything else follows from this line: the validation of requests and its error messages (`core/forms.py`), the columns
in the SQL (`store/columns.py`), the OpenAPI document (`rest/shapes.py`), the table in docs/api.md, and the values of
property tests (`tests/strategies.py`).
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
Values: TypeAlias = Mapping[str, object]  # by field name


@dataclass(frozen=True)
class Shown:
    """The rule of a field that clients can read but not set. `schema` adds to the JSON Schema of its type."""

    description: str
    example: object
    schema: Schema = field(default_factory=dict)


class Input(ABC):
    """The rule of a field that clients set."""

    description: str
    example: object
    schema: Schema

    @abstractmethod
    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        """Return the value to store; None if it is empty. Adds a fault to `faults` if the value is not valid."""


class Name(Input):
    """A trimmed text of 1 to `most` characters, at least one of them visible."""

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
    """An unchanged text of up to `most` characters, or null."""

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
    """One field of a struct. `is_optional`: the field has a default, and responses leave out the default value."""

    name: str
    rule: Shown | Input
    types: tuple[Any, ...]
    is_optional: bool

    @property
    def is_nullable(self) -> bool:
        return NoneType in self.types

    @property
    def schema(self) -> Schema:
        """The JSON Schema of the field, with its description."""
        schemas = [msgspec.json.schema(type_) for type_ in self.types]
        schemas[0] |= self.rule.schema
        return {"description": self.rule.description, **(schemas[0] if len(schemas) == 1 else {"anyOf": schemas})}


@cache
def declared(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    """Return the fields of a struct, in order. Raises TypeError if a field that clients may omit is not nullable."""
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
    """Return the fields that clients set, each with its rule."""
    return [(field, field.rule) for field in declared(struct) if isinstance(field.rule, Input)]


def example(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """Return an example object without its optional fields."""
    return {field.name: field.rule.example for field in declared(struct) if not field.is_optional}
