"""What documents are made of: values that say where they come from, and our own words. Nothing else gets into one.

A document never holds a bare number or name. `Cite` is a text with what proves it; `Words` is our own
vocabulary (what kinds and attributes are called, the words of a rule), which nobody has to prove. Made by services,
turned into Markdown by the writing adapter, which refuses anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote, unquote

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.observed import CitedFact
from datacenter_docs.domain.speaking import spoken

_KEPT = "/:#@~,;=&?+"
"""Characters that a link keeps as they are; whatever could end a link or a cell of a table is percent-encoded."""


class Words(str):
    """Text of ours: a label, a rule's words. Never anything that was observed or typed by somebody."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Phrased:
    """What a model wrote between cited values, checked to hold no number and no name (`prose.py`)."""

    text: str


class ProofKind(StrEnum):
    """What may prove a text. `page` and `note` lead to documents and to people's words."""

    FACT = "fact"
    DERIVED = "derived"
    SURVEY = "survey"
    CONNECTION = "connection"
    CHANGE = "change"
    PAYLOAD = "payload"
    TICKET = "ticket"
    NOTE = "note"
    PAGE = "page"


_KINDS = {kind.value: kind for kind in ProofKind}


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves a text: the kind, and the id of the fact, derivation, survey (`<number>` or `<number>/<connection>`), connection,
    change (`<survey>/<resource id>`), ticket, note or document.
    """

    kind: ProofKind
    id: str

    @classmethod
    @lru_cache(maxsize=16_384)  # a page names the same proof several times
    def parse(cls, link: str) -> "Proof":
        """Read a link as `link` wrote it. Raises `Invalid` for any other."""
        kind, colon, rest = link.partition(":")
        if not colon or kind not in _KINDS or not rest:
            raise Invalid(f"{link!r} is not the link of a document's value.")
        return cls(_KINDS[kind], unquote(rest))

    @property
    def link(self) -> str:
        """As a link: `fact:...`, safe inside Markdown and inside a table."""
        return f"{self.kind}:{quote(self.id, safe=_KEPT)}"


@dataclass(frozen=True, slots=True)
class Cite:
    """A text that was observed, computed or said, with what proves it. The text is raw: whoever renders it escapes it."""

    text: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class Quoted:
    """People's Markdown, shown as a quotation apart from all that is proved. `named`: where its references lead."""

    text: str
    named: Mapping[str, Cite]


def cited(fact: CitedFact) -> Cite:
    """A fact's value as people say it, with the fact."""
    return Cite(spoken(fact.attribute, fact.value), Proof(ProofKind.FACT, fact.id))


def named(fact: CitedFact, text: str) -> Cite:
    """Another wording of a fact's value: the name of the thing that an id points to, a time in words."""
    return Cite(text, Proof(ProofKind.FACT, fact.id))


def surveyed(number: int, text: str, connection: str | None = None) -> Cite:
    """Something that a survey's record says, of one connection or of the survey as a whole."""
    place = f"{number}/{connection}" if connection else str(number)
    return Cite(text, Proof(ProofKind.SURVEY, place))


def connected(name: str) -> Cite:
    """A connection by its name, as the estate file has it."""
    return Cite(name, Proof(ProofKind.CONNECTION, name))


def page(text: str, document_id: str) -> Cite:
    """The way to another document."""
    return Cite(text, Proof(ProofKind.PAGE, document_id))


def moment(at: datetime) -> str:
    """A time as documents write it: UTC, to the minute."""
    return at.strftime("%Y-%m-%d %H:%M UTC")
