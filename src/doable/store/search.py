"""Searches: whole words, which an index finds, or else parts of words, for which all tasks of the owner are read."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

from doable.store.database import Executor

Parameter: TypeAlias = Callable[[object, str], str]

MANY: Final = 5000  # tasks
UNINDEXED: Final = 250  # the last revision that the index leaves out
_DOCUMENT: Final = "doable.search_document(user_id, {columns}) @@ {query}"
_TEXT: Final = "doable.search_text({columns}) like all ({patterns})"
_COLUMNS: Final = "title, description, labels"
_TITLE: Final = "title, null, null"


def _indexed(query: str) -> str:
    """The ids of the tasks that have the words, from the index of words.

    The words in the index have a key of their owner. For `user_id = $1` alone, PostgreSQL would also read all entries
    of the owner in another index. That has another collation than "C"; and Citus sees whose tasks they are.
    """
    document = _DOCUMENT.format(columns=_COLUMNS, query=query)
    return f"""
    select id from doable.tasks
    where user_id collate "C" = $1 and revision > {UNINDEXED} and deleted_at is null and {document}
    """


class Search(NamedTuple):
    """What to look for: the words of `query`, a tsquery, or `by_parts` the `patterns` of `like`.

    `read` are the ids of the tasks that have the words and are not in the index. `hits` is the number of all tasks that
    have the words, up to one above `MANY`.
    """

    words: str
    by_parts: bool
    query: str
    patterns: Sequence[str]
    read: Sequence[int]
    hits: int

    @property
    def are_many(self) -> bool:
        """Whether more than `MANY` tasks have the words: then the newest of them are not far from the newest task."""
        return self.hits > MANY

    def condition(self, parameter: Parameter, *, by_index: bool = True) -> str:
        """A condition on a row of `doable.tasks`: by the index of words, or by looking at the row."""
        if self.by_parts:
            return _TEXT.format(columns=_COLUMNS, patterns=parameter(self.patterns, "text[]"))
        if by_index:
            return f"id = any(array({self._hits(parameter)}))"
        query = f"{parameter(self.query, 'text')}::tsquery"
        # PostgreSQL expects that half of the rows have a condition that it can't look into.
        return f"case when {_DOCUMENT.format(columns=_COLUMNS, query=query)} then true else false end"

    def term(self, parameter: Parameter) -> str:
        """The same as a part of a filter: under `not` and `or`, PostgreSQL looks each row up in a hashed list."""
        if self.by_parts:
            return self.condition(parameter)
        return f"id in ({self._hits(parameter)})"

    def _hits(self, parameter: Parameter) -> str:
        indexed = _indexed(f"{parameter(self.query, 'text')}::tsquery")
        return f"{indexed} union all select unnest({parameter(self.read, 'bigint[]')})"

    def in_title(self, parameter: Parameter) -> str:
        """Whether the title alone of a task has the words, for a task that has them somewhere."""
        if self.by_parts:
            found = _TEXT.format(columns=_TITLE, patterns=parameter(self.patterns, "text[]"))
        else:
            found = _DOCUMENT.format(columns=_TITLE, query=f"{parameter(self.query, 'text')}::tsquery")
        return f"(description is null and labels is null or {found})"


PREPARE = rf"""
-- For each search its query, its patterns, and the number of tasks that have its words, counted up to $3.
-- The words of a user's first changes are not in the index, so that most writes need not add to it. These are so few
-- tasks that they can be read, and `like` is the faster test.
-- PostgreSQL plans `with … materialized` for all rows: it reads the index of words, and not task after task until one
-- has them.
select asked.words, coalesce(asked.query::text, ''), asked.patterns, found.read, found.hits
from (
  select words, doable.search_query($1, words) as query, array(
    select '%' || regexp_replace(part, '([%_\\])', '\\\1', 'g') || '%'
    from regexp_split_to_table(btrim(doable.search_folded(words), E' \t\n\r'), '\s+') as part
  ) as patterns, array(
    select '%' || substr(word, 9) || '%' from unnest(doable.search_words($1, doable.search_folded(words))) as word
  ) as parts
  from unnest($2::text[]) as given (words)
  offset 0 -- Otherwise PostgreSQL computes these for each row that it reads.
) as asked
cross join lateral (
  with read as materialized (
    select array(
      select id
      from doable.tasks
      where user_id = $1 and revision <= {UNINDEXED} and deleted_at is null
        and {_TEXT.format(columns=_COLUMNS, patterns="asked.parts")}
        and {_DOCUMENT.format(columns=_COLUMNS, query="asked.query")}
    ) as ids
  ),
  indexed as materialized ({_indexed("asked.query")})
  select ids as read, cardinality(ids) + (select count(*) from (select 1 from indexed limit $3) as counted) as hits
  from read
) as found
"""


async def prepare(
    db: Executor, user_id: str, texts: Sequence[str], by_parts: Sequence[bool] | None = None
) -> dict[str, Search]:
    """One for each of the texts. Unless `by_parts` says which, it looks for parts of words if no task has the words."""
    rows = await db.read(PREPARE, user_id, texts, MANY + 1) if texts else []
    known = dict(zip(texts, by_parts or (), strict=False))
    return {words: Search(words, known.get(words, not rest[-1]), *rest) for words, *rest in rows}
