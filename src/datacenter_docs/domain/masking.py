"""What a text says once everything that differs between two tickets of the same trouble is taken out of it.

Hosts, addresses, ids, numbers, times, paths and quoted names become one mark; greetings, signatures, quoted replies and
the fields that a monitoring system writes around its message are left out. What stays is a few lines of plain words, so
that the mail, the event and the alert of one trouble read alike. `likeness.py` compares them; nothing here judges.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from datacenter_docs.domain.stemming import NEGATIONS, STOP_WORDS, WITH_DIGITS, one_slip, stem

FRAMES = frozenset(sign * 3 for sign in "*=#~_-")
MARK = "*"
"""Stands for whatever differs from ticket to ticket."""
MAX_CHARACTERS = 6_000
"""A ticket says what is wrong before it pastes its log."""
MAX_LINES = 24
MAX_WORDS = 64
"""Of a line, and of a text."""
MIN_REPEATED = 4
"""A title that goes on after so many words of another line was only cut where a name stood."""
MAX_WORD = 40
"""Longer runs of letters are pasted data, not words."""

_ASIDE_TEXT = """
    address asset cc cluster datacenter date date/time description-url duration environment
    event event-id from host hostname id instance ip job labels link location node
    original-problem-id priority problem-id received received-from region reporter runbook
    sent severity site source started start-time state-since status-url tags time timestamp to
    url value values when zone"""
_ASIDE = _ASIDE_TEXT.split()
ASIDE = frozenset(name.replace("-", " ") for name in _ASIDE) | {"notification type"}
"""Fields that say where, when and how bad, not what."""
_TOLD_TEXT = """
    additional-info alert alert-name alertname annotation check details description
    error-message info message msg output problem reason service short-description subject
    summary title text trigger"""
_TOLD = _TOLD_TEXT.split()
TOLD = frozenset(name.replace("-", " ") for name in _TOLD)
"""Fields whose value says what."""
_NOISE_TEXT = """
    alarm alert alerts alerting asset critical crit error-level event events firing info
    informational major minor message monitoring monitor notice notification notify page pager
    problem recovered resolved severity started time trigger unknown value values warn warning
    service host instance since"""
NOISE = frozenset(_NOISE_TEXT.split())
"""Words around a message; they never begin or end one."""
_LINKS_TEXT = """
    a an and at by for from in is of on or over the to via with"""
_LINKS = frozenset(_LINKS_TEXT.split())

_GREETINGS_TEXT = """
    all colleagues day dear evening everybody everyone folks good greetings guys hello hey hi
    helpdesk morning support team there"""
_GREETINGS = frozenset(_GREETINGS_TEXT.split())
_FAREWELLS_TEXT = """
    a advance best br cheers in kind lot many regards sincerely thanks thank thx warm wishes
    you"""
_FAREWELLS = frozenset(_FAREWELLS_TEXT.split())
_MAIL = re.compile(r"[a-z ]{2,24}: *<?[^\s@]+@[^\s@]+")
_QUOTE = re.compile(r">|on .{4,80} wrote:$|-+ ?(original|forwarded) message ?-+$")
_FIELD = re.compile(r"([a-z][a-z /_-]{0,24}?)\s*(?::(?!:)|\s=)\s*(.*)")
_TIMES = re.compile(
    r"\b\d{4}-\d\d-\d\d[t ]\d\d:\d\d(:\d\d)?([.,]\d+)?(z|[+-]\d\d:?\d\d)?\b"
    r"|\b\d{1,4}/\d{1,2}/\d{1,4} \d\d:\d\d(:\d\d)?\b"
    r"|\b(mon |tue |wed |thu |fri |sat |sun )?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) +\d{1,2} \d\d:\d\d:\d\d( [a-z]{3,4})?( \d{4})?\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"(?<!\w)([\"'`])([a-z][\w.-]{1,30})\1(?!\w)")
_PIECES = re.compile(r"[^\s,;()\[\]{}<>\"'`!?|=*#]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LETTERS = re.compile(r"[^\W\d_]+")
_KIND = re.compile(r"[1-5]xx", re.IGNORECASE)
_NAMED = re.compile(r"([^\W\d_][^\W\d]*[^\W\d_])[-_]?\d+")
_HEX = re.compile(r"[a-f]{8,}")


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked text. `lines`: its sentences, words in lower case with marks; each once, the first is the title when it
    says anything. `sentences`: the terms of each of them, `terms` those of all: stems, in order, each once. `names`:
    words that stood for one thing, as `redis` in `redis25` or in a quoted name.
    """

    lines: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]
    terms: tuple[str, ...]
    names: frozenset[str] = frozenset()

    @property
    def signature(self) -> str:
        """The same for two texts that say the same in the same words, in whatever order and wrapper."""
        return "\n".join(sorted(self.lines))


