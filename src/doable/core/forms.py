"""Validates the objects that clients send: JSON values in, stored values out.

`doable.model` declares the fields and their rules. All faults are reported together.
"""

from collections.abc import Sequence
from itertools import starmap
from typing import Final, NamedTuple

import msgspec

from doable.core.validation import Fields, stray_faults
from doable.errors import Fault, Invalid
from doable.fields import Field, Input, Values, inputs
from doable.model import Task
from doable.text import label


class _Entry(NamedTuple):
    name: str
    rule: Input
    missing: Fault | None  # for a new object without the field; None if the field is nullable
    emptied: Fault | None  # for a change that empties the field; None if the field is nullable


class Form:
    """Validates objects of one type. It is compiled once from the fields of the type (`doable.fields`)."""

    def __init__(self, struct: type[msgspec.Struct]) -> None:
        self._entries = tuple(starmap(_entry, inputs(struct)))
        self._names = frozenset(entry.name for entry in self._entries)
        self._servers_own = frozenset(struct.__struct_fields__) - self._names
        self._nothing = Fault("", "nothing_to_change", _nothing([entry.name for entry in self._entries]))

    def new(self, fields: Fields) -> Values:
        """Return a value for every field that clients can set. Raises Invalid."""
        faults: list[Fault] = []
        values = {
            name: _value(name, rule, fields.get(name), missing, faults) for name, rule, missing, _ in self._entries
        }
        self._refuse(fields, faults)
        return values

    def edit(self, fields: Fields) -> Values:
        """Return a value for each field of a change. Raises Invalid, also if there is no field."""
        if not fields:
            raise Invalid(self._nothing)
        faults: list[Fault] = []
        values = {
            name: _value(name, rule, fields[name], emptied, faults)
            for name, rule, _, emptied in self._entries
            if name in fields
        }
        self._refuse(fields, faults)
        return values

    def _refuse(self, fields: Fields, faults: list[Fault]) -> None:
        """Raise Invalid if there are faults, or fields that clients can't set."""
        if faults or not self._names.issuperset(fields):
            raise Invalid(*faults, *stray_faults(fields, self._names, self._servers_own))


def _entry(field: Field, rule: Input) -> _Entry:
    if field.is_nullable:
        return _Entry(field.name, rule, None, None)
    missing = Fault(field.name, "required", f"{label(field.name)} is required")
    return _Entry(field.name, rule, missing, Fault(field.name, "required", f"{label(field.name)} cannot be empty"))


def _value(name: str, rule: Input, value: object, empty: Fault | None, faults: list[Fault]) -> object:
    if value is not None:
        value = rule.clean(name, value, faults)
    if value is None and empty is not None:
        faults.append(empty)
    return value


def _nothing(names: Sequence[str]) -> str:
    """The error message for a change without fields."""
    return f"At least one field ({', '.join(names[:-1])} or {names[-1]}) must be provided"


TASK: Final = Form(Task)
