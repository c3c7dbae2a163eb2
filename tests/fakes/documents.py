"""The fake of `ports/documents.py`."""

from collections.abc import Mapping, Sequence

from datacenter_docs.domain.documents import Document, DocumentHead
from datacenter_docs.domain.errors import NotFound


class FakeDocumentStore:
    """Documents in memory. `written`: ids in the order in which they were stored, for questions."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self._documents: dict[str, Document] = {}
        self._survey = 0

    async def survey(self) -> int:
        return self._survey

    async def get(self, document_id: str) -> Document:
        try:
            return self._documents[document_id]
        except KeyError:
            raise NotFound(f"There is no document {document_id}.") from None

    async def get_all(self, document_ids: Sequence[str]) -> Mapping[str, Document]:
        return {one: self._documents[one] for one in document_ids if one in self._documents}

    async def heads(self) -> Sequence[DocumentHead]:
        return [document.head for document in await self.all()]

    async def all(self, prefix: str = "") -> Sequence[Document]:
        return [d for name, d in sorted(self._documents.items()) if name.startswith(prefix)]

    async def put(
        self, documents: Sequence[Document], removed: Sequence[str], survey: int
    ) -> None:
        for document_id in removed:
            self._documents.pop(document_id, None)
        self._documents |= {document.id: document for document in documents}
        self.written += [document.id for document in documents]
        self._survey = survey
