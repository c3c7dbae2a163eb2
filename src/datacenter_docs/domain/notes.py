"""What people say about the estate, in their own words: kept apart from facts, and never taken for one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from datacenter_docs.domain.tickets import Text
from datacenter_docs.domain.values import Value

LONGEST_TEXT = 20_000
MOST_REFERENCES = 50
"""References of one text that are looked up."""
_REFERENCE = re.compile(r"\[\[([^\[\]\n]{1,320})\]\]")


class Note(Value):
    """Words about a document; the page of a resource is one (`resource/<id>`). `text`: Markdown.

    `[[web-1]]` or `[[<resource id>]]` in any field names a resource.
    """

    subject: Annotated[Text, Field(min_length=1, max_length=1_000)]
    owner: Annotated[Text, Field(max_length=200)] = ""
    purpose: Annotated[Text, Field(max_length=1_000)] = ""
    contacts: Annotated[
        tuple[Annotated[Text, Field(max_length=200)], ...], Field(max_length=20)
    ] = ()
    text: Annotated[Text, Field(max_length=LONGEST_TEXT)] = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any(part.strip() for part in self.parts()):
            raise ValueError("a note says something: owner, purpose, contacts or text")
        return self

    def parts(self) -> Iterator[str]:
        """Everything that somebody wrote."""
        yield from (self.owner, self.purpose, *self.contacts, self.text)

    def references(self) -> list[str]:
        """What it names, each once, in order."""
        return references("\n".join(self.parts()))


@dataclass(frozen=True, slots=True)
class NoteVersion:
    """A note as it was written once. `deleted`: with this version it was taken away."""

    note: Note
    version: int
    author: str
    written_at: datetime
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """Somebody's words that name what is not there. `source`: `note` or `runbook`; `name`: the note's subject, or the runbook;
    `reference`: what is named; `why`: a sentence.
    """

    source: str
    name: str
    reference: str
    why: str


def references(text: str) -> list[str]:
    """What a text names in double brackets, each once, in order; the first ones."""
    found = dict.fromkeys(match.group(1).strip() for match in _REFERENCE.finditer(text))
    return [reference for reference in found if reference][:MOST_REFERENCES]


def split(text: str) -> Iterator[tuple[str, bool]]:
    """A text in pieces, each with whether it is a reference (then without its brackets)."""
    for number, piece in enumerate(_REFERENCE.split(text)):
        if piece:
            yield (piece.strip(), True) if number % 2 else (piece, False)
