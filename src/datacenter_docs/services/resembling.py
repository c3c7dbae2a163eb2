"""Keeps what is learned from tickets' words in step with the journal: the index of similar tickets, and the categories.

Each follows on its own, and keeps how far it came beside what it keeps; so nothing is lost, and nothing is taken in twice.
"""

from collections.abc import Sequence

from datacenter_docs.domain.audit import EntryKind, Record
from datacenter_docs.domain.retrieval.answers import Alike, Guess, Wording, suggested, wording
from datacenter_docs.ports.categories import Categories
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.journal import Journal
from datacenter_docs.ports.similar import MOST, SimilarTickets
from datacenter_docs.ports.tickets import CaseStore

BUNCH = 250
"""Tickets that are taken in at once."""


class Resembling:
    """Follows the tickets, and answers about them."""

    def __init__(
        self,
        similar: SimilarTickets,
        categories: Categories,
        cases: CaseStore,
        journal: Journal,
        clock: Clock,
    ) -> None:
        self._similar = similar
        self._categories = categories
        self._cases = cases
        self._journal = journal
        self._clock = clock

    async def follow(self) -> bool:
        """Take in the tickets that came since the last time, or a part of them. Whether there are more.

        Few that came are no reason to look again at once: what is taken in together costs less for each.
        """
        after = await self._similar.followed()
        came = await self._came(after)
        if came:
            await self._similar.add(await self._wordings(came), after=after, upto=came[-1].seq)
        learnable = await self._came(await self._categories.followed())
        if learnable:
            told = await self._wordings(learnable)
            await self._categories.take_in(told, upto=learnable[-1].seq)
        return len(came) == BUNCH or len(learnable) == BUNCH

    async def like(self, ticket_id: str, limit: int = MOST) -> Sequence[Alike]:
        """The tickets that are like a stored one. Raises `NotFound`."""
        case = await self._cases.get(ticket_id)
        return await self._similar.alike(wording(case.ticket), limit)

    async def like_text(self, text: str, category: str, limit: int = MOST) -> Sequence[Alike]:
        """The tickets that are like a text that is no ticket. Its first line is its title."""
        title, _, body = text.strip().partition("\n")
        asked = Wording("", title, body, category, self._clock.now())
        return await self._similar.alike(asked, limit)

    async def category_of(self, ticket_id: str) -> tuple[str, Guess | None]:
        """The category of a ticket, and another one if that is worth a look. Raises `NotFound`."""
        given = (await self._cases.get(ticket_id)).ticket.request.category
        return given, suggested(given, await self._categories.guessed(ticket_id))

    async def rebuild(self) -> None:
        """Forget the index of similar tickets, so that following begins anew. What was learned of categories stays."""
        await self._similar.clear()

    async def _came(self, after: int) -> Sequence[Record]:
        kinds = (EntryKind.TICKET_RECEIVED,)
        return (await self._journal.page(kinds=kinds, after_seq=after, limit=BUNCH)).items

    async def _wordings(self, records: Sequence[Record]) -> Sequence[Wording]:
        ids = [record.ticket_id for record in records if record.ticket_id is not None]
        return [wording((await self._cases.get(one)).ticket) for one in ids]
