"""People's notes on documents; the page of a resource is one."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, ValidationError

from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.notes import LONGEST_TEXT, Flag, Note, NoteVersion
from datacenter_docs.domain.tickets import PersonName, Text
from datacenter_docs.entrypoints.api.access import needs
from datacenter_docs.entrypoints.api.dependencies import (
    MAX_COUNT,
    Cursor,
    Limit,
    TheCaller,
    TheHouse,
)
from datacenter_docs.entrypoints.api.ids import WholeIds
from datacenter_docs.entrypoints.api.paging import page
from datacenter_docs.entrypoints.api.schemas import Body, Items

router = APIRouter(prefix="/notes", tags=["notes"], route_class=WholeIds)
Subject = Annotated[
    Text,
    Path(
        max_length=1_000, description="Id of the document, slashes and all: resource/<id>, risks."
    ),
]
Author = Annotated[PersonName, Query(description="Who writes it; goes into the journal.")]


class NoteBody(Body):
    """What somebody wants to be written. `text`: Markdown; `[[name]]` in any field names a resource."""

    owner: Annotated[Text, Field(max_length=200)] = ""
    purpose: Annotated[Text, Field(max_length=1_000)] = ""
    contacts: Annotated[
        tuple[Annotated[Text, Field(max_length=200)], ...], Field(max_length=20)
    ] = ()
    text: Annotated[Text, Field(max_length=LONGEST_TEXT)] = ""


class NoteShown(NoteBody):
    """A note as it was written once."""

    subject: str
    version: int
    author: str
    written_at: datetime
    deleted: bool

    @classmethod
    def of(cls, version: NoteVersion) -> "NoteShown":
        """Draw it from a version."""
        return cls(
            **dict(version.note),
            version=version.version,
            author=version.author,
            written_at=version.written_at,
            deleted=version.deleted,
        )


class Flags(BaseModel):
    """Words of people that name what is not there."""

    items: Sequence[Flag]


@router.get("")
@needs(Permission.READ)
async def list_notes(
    house: TheHouse, cursor: Cursor = None, limit: Limit = 50
) -> Items[NoteShown]:
    """The current notes in the order of what they are about."""
    found = await house.notes.find(cursor, limit)
    shown = [NoteShown.of(version) for version in found.items]
    return Items(items=shown, next_cursor=found.next_cursor)


@router.get("/flags")
@needs(Permission.READ)
async def list_flags(house: TheHouse) -> Flags:
    """Notes, and runbooks of the user's own, that name a resource that is gone or never was, or are about one."""
    return Flags(items=await house.noting.flags())


@router.get("/{subject:path}/versions")
@needs(Permission.READ)
async def list_versions(
    subject: Subject, house: TheHouse, cursor: Cursor = None, limit: Limit = 50
) -> Items[NoteShown]:
    """All versions of a note, newest first."""
    shown = [NoteShown.of(version) for version in await house.notes.versions(subject)]
    return page(f"note {subject}", shown, _newest_first, cursor, limit)


@router.get("/{subject:path}")
@needs(Permission.READ)
async def get_note(
    subject: Subject,
    house: TheHouse,
    version: Annotated[
        int | None, Query(ge=1, le=MAX_COUNT, description="An old version.")
    ] = None,
) -> NoteShown:
    """The note on a document, or an old version of it."""
    return NoteShown.of(await house.notes.get(subject, version))


@router.put("/{subject:path}")
@needs(Permission.WRITE_NOTES)
async def put_note(
    subject: Subject,
    body: NoteBody,
    house: TheHouse,
    caller: TheCaller,
    author: Author = "anonymous",
) -> NoteShown:
    """Write the next version. The same words again change nothing."""
    try:
        note = Note(subject=subject, **dict(body))
    except ValidationError as error:
        raise Invalid("A note says something: owner, purpose, contacts or text.") from error
    return NoteShown.of(await house.noting.write(note, caller.named(author, "author")))


@router.delete("/{subject:path}", status_code=HTTPStatus.NO_CONTENT)
@needs(Permission.WRITE_NOTES)
async def delete_note(
    subject: Subject, house: TheHouse, caller: TheCaller, author: Author = "anonymous"
) -> None:
    """Take it away; its versions stay readable."""
    await house.noting.delete(subject, caller.named(author, "author"))


def _newest_first(shown: NoteShown) -> str:
    """A key that counts down."""
    return f"{MAX_COUNT - shown.version:010}"
