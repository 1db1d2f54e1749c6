"""Filters: what a text in the language of docs/filters.md means, depends on, and names."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from doable import filter_parser
from doable.core.filter_writer import write, write_name
from doable.errors import ColumnFault, Invalid
from doable.filter_parser import FIELD, LENGTH_MAX, Name
from doable.filter_tree import Clock, HasLabelFrom, Is, Names, Node, On, Within, terms
from doable.text import folded

_STATUS_TERMS: Final = {Is("complete"), Is("incomplete"), Is("all")}


class Filter(NamedTuple):
    """A text that was read. `names` has a list or label once for each place that names it."""

    text: str
    tree: Node
    names: list[Name]

    @property
    def decides_status(self) -> bool:
        """Whether the filter has a term about completion. Without one, it means incomplete tasks."""
        return any(
            term in _STATUS_TERMS or (isinstance(term, On) and term.field == "completed") for term in terms(self.tree)
        )

    @property
    def clock(self) -> Clock:
        """What of the viewer's moment and zone the answer depends on."""
        every = list(terms(self.tree))
        if Is("overdue") in every:
            return Clock.TIME
        return Clock.DAY if any(isinstance(term, On | Within) for term in every) else Clock.NONE

    @property
    def canonical(self) -> str:
        """The filter as we write it. Where this is too long for a filter: the text as it is."""
        text = write(self.tree)
        return text if len(text) <= LENGTH_MAX else self.text


def parse(text: str) -> Filter:
    """Read the text of a filter. Raises Invalid, with columns."""
    return Filter(text, *filter_parser.parse(text))


def find_names(filter: Filter, lists: Iterable[tuple[int, str, bool]], labels: Iterable[str]) -> Names:
    """Find what the filter names among the user's lists (id, name, whether it is archived) and labels.

    Raises Invalid, with columns, if a list or label does not exist. A beginning may match no label.
    """
    ids: dict[str, list[int]] = {}
    archived: dict[int, str] = {}
    for id, name, is_archived in lists:
        key = folded(name)
        ids.setdefault(key, []).append(id)
        if is_archived:
            archived[id] = key
    spelled = {folded(label): label for label in labels}
    named = {mark: {one.name: folded(one.name) for one in filter.names if one.mark == mark} for mark in "#@"}
    known = {"#": ids.keys(), "@": spelled.keys()}
    if faults := [_unknown(one) for one in filter.names if named[one.mark][one.name] not in known[one.mark]]:
        raise Invalid(*faults)
    beginnings = {term.beginning for term in terms(filter.tree) if isinstance(term, HasLabelFrom)}
    return Names(
        lists={name: ids[key] for name, key in named["#"].items()},
        labels={name: spelled[key] for name, key in named["@"].items()},
        beginnings={beginning: _beginning_with(beginning, spelled) for beginning in beginnings},
        hidden=[id for id, key in archived.items() if key not in named["#"].values()],
    )


def _beginning_with(beginning: str, spelled: Mapping[str, str]) -> list[str]:
    key = folded(beginning)
    return [label for one, label in spelled.items() if one.startswith(key)]


def _unknown(name: Name) -> ColumnFault:
    column = name.start + 1
    if name.mark == "#":
        return ColumnFault(FIELD, "list_not_found", f'Column {column} of the filter: no list "{name.name}"', column)
    return ColumnFault(FIELD, "label_not_found", f'Column {column} of the filter: no label "{name.name}"', column)


def rename(text: str, mark: str, old: str, new: str) -> str:
    """Rename a list (mark `#`) or label (`@`) in the text of a filter. All else stays as it is."""
    parts, at = [], 0
    for name in parse(text).names:
        if name.mark == mark and folded(name.name) == folded(old):
            parts += [text[at : name.start], write_name(mark, new)]
            at = name.end
    return "".join([*parts, text[at:]])
