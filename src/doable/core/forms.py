"""Validates the objects that clients send: JSON values in, stored values out.

`doable.model` declares the fields and their rules. All faults are reported together.
"""

from itertools import starmap
from typing import Final, NamedTuple

import msgspec

from doable.core.validation import Fields, stray_faults
from doable.errors import Fault, Invalid
from doable.fields import Field, Input, Values, Write, inputs
from doable.model import Filter, FilterText, Label, List, Task, User
from doable.text import label


class _Entry(NamedTuple):
    name: str
    rule: Input
    missing: Fault | None  # for a new object without the field; None if the field is nullable
    emptied: Fault | None  # for a change that empties the field; None if the field is nullable


class Form:
    """Validates objects of one type. It is compiled once from the fields of the type (`doable.fields`)."""

    def __init__(self, struct: type[msgspec.Struct], *, nothing: str) -> None:
        """`nothing` is the error message for a change without fields."""
        self._writes = {write: _Fields(struct, write) for write in Write}
        self._nothing = Fault("", "nothing_to_change", nothing)

    def new(self, fields: Fields) -> Values:
        """Return a value for every field that clients can set in a new object. Raises Invalid."""
        faults: list[Fault] = []
        form = self._writes[Write.CREATE]
        given = {
            name: _value(name, rule, fields.get(name), missing, faults)
            for name, rule, missing, _ in form.entries
            if missing is not None or name in fields
        }
        form.refuse(fields, faults)
        return {**form.empty, **given}

    def edit(self, fields: Fields, write: Write = Write.UPDATE) -> Values:
        """Return a value for each field of a change. Raises Invalid, also if there is no field."""
        if not fields:
            raise Invalid(self._nothing)
        faults: list[Fault] = []
        form = self._writes[write]
        values = {
            name: _value(name, rule, fields[name], emptied, faults)
            for name, rule, _, emptied in form.entries
            if name in fields
        }
        form.refuse(fields, faults)
        return values

    def patch(self, fields: Fields) -> Values:
        """The same for a change that can also change what other operations change, such as the status."""
        return self.edit(fields, Write.PATCH)


class _Fields:
    """The fields of one kind of write."""

    def __init__(self, struct: type[msgspec.Struct], write: Write) -> None:
        self.entries = tuple(starmap(_entry, inputs(struct, write)))
        self.empty = dict.fromkeys(entry.name for entry in self.entries)
        self._names = frozenset(self.empty)
        created = {field.name for field, _ in inputs(struct, Write.CREATE)}
        self._fixed = frozenset(created - self._names)
        self._servers_own = frozenset(struct.__struct_fields__) - self._names - self._fixed

    def refuse(self, fields: Fields, faults: list[Fault]) -> None:
        """Raise Invalid if there are faults, or fields that clients can't set in this write."""
        if faults or not self._names.issuperset(fields):
            raise Invalid(*faults, *stray_faults(fields, self._names, self._servers_own, self._fixed))


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


NOTHING: Final = "At least one field must be provided"
TASK: Final = Form(Task, nothing="At least one field (title or description) must be provided")
LIST: Final = Form(List, nothing=NOTHING)
LABEL: Final = Form(Label, nothing=NOTHING)
FILTER: Final = Form(Filter, nothing=NOTHING)
FILTER_TEXT: Final = Form(FilterText, nothing=NOTHING)
USER: Final = Form(User, nothing=NOTHING)
