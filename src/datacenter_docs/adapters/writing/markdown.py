"""From cited values to Markdown, so that nothing that was observed or typed can break or forge a document.

A value's text is escaped here and nowhere else: names may hold Markdown, HTML, scripts, newlines and characters that turn
the writing direction.
"""

import re
import unicodedata

from markupsafe import Markup

from datacenter_docs.domain.citing import Cite, Phrased, Words

LONGEST = 300
"""Characters of a value that a document shows; the fact has the whole."""

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$])")
"""What means something to Markdown inside a line, and what begins HTML; what only means something at the start of a line
never stands there.
"""
_PLAIN = re.compile(r"[^\W_]+(?: [^\W_]+)*", re.ASCII)
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of characters that are not seen, or that turn the writing direction: shown as their code instead."""


class Uncited(TypeError):
    """A template printed something that is neither cited nor ours: a mistake in the template, never in the data."""


def printable(value: object) -> Markup:
    """What a template may print, as Markdown. Raises `Uncited` for anything else, a bare text or number too."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Cite):
        return link(value)
    if isinstance(value, Phrased):
        return Markup(escaped(shown(value.text)))  # noqa: S704 (escaped for Markdown, as words are)
    if isinstance(value, Words):
        return Markup(escaped(value))  # noqa: S704 (escaped for Markdown, which is what it is marked as)
    raise Uncited(f"A document may not hold {value!r}: cite where it comes from.")


def link(cite: Cite) -> Markup:
    """A cited value as a link to what proves it."""
    return Markup(f"[{escaped(shown(cite.text))}]({cite.proof.link})")  # noqa: S704 (as above)


def shown(text: str) -> str:
    """A text as one visible line of bounded length."""
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    if text.isascii() and text.isprintable():
        return text or "empty"
    return "".join(map(visible, text))


def escaped(text: str) -> str:
    """A text that every reader of Markdown shows as it is."""
    if _PLAIN.fullmatch(text):
        return text
    return _SPECIAL.sub(r"\\\1", text)


def visible(character: str) -> str:
    """A character as it can be seen: what cannot be is shown as its code, what moves the place as a space."""
    if character in "\n\r\t":
        return " "
    if unicodedata.category(character) in _UNSEEN:
        return f"\\u{ord(character):04x}"
    return character