@lru_cache(maxsize=32)  # each stop of a ticket asks for it
def masked(text: str) -> Masked:
    """Mask a text, its title being the first line. Empty for a text that says nothing but names and numbers."""
    names: set[str] = set()
    kept: list[list[str]] = []
    for line in _telling(unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])):
        words = _trimmed(_marked(line, names))
        if words and words not in kept:
            kept.append(words)
    kept = _without_beginnings(kept)
    return remembered([" ".join(words) for words in kept], map(stem, names))


def remembered(lines: Iterable[str], names: Iterable[str]) -> Masked:
    """A masked text from the two things that have to be stored of it."""
    kept = tuple(lines)
    sentences = [tuple(dict.fromkeys(_terms(line.split()))) for line in kept]
    return Masked(
        lines=kept,
        sentences=tuple(sentences),
        terms=tuple(dict.fromkeys(term for terms in sentences for term in terms))[:MAX_WORDS],
        names=frozenset(names),
    )


def _telling(text: str) -> Iterator[str]:
    """The lines that say what is wrong, without their field names; the title is always one of them."""
    lines = [line for line in (raw.strip() for raw in text.splitlines()) if line][:MAX_LINES]
    for place, line in enumerate(lines):
        lower = line.casefold()
        if place == 0:
            yield line
            continue
        if _heads(line):
            continue
        if _QUOTE.match(lower) or _MAIL.fullmatch(lower) or _greets(lower):
            continue
        if _only(_FAREWELLS, lower) or lower == "--":
            rest = lines[place + 1 :]
            if len(rest) <= 5 and all(len(one) <= 60 for one in rest):
                return
            continue
        field = _FIELD.fullmatch(lower)
        name = field[1].replace("_", " ").strip() if field else ""
        if name in ASIDE:
            continue
        yield line[field.start(2) :] if field and name in TOLD else line


def _heads(line: str) -> bool:
    """Whether a line stands in a frame of its own, as in `***** Monitoring *****`."""
    frame = line[:3]
    return frame in FRAMES and line.endswith(frame)


def _greets(line: str) -> bool:
    return (line.endswith(",") and len(line.split()) <= 3) or _only(_GREETINGS, line)


def _only(courtesies: frozenset[str], line: str) -> bool:
    """Whether a short line has no other words, slips of the pen included."""
    words = _LETTERS.findall(line) if len(line) <= 40 else []
    return bool(words) and all(
        word in courtesies or (len(word) > 3 and any(one_slip(word, one) for one in courtesies))
        for word in words
    )


def _marked(line: str, names: set[str]) -> list[str]:
    """The words of a line, with a mark wherever something stood that differs from ticket to ticket."""
    found: list[str] = []
    times = _TIMES.sub(f" {MARK}0 ", line) if any(c.isdigit() for c in line) else line
    quoted = _QUOTED.sub(lambda m: _quoted(m[2], names), times)
    for piece in _PIECES.findall(quoted):
        for word in _words(piece.strip(".:-_&%$+~^\\").rstrip("/"), names):
            if word != MARK or not found or found[-1] != MARK:
                found.append(word)
        if len(found) >= MAX_WORDS:
            break
    return found


