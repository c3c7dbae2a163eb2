"""The words that things are called by, so that a misspelt one can be put right; the same on both databases."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from datacenter_docs.adapters.persistence.estate.codec import bunches
from datacenter_docs.adapters.persistence.search.tables import name_grams, name_words
from datacenter_docs.domain.spelling import grams, spellable

_COUNT = (
    update(name_words)
    .where(name_words.c.word == bindparam("wanted"))
    .values(uses=bindparam("now"))
)
_shared = func.count()
_SIMILAR = (
    select(name_grams.c.word, name_words.c.uses)
    .join(name_words, name_words.c.word == name_grams.c.word)
    .where(name_grams.c.gram.in_(bindparam("grams", expanding=True)))
    .group_by(name_grams.c.word, name_words.c.uses)
    .order_by(_shared.desc(), name_words.c.uses.desc(), name_grams.c.word)
    .limit(bindparam("most"))
)


def similar(connection: Connection, word: str, most: int) -> Sequence[tuple[str, int]]:
    """Words with most runs of three letters in common, each with how many names have it."""
    rows = connection.execute(_SIMILAR, {"grams": sorted(grams(word)), "most": most})
    return [(row.word, row.uses) for row in rows]


def recount(connection: Connection, before: Iterable[str], after: Iterable[str]) -> None:
    """Some names were so, and are so now."""
    moved = Counter[str]()
    moved.update(word for name in after for word in spellable(name))
    moved.subtract(word for name in before for word in spellable(name))
    changes = {word: by for word, by in moved.items() if by}
    uses = _uses(connection, sorted(changes))
    now = {word: uses.get(word, 0) + by for word, by in changes.items()}
    fresh = sorted(word for word in now if word not in uses and now[word] > 0)
    kept = [{"wanted": word, "now": now[word]} for word in uses if now[word] > 0]
    if kept:
        connection.execute(_COUNT, kept)
    for some in bunches(sorted(word for word in uses if now[word] <= 0)):
        for table in (name_words, name_grams):
            connection.execute(delete(table).where(table.c.word.in_(some)))
    if fresh:
        connection.execute(insert(name_words), [{"word": word, "uses": now[word]} for word in fresh])  # fmt: skip
        connection.execute(insert(name_grams), [{"gram": gram, "word": word} for word in fresh for gram in sorted(grams(word))])  # fmt: skip


def clear(connection: Connection) -> None:
    """Forget all."""
    for table in (name_words, name_grams):
        connection.execute(delete(table))


def _uses(connection: Connection, words: Sequence[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for some in bunches(list(words)):
        query = select(name_words).where(name_words.c.word.in_(some))
        found.update({row.word: row.uses for row in connection.execute(query)})
    return found
