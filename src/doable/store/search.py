"""Searches: whole words, which an index finds, or else parts of words, for which all tasks of the owner are read."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from doable.store.database import Executor

MANY: Final = 25_000  # tasks


class Search(NamedTuple):
    """What to look for: `query` is a tsquery, or `patterns` are of `like` if no task of the owner has the words.

    `hits` is the number of tasks that have the words, up to one above `MANY`.
    """

    words: str
    query: str | None
    patterns: Sequence[str]
    hits: int | None

    @property
    def are_many(self) -> bool:
        """Whether more than `MANY` tasks have the words: then the newest of them are not far from the newest task."""
        return (self.hits or 0) > MANY

    def condition(self, parameter: Callable[[object, str], str], columns: str = "title, description, labels") -> str:
        """A condition on a row of `doable.tasks`."""
        if self.query is not None:
            return f"doable.search_document(user_id, {columns}) @@ {parameter(self.query, 'text')}::tsquery"
        return f"doable.search_text({columns}) like all ({parameter(self.patterns, 'text[]')})"

    def conditions(self, parameter: Callable[[object, str], str], *, by_index: bool) -> list[str]:
        """The conditions for the owner and the words, so that the index of words is used, or so that it can't be."""
        condition = self.condition(parameter)
        if self.query is None:
            return [BY_OWNER, condition]
        return [BY_WORDS, condition] if by_index else [BY_OWNER, f"({condition}) is true"]

    def in_title(self, parameter: Callable[[object, str], str]) -> str:
        """Whether the title alone of a task has the words, for a task that has them somewhere."""
        return f"(description is null and labels is null or {self.condition(parameter, 'title, null, null')})"


# The words in the index have a key of their owner. For `user_id = $1` alone, PostgreSQL would also read all entries of
# the owner in another index.
BY_WORDS: Final = "(user_id = $1) is true"
BY_OWNER: Final = "user_id = $1"

PREPARE = """
-- For each search its query, or null if no task has its words, its patterns, and the number of hits, counted up to $3.
-- PostgreSQL plans `with … materialized` for all rows: it reads the index of words, and not task after task until one
-- has them.
select asked.words, found.query, array(
  select '%' || regexp_replace(part, '([%_\\\\])', '\\\\\\1', 'g') || '%'
  from regexp_split_to_table(btrim(doable.search_folded(asked.words), E' \\t\\n\\r'), '\\s+') as part
), found.hits
from unnest($2::text[]) as asked (words)
left join lateral (
  with hits as materialized (
    select id
    from doable.tasks
    where (user_id = $1) is true
      and doable.search_document(user_id, title, description, labels) @@ doable.search_query($1, asked.words)
  )
  select doable.search_query($1, asked.words)::text as query, count(*) as hits
  from (select from hits limit $3) as counted
) as found on found.hits > 0
"""


async def prepare(db: Executor, user_id: str, texts: Sequence[str]) -> list[Search]:
    """One for each of the texts."""
    return [Search(*row) for row in await db.read(PREPARE, user_id, texts, MANY + 1)]
