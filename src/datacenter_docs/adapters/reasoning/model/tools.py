"""The tools of a model in one conversation: they read, bounded in size, without secrets, and label what they show.

There is no tool that acts. What goes wrong is told to the model as a text, so that it can ask otherwise.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from datacenter_docs.adapters.reasoning.model.ledger import Ledger
from datacenter_docs.domain.changes import Change
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.ports.inquiring import Inquirer

LONGEST_ANSWER = 12_000
"""Characters of an answer; a model that needs more asks about less."""
MOST = 10
LONGEST_RESOLUTION = 500

Redact = Callable[[str], str]
Tool = Callable[..., Awaitable[str]]


class Desk:
    """Where a model asks. `redact`: takes the secrets out of a text."""

    def __init__(self, inquirer: Inquirer, ledger: Ledger, redact: Redact) -> None:
        self._inquirer = inquirer
        self._ledger = ledger
        self._redact = redact

    def tools(self) -> list[Tool]:
        """All tools; their docstrings are what the model reads of them."""
        return [
            self.search,
            self.similar_tickets,
            self.read,
            self.remember,
            self.history,
            self.health,
            self.read_document,
            self.propose,
        ]

    async def search(self, text: str) -> str:
        """Find resources, documents, notes and earlier tickets that a text is about."""
        return await self._told(self._search(text))

    async def similar_tickets(self, text: str) -> str:
        """Find earlier tickets that are like a text, and how they ended."""
        return await self._told(self._similar(text))

    async def read(self, resource: str) -> str:
        """Read a resource from its platform now. Takes its label (r1) or its id. Only what is read now is evidence."""
        return await self._told(self._read(resource))

    async def remember(self, resource: str) -> str:
        """What surveys know of a resource and what it is related to. It may have changed since."""
        return await self._told(self._remember(resource))

    async def history(self, resource: str) -> str:
        """What changed of a resource lately, the latest first."""
        return await self._told(self._history(resource))

    async def health(self, resource: str) -> str:
        """How a resource is now: ok, degraded, failed or unknown, and why."""
        return await self._told(self._health(resource))

    async def read_document(self, document_id: str) -> str:
        """Read a document, as a search names it."""
        return await self._told(self._inquirer.document(document_id))

    async def propose(self, operation: str, resource: str, parameters: dict[str, Any]) -> str:
        """Ask whether an operation of the catalogue could be planned for a resource. It looks at the resource; nothing is done."""
        return await self._told(self._propose(operation, resource, parameters))

    async def _told(self, answer: Awaitable[str]) -> str:
        try:
            text = await answer
        except DatacenterDocsError as error:
            text = f"error: {error.message}"
        text = self._redact(text)
        if len(text) <= LONGEST_ANSWER:
            return text
        return f"{text[:LONGEST_ANSWER]}\n(cut: {len(text)} characters)"

    async def _search(self, text: str) -> str:
        lines = []
        for hit in await self._inquirer.search(text, MOST):
            label = (
                self._ledger.label(hit.id)
                if hit.kind == "resource"
                else self._ledger.text(hit.title)
            )
            state = f", {hit.state}" if hit.state else ""
            lines.append(f"[{label}] {hit.kind} {hit.title} ({hit.id}{state}): {hit.snippet.text}")
        return "\n".join(lines) or "nothing was found"

    async def _similar(self, text: str) -> str:
        lines = []
        for one in await self._inquirer.similar(text, MOST):
            ticket = one.ticket
            label = self._ledger.text(ticket.request.title or ticket.id)
            ended = (ticket.resolution or "")[:LONGEST_RESOLUTION]
            lines.append(f"[{label}] {ticket.id} {ticket.state}: {ticket.request.title}. {ended}")
        return "\n".join(lines) or "no earlier ticket is like it"

    async def _read(self, resource: str) -> str:
        return self._ledger.read(await self._inquirer.read(self._id(resource)))

    async def _remember(self, resource: str) -> str:
        known = await self._inquirer.remembered(self._id(resource))
        lines = [self._ledger.remembered(known.resource)]
        for relation in known.relations[:MOST]:
            left, right = self._ledger.label(relation.left), self._ledger.label(relation.right)
            lines.append(f"  [{left}] {relation.rule} [{right}]")
        return "\n".join(lines)

    async def _history(self, resource: str) -> str:
        changes = await self._inquirer.history(self._id(resource), MOST)
        return "\n".join(map(_change, changes)) or "nothing has changed"

    async def _health(self, resource: str) -> str:
        health = await self._inquirer.health(self._id(resource))
        return " ".join([health.status, *health.reasons])

    async def _propose(self, operation: str, resource: str, parameters: dict[str, Any]) -> str:
        proposed = await self._inquirer.propose(operation, self._id(resource), parameters)
        if proposed.problems:
            return "it cannot be done: " + " ".join(proposed.problems)
        look = proposed.action.look
        seen = json.dumps(look.state, default=str) if look else "nothing"
        already = " It is so already." if look and look.satisfied else ""
        return f"it could be planned. The target now: {seen}.{already}"

    def _id(self, resource: str) -> str:
        """A label that was given, or whatever else the model calls it: the platform says whether there is one."""
        return self._ledger.resource_of(resource.strip("[] ")) or resource


def _change(change: Change) -> str:
    told = "; ".join(f"{one.attribute}: {one.before} -> {one.after}" for one in change.attributes)
    return f"{change.at:%Y-%m-%d %H:%M} UTC {change.kind} {told}".rstrip()
