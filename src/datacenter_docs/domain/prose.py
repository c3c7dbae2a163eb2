"""Prose that somebody else wrote about what was observed: every number and every name in it is one that was given, or
the prose is not taken. Pure.

A writer (a language model) gets labelled values and cites them as `[label]`; the value itself is put in here, so that a
number can be neither misremembered nor moved to another thing. Outside of brackets there may be no digit, no number
word, and nothing that looks like a name, but for names that were given.

What cannot be told: an invented name that is a plain word in small letters.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

LONGEST = 2_000
"""Characters of a text that is taken; nobody reads more at three in the morning."""

_CITED = re.compile(r"\[([^\[\]\s]{1,300})\]")
_TOKEN = re.compile(r"[^\s()\"“”„'’‘,;!?…*`|<>]+")
_INNER = re.compile(r"[^\W_][-_./:@\\+=#%&~$^][^\W_]")
"""Letters or digits joined by a sign: hosts, paths, addresses, ids, and compound words."""
_NUMBERS = """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions
    billion dozen dozens half twice thrice double triple"""
_NUMBER_WORDS = frozenset(_NUMBERS.split())
_COMPOUNDS = """
    read-only read-write up-to-date out-of-date re-read re-created re-creates co-located e.g i.e and/or input/output
    built-in long-running short-lived so-called well-known non-zero self-healing follow-up fail-over hand-over"""
_PLAIN = frozenset(_COMPOUNDS.split())
"""Compound words that are no names."""
_OF_THE_TRADE = """
    ACPI API BGP BMC CD CPU CPUs DHCP DNS DRS ESXi HA HTTP I I/O ID IO IP IPMI IPv4 IPv6 LACP LLDP LUN MAC MTU NIC
    NICs NTP OK OOM OSD OSDs OSPF PV PVC PVCs PVs RAM RAID RBD SSH TCP TLS UDP URL UUID VLAN VLANs VM VMs vCPU vCPUs vCenter
    Ceph Cinder Kubernetes Linux Nova OpenStack VMware"""
TERMS = frozenset(_OF_THE_TRADE.split())
"""Words of the trade that are written like names."""


class Bound(NamedTuple):
    """A text that was taken, in pieces: what somebody wrote, and labels in between."""

    pieces: tuple[tuple[str, str | None], ...]
    """Words, and the label that follows them; None: none follows."""

    def read(self, given: Mapping[str, str]) -> str:
        """The text as people read it, with the values in it."""
        return "".join(f"{words}{given[label] if label else ''}" for words, label in self.pieces)

    @property
    def cited(self) -> tuple[str, ...]:
        """The labels, in order, each once."""
        return tuple(dict.fromkeys(label for _, label in self.pieces if label))


class UnprovedError(ValueError):
    """A text says something that was not given. `reasons`: one sentence each, for whoever wrote it."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def bind(text: str, given: Container[str], names: Iterable[str] = ()) -> Bound:
    """The text in pieces, each `[label]` among those that were given.

    `names`: what may be written as it is, since it was shown as the name of something. Raises `UnprovedError` with all
    that is wrong.
    """
    reasons = list(_faults(text, given, names))
    if reasons:
        raise UnprovedError(reasons)
    parts = _CITED.split(text.strip())
    return Bound(tuple(zip(parts[::2], [*parts[1::2], None], strict=True)))


def _faults(text: str, given: Container[str], names: Iterable[str]) -> Iterator[str]:
    if len(text) > LONGEST:
        yield f"It has {len(text)} characters, and at most {LONGEST} are read."
        return
    if not text.strip() or not (text.strip()[0].isalpha() or text.strip()[0] == "["):
        yield "It begins with a word or a label, and is no list, heading or quotation."
    for label in dict.fromkeys(_CITED.findall(text)):
        if label not in given:
            yield f"[{label}] is not a label that was given."
    rest = _CITED.sub(" ", text)
    wordy = {
        one for one in names if any(map(str.isalpha, one))
    }  # what is called 42 must not lend its name to a number
    for name in sorted(wordy, key=len, reverse=True):
        rest = re.sub(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", " ", rest)
    if "[" in rest or "]" in rest:
        yield "Brackets are for labels alone."
    for sentence in re.split(r"(?<=[.:!?])\s+|\n", rest):
        yield from _of_sentence(sentence)


def _of_sentence(sentence: str) -> Iterator[str]:
    for place, found in enumerate(_TOKEN.findall(sentence)):
        token = found.strip(".:-–—/[]{}")
        if not token or token in TERMS or token.casefold() in _PLAIN:
            continue
        if any(c.isnumeric() for c in token) or token.casefold() in _NUMBER_WORDS:
            yield f"{token!r} is a number: cite the value that says it as [label]."
        elif _INNER.search(token) or _is_written_like_a_name(token, first=place == 0):
            yield f"{token!r} looks like a name that was not given: cite it as [label]."


def _is_written_like_a_name(token: str, *, first: bool) -> bool:
    """A capital letter where a sentence has none, or an underscore."""
    if "_" in token:
        return True
    rest = token[1:]
    return rest != rest.lower() or (not first and token[:1] != token[:1].lower())
