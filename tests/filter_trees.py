"""Trees of filters for property tests."""

from datetime import date

from hypothesis import strategies as st

from doable.filter_tree import (
    And,
    Day,
    HasLabel,
    HasLabelFrom,
    InList,
    Is,
    Node,
    Not,
    Offset,
    On,
    Or,
    Priority,
    Search,
    Within,
)

FLAGS = ["overdue", "no date", "no time", "recurring", "subtask", "no labels", "no priority", "no list", "complete"]
FLAGS += ["incomplete", "all"]
TEXTS = st.SearchStrategy[str]


def days(dates: st.SearchStrategy[date], most: int) -> st.SearchStrategy[Day]:
    return st.one_of(
        dates,
        st.sampled_from(["today", "tomorrow", "yesterday", "monday", "sunday"]),
        st.builds(Offset, st.integers(-most, most), st.sampled_from(["days", "weeks", "months"])),
    )


def trees(day: st.SearchStrategy[Day], lists: TEXTS, labels: TEXTS, words: TEXTS) -> st.SearchStrategy[Node]:
    terms: st.SearchStrategy[Node] = st.one_of(
        st.sampled_from(FLAGS).map(Is),
        st.sampled_from(["high", "medium", "low"]).map(Priority),
        st.integers(1, 9).map(Within),
        st.builds(
            On,
            st.sampled_from(["due", "start", "created", "completed", "updated"]),
            st.sampled_from(["before", "on", "after"]),
            day,
        ),
        lists.map(InList),
        labels.map(HasLabel),
        labels.map(HasLabelFrom),
        words.map(Search),
    )
    return st.recursive(terms, _combined, max_leaves=8)


def _combined(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=3)
    return nodes.map(Not) | st.builds(_series, st.sampled_from([And, Or]), several)


def _series(kind: type[And | Or], nodes: list[Node]) -> Node:
    return kind(tuple(one for node in nodes for one in (node.nodes if isinstance(node, kind) else [node])))