def _quoted(name: str, names: set[str]) -> str:
    names.add(name.casefold())
    return " 0 "


def _words(piece: str, names: set[str]) -> Iterable[str]:
    """The words of a piece without blanks, or a mark."""
    lower = piece.casefold()
    if lower in WITH_DIGITS or _KIND.fullmatch(lower):
        return (lower,)
    if "://" in piece or "@" in piece:
        return (MARK,)
    if "/" in piece:
        return _path(piece, names)
    if ":" in piece:
        return _joined(piece.split(":"), names)
    if any(c.isdigit() for c in piece):
        return _numbered(piece, names)
    return _dotted(piece) if "." in piece else _spelled(piece)


def _numbered(piece: str, names: set[str]) -> Iterable[str]:
    """One thing among many, unless it is a sentence written as one word, such as `TooManyHttp5xxErrors`."""
    humps = _CAMEL.split(_KIND.sub(r" \g<0> ", piece))
    if len(humps) >= 3:
        return _joined(" ".join(humps).split(), names)
    named = _NAMED.fullmatch(piece.casefold())
    if named:
        names.add(named[1])
    return (MARK,)


def _dotted(piece: str) -> Iterable[str]:
    """A host or a package, but for the class at its end; `rpc.statd` and `cron.service` are words."""
    parts = [part for part in piece.split(".") if part]
    if len(parts) > 2:
        return _spelled(parts[-1]) if not parts[-1].islower() else (MARK,)
    return [word for part in parts for word in _spelled(part)]


def _joined(parts: Iterable[str], names: set[str]) -> list[str]:
    return [word for part in parts for word in _words(part.strip(".:-_/"), names)]


def _path(piece: str, names: set[str]) -> Iterable[str]:
    """`host1/Disk full` names a host and then says something; `namespace/pod-12` and `/var/log` only name."""
    parts = [part for part in piece.split("/") if part]
    if piece.startswith("/") or not parts or len(parts) > 3 or any(c.isdigit() for c in parts[-1]):
        _joined(parts, names)
        return (MARK,)
    return _joined(parts, names)


def _spelled(piece: str) -> Iterable[str]:
    """The words of a name such as `NodeNotReady` or `job_failed`."""
    if _HEX.fullmatch(piece.casefold()):
        return (MARK,)
    return [
        word.casefold()
        for part in _CAMEL.sub(" ", piece).split()
        for word in _LETTERS.findall(part)
        if len(word) <= MAX_WORD
    ] or ((MARK,) if any(c.isalnum() for c in piece) else ())


def _trimmed(words: list[str]) -> list[str]:
    """Without what stands around a message; empty when there is no message."""
    begin, end = 0, len(words)
    while begin < end and (words[begin] == MARK or words[begin] in NOISE):
        begin += 1
    while begin < end and (
        words[end - 1] == MARK or words[end - 1] in NOISE or words[end - 1] in _LINKS
    ):
        end -= 1
    return words[begin:end]


def _without_beginnings(lines: list[list[str]]) -> list[list[str]]:
    """Without a title that only repeats another line, be it cut off in the middle of a word or of a trailing name."""
    title, *others = lines or [[]]
    return others if any(_repeats(title, other) for other in others) else lines


def _repeats(title: list[str], other: list[str]) -> bool:
    if len(title) > len(other):
        return len(other) >= MIN_REPEATED and title[: len(other)] == other
    last = len(title) - 1
    return other[:last] == title[:last] and other[last].startswith(title[last])


def _terms(words: Iterable[str]) -> Iterator[str]:
    negated = False
    for word in words:
        if word in NEGATIONS:
            negated = True
        elif word != MARK and word not in STOP_WORDS and word not in NOISE:
            term = stem(word)
            yield f"not-{term}" if negated else term
            negated = False
