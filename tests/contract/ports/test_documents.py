"""The contract of `ports/documents.py`."""

import pytest
from tests.fakes.storage import Storage

from datacenter_docs.domain.documents import Document
from datacenter_docs.domain.errors import NotFound


def a_document(document_id: str, markdown: str = "# Text 🙏", survey: int = 1) -> Document:
    return Document(document_id, "A | title", ("vmware", "storage"), markdown, survey, ("a", "b"))


async def test_every_field_of_a_document_comes_back(storage: Storage):
    document = a_document("virtualization/vm/1")
    await storage.documents.put([document], [], 1)

    assert await storage.documents.get("virtualization/vm/1") == document


async def test_what_was_never_written_is_not_found(storage: Storage):
    with pytest.raises(NotFound, match="no document nowhere"):
        await storage.documents.get("nowhere")
    assert await storage.documents.survey() == 0


async def test_a_document_is_written_over_and_taken_away(storage: Storage):
    await storage.documents.put([a_document("a"), a_document("b")], [], 1)
    await storage.documents.put([a_document("a", "new", 2)], ["b", "unknown"], 2)

    assert await storage.documents.all() == [a_document("a", "new", 2)]
    assert await storage.documents.survey() == 2


async def test_a_survey_that_changed_nothing_is_remembered(storage: Storage):
    await storage.documents.put([a_document("a")], [], 1)
    await storage.documents.put([], [], 7)

    assert await storage.documents.survey() == 7
    assert [d.survey for d in await storage.documents.all()] == [1]


async def test_documents_are_listed_by_the_beginning_of_their_ids(storage: Storage):
    every = [a_document(name) for name in ("a%b/1", "a%b/2", "a%c", "aXb/1")]
    await storage.documents.put(every[::-1], [], 1)

    assert [d.id for d in await storage.documents.all("a%b/")] == ["a%b/1", "a%b/2"]
    assert [d.id for d in await storage.documents.all()] == ["a%b/1", "a%b/2", "a%c", "aXb/1"]


async def test_several_are_read_at_once_and_heads_without_their_texts(storage: Storage):
    every = [a_document(name) for name in ("a", "b", "c")]
    await storage.documents.put(every, [], 1)

    assert await storage.documents.get_all(["c", "nowhere", "a"]) == {"a": every[0], "c": every[2]}
    assert list(await storage.documents.heads()) == [document.head for document in every]
