"""Texts as whole words, for rules that forbid or ask for some."""

import re
import unicodedata

_WORDS = re.compile(r"[^\W_]+")


def phrase(text: str) -> str:
    """The words of a text in lower case, with one space around each; empty when it has none.

    Anything but letters and digits parts words, underscores too, so that `phrase(a) in phrase(b)` asks whether the words
    of a follow each other in b. Letters in another form (full width, ligatures) count as the plain ones, and what is
    invisible does not part a word: a hostile text must not hide a word by its spelling.
    """
    if not text.isascii():
        text = "".join(
            c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf"
        )
    found = _WORDS.findall(text.casefold())
    return f" {' '.join(found)} " if found else ""
