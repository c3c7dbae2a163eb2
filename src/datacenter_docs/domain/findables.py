"""What a search may find: resources, documents, notes and tickets, each as a name, other ways of writing it, and a text. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.documents import RESOURCE, Document
from datacenter_docs.domain.notes import Note
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.queries import HitKind, SearchFilter, words
from datacenter_docs.domain.speaking import label, spoken

LONGEST_TEXT = 20_000
"""Characters of a text that can be found."""
LONGEST_VALUE = 500
PRESENT, GONE = "present", "gone"
_LINK = re.compile(r"\[((?:\\.|[^\]\\])*)\]\([^)\s]*\)")
_MARKUP = re.compile(r"\\(?=[^\w\s])|[|#>*`]|-{3,}")


@dataclass(frozen=True, slots=True)
class Findable:
    """One thing that may be found. `title`: what it is called; `alias`: other ways to write that; `text`: what is said in or of it.

    `platforms` has one at most but for documents. None: it has no such thing. `gone`: it is told after all that is there.
    """

    kind: HitKind
    id: str
    title: str
    alias: str
    text: str
    platforms: tuple[str, ...] = ()
    connection: str | None = None
    resource_kind: str | None = None
    state: str | None = None

    @property
    def gone(self) -> bool:
        """It was there once."""
        return self.state == GONE

    @property
    def tags(self) -> frozenset[str]:
        """What filters ask for."""
        named = {
            "kind": self.kind,
            "connection": self.connection,
            "resource_kind": self.resource_kind,
            "state": self.state,
        }
        found = {_tag(field, value) for field, value in named.items() if value is not None}
        return frozenset(found | {_tag("platform", platform) for platform in self.platforms})


def wanted_tags(wanted: SearchFilter) -> tuple[frozenset[str], ...]:
    """One tag of each of these has to be there."""
    alone = {
        "platform": wanted.platform,
        "connection": wanted.connection,
        "resource_kind": wanted.resource_kind,
        "state": wanted.state,
    }
    found = [frozenset({_tag(field, value)}) for field, value in alone.items() if value]
    if wanted.kinds:
        found.append(frozenset(_tag("kind", kind) for kind in wanted.kinds))
    return tuple(found)


def of_resource(resource: ObservedResource) -> Findable:
    """A resource: its name, its id, and what is stated of it."""
    return Findable(
        kind=HitKind.RESOURCE,
        id=resource.id,
        title=resource.name,
        alias=f"{resource.id} {_joined(resource.name)}",
        text=_kept(_stated(resource)),
        platforms=(resource.platform,),
        connection=resource.connection,
        resource_kind=resource.kind,
        state=PRESENT if resource.vanished_at is None else GONE,
    )


def of_document(document: Document) -> Findable:
    """A document: its title and its words, without links and marks."""
    return Findable(
        kind=HitKind.DOCUMENT,
        id=document.id,
        title=document.title,
        alias=document.id,
        text=_kept([plain(document.markdown)]),
        platforms=document.platforms,
    )


def of_note(note: Note, name: str) -> Findable:
    """A note. `name`: what the thing or the document is called that it is about."""
    platform, connection, kind = None, None, None
    if note.subject.startswith(RESOURCE):
        platform, connection, kind, _ = note.subject.removeprefix(RESOURCE).split(":", 3)
    return Findable(
        kind=HitKind.NOTE,
        id=note.subject,
        title=name,
        alias=note.subject,
        text=_kept(note.parts()),
        platforms=(platform,) if platform else (),
        connection=connection,
        resource_kind=kind,
    )


def of_ticket(case: Case) -> Findable:
    """A ticket: what was asked, what was found, how it ended."""
    ticket, request = case.ticket, case.ticket.request
    cause = case.diagnosis.cause if case.diagnosis else ""
    said = [request.description, cause, ticket.resolution or "", request.category]
    return Findable(
        kind=HitKind.TICKET,
        id=ticket.id,
        title=request.title or ticket.id,
        alias=ticket.id,
        text=_kept(said),
        state=ticket.state,
    )


def _kept(said: Iterable[str | None]) -> str:
    """As much of it as can be found, every letter in its plain form: full width and ligatures are the same letters."""
    return unicodedata.normalize("NFKC", "\n".join(filter(None, said)))[:LONGEST_TEXT]


def plain(markdown: str) -> str:
    """The words of a document as people see them."""
    return " ".join(_MARKUP.sub(" ", _LINK.sub(r"\1", markdown)).split())


def _stated(resource: ObservedResource) -> Iterator[str]:
    for fact in resource.facts():
        if not fact.measured and fact.value not in (None, "", [], ()):
            said = spoken(fact.attribute, fact.value)
            yield f"{label(fact.attribute)}: {said[:LONGEST_VALUE]}"


def _joined(name: str) -> str:
    """`web-prod-12` as somebody writes it who leaves the hyphens out."""
    return "".join(words(name))


def _tag(field: str, value: str) -> str:
    """A word that nobody writes, since values hold anything."""
    return f"t{blake2b(f'{field}={value}'.encode(), digest_size=10).hexdigest()}"
