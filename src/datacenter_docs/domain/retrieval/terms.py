"""The terms of a text: what similar tickets are found by. Called for every ticket, when it comes in and when it is asked about.

A term is a word's stem, an identifier, a part of an identifier (`NameNode` has `name` and `node`), or a frame of a stack
trace (`@class.method`). What names one occurrence only - addresses, dates, long numbers, ids - is no term at all.
It knows nothing of how often a term occurs elsewhere: that is the index's business.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

LONGEST_TEXT = 8_000
"""Characters of a body that are read; a ticket says what is wrong before it pastes its log."""
MOST_TERMS = 160
"""Distinct terms of one text; later ones are left out."""
LONGEST_TERM = 64
FRAME = "@"
"""What terms begin with that are frames of a stack trace."""

_STOP_WORDS = """
    a about after again all also an and any are as at be because been before being but by can could did do does doing
    done for from get got gets had has have having he her here hi hello him his how i if in into is it its just let
    like may me might more most much must my need of on once one only or other our out over own please regards same
    see seen she should so some such than thank thanks that the their them then there these they this those through to
    too under until us use used using very was we were what when where which while who why will with would you your"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Without `not`, `no`, `up`, `down` and `off`, which tell troubles apart."""

_JAVA_FRAME = re.compile(r"\bat\s+((?:[\w$]+\.)+)([\w$<>]+)\((?:[\w .$]{0,80}(?::\d+)?\))?")
_PYTHON_FRAME = re.compile(r'File "[^"\n]{0,300}?([\w-]+)\.py", line \d+, in (\w+)')
_TOKEN = re.compile(r"[^\W\d][\w$.\-]*\w|[^\W\d]|\d[\w.\-:/]*")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
_SPLIT = re.compile(r"[.\-_$]+")
_VOLATILE = re.compile(r"[0-9a-f]{8,}|.*\d{5,}.*")
_NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,3}){0,2}[a-z]{0,2}")
_SUFFIXES = ("ingly", "edly", "ings", "ing", "ed", "ies", "es", "s")


@dataclass(slots=True)
class Terms:
    """How often each term occurs in title and body, and how many words both have. `spelt`: a term as the text writes it."""

    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    spelt: dict[str, str] = field(default_factory=dict)
    title_length: int = 0
    body_length: int = 0


def terms(title: str, body: str) -> Terms:
    """The terms of a ticket or page. The same text always has the same ones; an empty text has none."""
    found = Terms()
    found.title_length = _count(found, title[:LONGEST_TEXT], 0)
    body = body[:LONGEST_TEXT]
    if "at " in body or 'File "' in body:
        for frame in _frames(body):
            _add(found, frame, frame.removeprefix(FRAME), 1)
        body = _JAVA_FRAME.sub(" ", body)
    found.body_length = _count(found, body, 1)
    return found


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A light stem of a word in small letters: flapping, flapped and flaps become flap."""
    for suffix in _SUFFIXES:
        rest = word.removesuffix(suffix)
        if rest == word or len(rest) < 3 + (suffix != "s") or word.endswith(("ss", "us")):
            continue
        if suffix == "ies":
            word = rest + "y"
        elif len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] not in "lsz":
            word = rest[:-1]
        else:
            word = rest
        break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def _count(found: Terms, text: str, place: int) -> int:
    length = 0
    for match in _TOKEN.finditer(text):
        for term, spelt in _of_token(match.group()):
            length += 1
            _add(found, term, spelt, place)
    return length


def _add(found: Terms, term: str, spelt: str, place: int) -> None:
    before = found.counts.get(term)
    if before is None:
        if len(found.counts) == MOST_TERMS:
            return
        before = (0, 0)
        found.spelt[term] = spelt
    found.counts[term] = (before[0] + 1, before[1]) if place == 0 else (before[0], before[1] + 1)


@lru_cache(maxsize=65_536)
def _of_token(token: str) -> tuple[tuple[str, str], ...]:
    """The terms of one run of letters and digits, each with how it is spelt."""
    if token[0].isdigit():
        number = token.rstrip(".-:/").lower()
        return ((number, number),) if _NUMBER.fullmatch(number) else ()
    token = token.strip(".-_$")
    small = token.lower()
    if len(small) > LONGEST_TERM or not small or _VOLATILE.fullmatch(small):
        return ()
    if token.isalpha() and (token.islower() or token[1:].islower() or token.isupper()):
        return () if small in STOP_WORDS else ((stem(small), small),)
    return tuple(_of_identifier(token, small))


def _of_identifier(token: str, small: str) -> Iterator[tuple[str, str]]:
    """The identifier as a whole, the last of its dotted parts, and the words in them."""
    yield small, token
    parts = [part for part in _SPLIT.split(token) if part]
    for part in parts[-3:] if len(parts) > 1 else ():
        word = part.lower()
        if len(word) > 1 and word not in STOP_WORDS and not word.isdigit():
            yield (stem(word) if _PART.fullmatch(part) else word), part
    for part in parts:
        pieces = _PART.findall(part)
        for piece in pieces if len(pieces) > 1 else ():
            word = piece.lower()
            if len(word) > 1 and word not in STOP_WORDS:
                yield stem(word), piece


def _frames(text: str) -> Iterator[str]:
    for match in _JAVA_FRAME.finditer(text):
        owner = match.group(1).rstrip(".").rsplit(".", 1)[-1].split("$")[0]
        yield f"{FRAME}{owner}.{match.group(2)}".lower()[:LONGEST_TERM]
    for match in _PYTHON_FRAME.finditer(text):
        yield f"{FRAME}{match.group(1)}.{match.group(2)}".lower()[:LONGEST_TERM]
