"""`DocumentStore` in the database."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.written.tables import documents, documents_state
from datacenter_docs.domain.documents import Document, DocumentHead
from datacenter_docs.domain.errors import NotFound

_ONE = select(documents).where(documents.c.id == bindparam("wanted"))
_SEVERAL = select(documents).where(documents.c.id.in_(bindparam("wanted", expanding=True)))
_HEADS = select(
    documents.c.id, documents.c.title, documents.c.platforms, documents.c.survey
).order_by(documents.c.id)
_SURVEY = select(documents_state.c.survey)
_STATE_ID = 1


class SqlDocumentStore:
    """Documents as rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def survey(self) -> int:
        return await self._database.read(lambda c: c.scalar(_SURVEY)) or 0

    async def get(self, document_id: str) -> Document:
        wanted = {"wanted": document_id}
        row = await self._database.read(lambda c: c.execute(_ONE, wanted).mappings().one_or_none())
        if row is None:
            raise NotFound(f"There is no document {document_id}.")
        return _document(row)

    async def get_all(self, document_ids: Sequence[str]) -> Mapping[str, Document]:
        wanted = {"wanted": list(document_ids)}
        rows = await self._database.scan(lambda c: c.execute(_SEVERAL, wanted).mappings().all())
        return {row["id"]: _document(row) for row in rows}

    async def heads(self) -> Sequence[DocumentHead]:
        rows = await self._database.read(lambda c: c.execute(_HEADS).all())
        return [
            DocumentHead(row.id, row.title, tuple(json.loads(row.platforms)), row.survey)
            for row in rows
        ]

    async def all(self, prefix: str = "") -> Sequence[Document]:
        query = (
            select(documents)
            .where(documents.c.id.startswith(prefix, autoescape=True))
            .order_by(documents.c.id)
        )
        rows = await self._database.scan(lambda c: c.execute(query).mappings().all())
        return [_document(row) for row in rows]

    async def put(self, written: Sequence[Document], removed: Sequence[str], survey: int) -> None:
        await self._database.writer.run(lambda c: _put(c, written, removed, survey))


def _put(
    connection: Connection, written: Sequence[Document], removed: Sequence[str], survey: int
) -> None:
    forgotten = [*removed, *(document.id for document in written)]
    if forgotten:
        connection.execute(
            delete(documents).where(documents.c.id == bindparam("wanted")),
            [{"wanted": document_id} for document_id in forgotten],
        )
    if written:
        connection.execute(insert(documents), [_row(document) for document in written])
    if not connection.execute(update(documents_state).values(survey=survey)).rowcount:
        connection.execute(insert(documents_state).values(id=_STATE_ID, survey=survey))


def _row(document: Document) -> dict[str, object]:
    return {
        "id": document.id,
        "title": document.title,
        "platforms": json.dumps(document.platforms),
        "markdown": document.markdown,
        "survey": document.survey,
        "members": json.dumps(document.members),
    }


def _document(row: RowMapping) -> Document:
    return Document(
        id=row["id"],
        title=row["title"],
        platforms=tuple(json.loads(row["platforms"])),
        markdown=row["markdown"],
        survey=row["survey"],
        members=tuple(json.loads(row["members"])),
    )
