"""Answers what agents ask: the tools that a model, the chat and our own MCP server share. Reads only."""

from collections.abc import Sequence
from typing import Any

from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.catalogue import CATALOGUE
from datacenter_docs.domain.changes import Change
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.estate import Health, Resource
from datacenter_docs.domain.hits import Hit
from datacenter_docs.domain.operations import Operation
from datacenter_docs.domain.queries import SearchFilter
from datacenter_docs.domain.retrieval.answers import MISSING_CATEGORY
from datacenter_docs.domain.scrutiny import problems_of_action
from datacenter_docs.ports.estate import ChangeFilter, EstateReader
from datacenter_docs.ports.inquiring import Earlier, Proposed, Remembered
from datacenter_docs.ports.platforms import PlatformReader
from datacenter_docs.ports.searching import Searcher
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.services.presenting import Presenting
from datacenter_docs.services.resembling import Resembling

LONGEST_DOCUMENT = 20_000
"""Characters of a document that are told; the rest is told to be there."""
MOST = 20
"""Hits and changes that are told at once."""


class Inquiring:
    """`Inquirer` over what the product knows and reads."""

    def __init__(
        self,
        searcher: Searcher,
        resembling: Resembling,
        cases: CaseStore,
        estate: EstateReader,
        presenting: Presenting,
        reader: PlatformReader,
    ) -> None:
        self._searcher = searcher
        self._resembling = resembling
        self._cases = cases
        self._estate = estate
        self._presenting = presenting
        self._reader = reader

    async def search(self, text: str, limit: int) -> Sequence[Hit]:
        return (await self._searcher.search(text, SearchFilter(), None, min(limit, MOST))).hits

    async def similar(self, text: str, limit: int) -> Sequence[Earlier]:
        alike = await self._resembling.like_text(text, MISSING_CATEGORY, min(limit, MOST))
        return [Earlier((await self._cases.get(one.ticket_id)).ticket, one.score) for one in alike]

    async def document(self, document_id: str) -> str:
        text = (await self._presenting.show(document_id)).document.markdown
        if len(text) <= LONGEST_DOCUMENT:
            return text
        return f"{text[:LONGEST_DOCUMENT]}\n… and {len(text) - LONGEST_DOCUMENT} characters more."

    async def remembered(self, resource_id: str) -> Remembered:
        resource = await self._estate.get(resource_id)
        return Remembered(resource, await self._estate.relations(resource_id))

    async def history(self, resource_id: str, limit: int) -> Sequence[Change]:
        await self._estate.get(
            resource_id
        )  # an unknown one is an error, and not a thing that never changed
        wanted = ChangeFilter(resource_id=resource_id)
        return (await self._estate.changes(wanted, None, min(limit, MOST))).items

    async def read(self, resource_id: str) -> Resource:
        return await self._reader.describe(resource_id)

    async def health(self, resource_id: str) -> Health:
        return await self._reader.health(resource_id)

    def operations(self) -> Sequence[Operation]:
        return [entry for entry in CATALOGUE.values() if entry.plannable]

    async def propose(self, operation: str, target: str, parameters: dict[str, Any]) -> Proposed:
        action = Action(operation=operation, target=target, parameters=parameters)
        hindrance: DatacenterDocsError | None = None
        try:
            look = await self._reader.look(operation, target, parameters)
            action = action.replaced(look=look)
            hindrance = await self._reader.can(operation, target)
        except DatacenterDocsError as error:
            hindrance = error
        problems = list(problems_of_action(action))
        return Proposed(action, [*problems, *([hindrance.message] if hindrance else [])])
