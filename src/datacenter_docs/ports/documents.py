"""Where written documents are kept."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from datacenter_docs.domain.documents import Document, DocumentHead


class DocumentStore(Protocol):
    """Documents by id, as they were last written. Every write is durable before it returns."""

    async def survey(self) -> int:
        """Up to which survey the documents are written; 0: there are none yet."""
        ...

    async def get(self, document_id: str) -> Document:
        """One document. Raises `NotFound`."""
        ...

    async def get_all(self, document_ids: Sequence[str]) -> Mapping[str, Document]:
        """Several by id; those that there are none of are not in the answer."""
        ...

    async def heads(self) -> Sequence[DocumentHead]:
        """All of them in the order of ids, without their texts, which are long."""
        ...

    async def all(self, prefix: str = "") -> Sequence[Document]:
        """Those whose id begins so, in the order of ids."""
        ...

    async def put(
        self, documents: Sequence[Document], removed: Sequence[str], survey: int
    ) -> None:
        """Store new and changed ones, forget the removed, and remember the survey, in one commit."""
        ...
