"""Texts as whole words, for rules that forbid or ask for some."""

import re
import unicodedata

_WORDS = re.compile(r"[^\W_]+")


def words(text: str) -> tuple[str, ...]:
    """The words of a text in order, in lower case; anything but letters and digits parts them, underscores too.

    Letters in another form (full width, ligatures) count as the plain ones, and what is invisible does not part a word:
    a hostile text must not hide a word by its spelling.
    """
    if not text.isascii():
        text = "".join(
            c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf"
        )
    return tuple(_WORDS.findall(text.casefold()))


def contains(text: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether the wanted words follow each other somewhere in the text; nothing wanted is never there."""
    size = len(wanted)
    return size > 0 and any(
        text[start : start + size] == wanted for start in range(len(text) - size + 1)
    )
