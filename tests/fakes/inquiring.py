"""The fake of `ports/inquiring.py`: what can be read of a fake platform, and what a test says that is known."""

from collections.abc import Sequence
from typing import Any

from tests.fakes.platforms import FakePlatform

from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.catalogue import CATALOGUE
from datacenter_docs.domain.changes import Change
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.estate import Health, Resource
from datacenter_docs.domain.hits import Hit, Snippet
from datacenter_docs.domain.operations import Operation
from datacenter_docs.domain.queries import HitKind
from datacenter_docs.domain.scrutiny import problems_of_action
from datacenter_docs.domain.tickets import Ticket
from datacenter_docs.ports.inquiring import Earlier, Proposed, Remembered


class FakeInquirer:
    """Reads a fake platform. `documents`: texts by id; every call is kept in `asked`."""

    def __init__(self, platform: FakePlatform, documents: dict[str, str] | None = None) -> None:
        self._platform = platform
        self._documents = documents or {}
        self.asked: list[str] = []
        self.earlier: list[Ticket] = []

    async def search(self, text: str, limit: int) -> Sequence[Hit]:
        self.asked.append(f"search {text}")
        found = (await self._platform.inventory("network")).resources
        return [
            Hit(HitKind.RESOURCE, one.id, one.name, None, Snippet(one.name, ()))
            for one in found
            if any(word in one.name for word in text.split())
        ][:limit]

    async def similar(self, text: str, limit: int) -> Sequence[Earlier]:
        return [Earlier(one, 0.5) for one in self.earlier][:limit]

    async def document(self, document_id: str) -> str:
        self.asked.append(f"document {document_id}")
        if document_id not in self._documents:
            raise NotFound(f"There is no document {document_id}.")
        return self._documents[document_id]

    async def remembered(self, resource_id: str) -> Remembered:
        raise NotFound(f"{resource_id} was never seen.")

    async def history(self, resource_id: str, limit: int) -> Sequence[Change]:
        return []

    async def read(self, resource_id: str) -> Resource:
        self.asked.append(f"read {resource_id}")
        return await self._platform.describe(resource_id)

    async def health(self, resource_id: str) -> Health:
        return await self._platform.health(resource_id)

    def operations(self) -> Sequence[Operation]:
        return [entry for entry in CATALOGUE.values() if entry.plannable]

    async def propose(self, operation: str, target: str, parameters: dict[str, Any]) -> Proposed:
        look = await self._platform.look(operation, target, parameters)
        action = Action(operation=operation, target=target, parameters=parameters, look=look)
        return Proposed(action, list(problems_of_action(action)))
