"""Declares the fields of objects, and the rules for their values.

A field is one line of a struct in `model.py`. Its type is annotated with a rule:

    title: Annotated[str, Name(255, example="Buy groceries")]

Everything else follows from this line: the validation of requests and its error messages (`core/forms.py`), the columns
in the SQL (`store/columns.py`), the OpenAPI document (`rest/shapes.py`), the table in docs/api.md, and the values of
property tests (`tests/strategies.py`).
"""

import dataclasses
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Final, TypeAlias, get_args, get_type_hints

import msgspec

from doable.errors import Fault
from doable.text import NAME, TEXT, is_blank, label, text_fault

Schema: TypeAlias = Mapping[str, Any]
Values: TypeAlias = Mapping[str, object]  # by field name

INTEGER_FLOAT_MAX: Final = 2**53  # beyond, a float can't represent every integer


class Write(Enum):
    """The kinds of writes."""

    CREATE = auto()
    UPDATE = auto()
    PATCH = auto()  # an update that can also change what other operations change


EVERY_WRITE: Final = frozenset(Write)


@dataclass(frozen=True)
class Shown:
    """The rule of a field that clients can read but not set. `schema` adds to the JSON Schema of its type."""

    description: str
    example: object
    schema: Schema = dataclasses.field(default_factory=dict)


class Input(ABC):
    """The rule of a field that clients set, in the given kinds of `writes`.

    `schema` is the JSON Schema of a value. It can refer to the `components` of the document.
    """

    description: str
    example: object
    schema: Schema
    components: ClassVar[Schema] = {}
    writes: frozenset[Write] = EVERY_WRITE

    @abstractmethod
    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        """Return the value to store; None if it is empty. Adds a fault to `faults` if the value is not valid."""


class Name(Input):
    """A trimmed text of 1 to `most` characters, at least one of them visible."""

    def __init__(self, most: int, example: str) -> None:
        self.description = f"1 to {most} characters, at least one of them visible; surrounding white space is trimmed."
        self.example = example
        self.schema = {"type": "string", "minLength": 1, "maxLength": most, "pattern": NAME}
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
        self.schema = {"type": "string", "maxLength": most, "pattern": TEXT}
        self.most = most

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        _check_text(field, value, self.most, faults, or_null=" or null")
        return value


class Key(Text):
    """A text of 1 to `most` characters that a client chooses for a new object, and that never changes."""

    writes = frozenset({Write.CREATE})

    def __init__(self, most: int, description: str) -> None:
        super().__init__(most)
        self.description = description
        self.schema = {**self.schema, "minLength": 1}

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        if value == "":
            faults.append(Fault(field, "required", f"{label(field)} cannot be empty"))
        return super().clean(field, value, faults)


class Choice(Input):
    """One of some words."""

    def __init__(
        self, *words: str, code: str, description: str, example: str, writes: frozenset[Write] = EVERY_WRITE
    ) -> None:
        self.code = code
        self.description = description
        self.example = example
        self.schema = {"type": "string", "enum": list(words)}
        self.writes = writes
        self.words = words

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        if value not in self.words:
            *most, last = (f"'{word}'" for word in self.words)
            sentence = f"Invalid {field} value. Must be {', '.join(most)} or {last}"
            faults.append(Fault(field, self.code, sentence))
        return value


class Pattern(Text):
    """A text that matches a pattern as a whole. `sentence` follows the label of the field."""

    def __init__(self, pattern: str, *, code: str, sentence: str, description: str, example: str) -> None:
        self.description = description
        self.example = example
        self.schema = {"type": "string", "pattern": f"^{pattern}$"}
        self.code = code
        self.sentence = sentence
        self._matches = re.compile(pattern).fullmatch

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        if not isinstance(value, str) or not self._matches(value):
            faults.append(Fault(field, self.code, f"{label(field)} {self.sentence}"))
        return value


