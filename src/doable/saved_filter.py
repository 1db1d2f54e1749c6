"""The rules for the fields of a saved filter."""

from typing import Final

import msgspec

from doable import filter_parser, sorting
from doable.errors import Fault, Invalid
from doable.fields import Input, Text
from doable.text import label

SORT_MAX: Final = 100  # characters; all names reversed have fewer


class FilterRule(Input):
    """The text of a filter. What it names need not exist."""

    description = f"1 to {filter_parser.LENGTH_MAX} characters in the language of docs/filters.md, kept as sent."
    example = "today | overdue"

    def __init__(self) -> None:
        self.schema = {"type": "string", "minLength": 1, "maxLength": filter_parser.LENGTH_MAX}

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        if not isinstance(value, str):
            faults.append(Fault(field, "wrong_type", f"{label(field)} must be a string"))
            return value
        try:
            filter_parser.parse(value)
        except Invalid as error:
            faults += [msgspec.structs.replace(fault, field=field) for fault in error.faults]
        return value


class SortRule(Text):
    """The order of tasks, as for a list of tasks."""

    def __init__(self) -> None:
        super().__init__(SORT_MAX, "-priority,due")
        self.description = "The order of the tasks: a value of the parameter `sort`."
        self.schema = {"type": "string", "maxLength": SORT_MAX, "pattern": sorting.PATTERN}

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        if isinstance(value, str) and sorting.parse(value) is None:
            faults.append(Fault(field, "invalid_sort", sorting.SENTENCE))
            return value
        return super().clean(field, value, faults)
