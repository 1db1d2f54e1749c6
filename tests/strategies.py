"""Values for property tests, from the fields of a struct (`doable.fields`)."""

from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from doable.fields import Field, Name, Text, declared, inputs
from doable.text import is_blank

Fields = dict[str, Any]

# Anything that PostgreSQL can hold, with a taste for the edges.
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def value(field: Field) -> SearchStrategy[Any]:
    """What may stand in the field."""
    match field.rule:
        case Name(most=most):
            some = st.text(CHARACTERS, min_size=1, max_size=40).filter(lambda text: not is_blank(text))
            wanted = some | st.sampled_from(["x" * most, "𝄞" * most, " " * 9 + "x" * most + "\u2003"])
        case Text(most=most):
            wanted = st.text(CHARACTERS, max_size=40) | st.just("x" * most)
    return wanted | st.none() if field.is_nullable else wanted


def no_value(field: Field) -> SearchStrategy[Any]:
    """What may not."""
    match field.rule:
        case Name(most=most):
            wrong = ["", " \t\u2003", "\u200b", "x" * (most + 1), "a\0b", "\ud800", 5, ["x"], {}]
        case Text(most=most):
            wrong = ["x" * (most + 1), "\0", "\udfff", 5, False, []]
    return st.sampled_from(wrong if field.is_nullable else [*wrong, None])


def new(struct: type[msgspec.Struct]) -> SearchStrategy[Fields]:
    """What creates an object."""
    fields = [field for field, _ in inputs(struct)]
    return st.fixed_dictionaries(
        {field.name: value(field) for field in fields if not field.is_nullable},
        optional={field.name: value(field) for field in fields if field.is_nullable},
    )


def edits(struct: type[msgspec.Struct]) -> SearchStrategy[Fields]:
    """What changes one."""
    return st.fixed_dictionaries({}, optional={field.name: value(field) for field, _ in inputs(struct)}).filter(bool)


def faulty(struct: type[msgspec.Struct]) -> SearchStrategy[Fields]:
    """What neither creates nor changes one: a field that is wrong, that only the server sets, or that is none."""
    names = {field.name for field, _ in inputs(struct)}
    wrong = {field.name: no_value(field) for field, _ in inputs(struct)}
    wrong |= {field.name: st.just(field.rule.example) for field in declared(struct) if field.name not in names}
    wrong |= {"colour": st.just("red")}
    return st.tuples(new(struct), st.sampled_from(sorted(wrong))).flatmap(
        lambda both: wrong[both[1]].map(lambda bad: {**both[0], both[1]: bad})
    )


def stored(struct: type[msgspec.Struct], words: Fields) -> Fields:
    """What the service makes of them."""
    rules = {field.name: rule for field, rule in inputs(struct)}
    return {name: said.strip() if isinstance(rules[name], Name) else said for name, said in words.items()}