class Flag(Input):
    """True, or not set."""

    def __init__(self, description: str) -> None:
        self.description = description
        self.example = True
        self.schema = {"type": "boolean"}

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        if not isinstance(value, bool):
            faults.append(Fault(field, "wrong_type", f"{label(field)} must be true, false or null"))
        return value or None


class Reference(Input):
    """The id of another object of the same user. `noun` is what it is, such as "list"."""

    def __init__(self, noun: str, most: int, description: str) -> None:
        self.description = description
        self.example = 1
        self.schema = {"type": "integer", "minimum": 1, "maximum": most}
        self.noun = noun
        self.most = most

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        value = whole(value)
        if type(value) is not int or not 1 <= value <= self.most:
            faults.append(Fault(field, "wrong_type", f"{label(field)} must be the id of a {self.noun}, or null"))
        return value


class Names(Input):
    """Up to `most` trimmed names of 1 to `longest` characters, in the order given; `fold` tells which are the same."""

    def __init__(self, most: int, longest: int, fold: Callable[[str], str], description: str) -> None:
        self._name = Name(longest, "")
        self._fold = fold
        self.description = description
        self.example = ["errands"]
        self.schema = {"type": "array", "maxItems": most, "items": self._name.schema}
        self.most = most

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        if not isinstance(value, list) or len(value) > self.most:
            sentence = f"{label(field)} must be an array of up to {self.most} names, or null"
            faults.append(Fault(field, "invalid_names", sentence))
            return None
        names: dict[str, str] = {}
        for place, one in enumerate(value):
            name = self._name.clean(f"{field}[{place}]", one, faults)
            if name is None:
                faults.append(Fault(f"{field}[{place}]", "required", "A name cannot be empty"))
            elif isinstance(name, str):
                names.setdefault(self._fold(name), name)
        return [*names.values()] or None


def whole(value: object) -> object:
    """Return an integer for a number such as 5.0, which has no fraction (JSON Schema, "integer"), else `value`."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= INTEGER_FLOAT_MAX:
        return int(value)
    return value


def unknown_members(field: str, value: Values, known: Sequence[str]) -> list[Fault]:
    """The faults of the members of the field's value that are not `known`."""
    strays = (f"{field}.{name}" for name in value if name not in known)
    return [Fault(name, "unknown_field", f"Unknown field '{name}'") for name in strays]


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
    type: Any
    is_optional: bool

    @property
    def types(self) -> tuple[Any, ...]:
        """The types of a union, or the only one."""
        return get_args(self.type) if isinstance(self.type, UnionType) else (self.type,)

    @property
    def is_nullable(self) -> bool:
        return NoneType in self.types

    def schema(self, *, is_input: bool) -> Schema:
        """The JSON Schema of the field, with its description. In responses, an optional field is absent, never null."""
        rule = self.rule
        schema = rule.schema if isinstance(rule, Input) else {**msgspec.json.schema(self.types[0]), **rule.schema}
        if self.is_nullable and (is_input or not self.is_optional):
            schema = {"anyOf": [schema, {"type": "null"}]}
        return {"description": rule.description, **schema}


@cache
def declared(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    """Return the fields of a struct, in order. Raises TypeError if a field that clients may omit is not nullable."""
    hints = get_type_hints(struct, include_extras=True)
    found = []
    for one in msgspec.structs.fields(struct):
        type_, rule = get_args(hints[one.name])
        field = Field(one.name, rule, type_, is_optional=not one.required)
        if isinstance(rule, Input) and field.is_optional and not field.is_nullable:
            raise TypeError(f"{one.name}: what clients may leave out must be nullable")
        found.append(field)
    return tuple(found)


def inputs(struct: type[msgspec.Struct], write: Write | None = None) -> list[tuple[Field, Input]]:
    """Return the fields that clients set in this kind of write (by default: in any), each with its rule."""
    found = [(field, field.rule) for field in declared(struct) if isinstance(field.rule, Input)]
    return found if write is None else [(field, rule) for field, rule in found if write in rule.writes]


def example(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """Return an example object without its optional fields."""
    return {field.name: field.rule.example for field in declared(struct) if not field.is_optional}
