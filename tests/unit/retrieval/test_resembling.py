"""What is learned from tickets' words follows the journal."""

from datetime import UTC, datetime

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.storage import Storage, fake_storage

from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.services import resembling as module
from datacenter_docs.services.receiving import Receiving
from datacenter_docs.services.resembling import Resembling

AT = datetime(2026, 3, 1, tzinfo=UTC)


def built() -> tuple[Storage, Receiving, Resembling]:
    storage, clock = fake_storage(), FakeClock()
    receiving = Receiving(storage.cases, clock, lambda: None)
    return storage, receiving, Resembling(storage.similar, storage.categories, storage.cases, storage.journal, clock)  # fmt: skip


def request(name: str, text: str, category: str = "general") -> TicketRequest:
    return TicketRequest(ticket_id=name, description=text, category=category)


async def test_tickets_are_like_those_that_came():
    _, receiving, resembling = built()
    for one in (request("T-1", "uplink flapping"), request("T-2", "printer jam"), request("T-3", "the uplink flaps")):  # fmt: skip
        await receiving.receive(one)
    await resembling.follow()

    assert [alike.ticket_id for alike in await resembling.like("T-3")] == ["T-1"]
    assert [alike.ticket_id for alike in await resembling.like_text("flapping uplink\nagain", "general")] == ["T-3", "T-1"]  # fmt: skip


async def test_following_again_takes_nothing_in_twice():
    storage, receiving, resembling = built()
    await receiving.receive(request("T-1", "uplink flapping"))
    await resembling.follow()
    await resembling.follow()

    assert len(await resembling.like_text("uplink", "general")) == 1
    assert await storage.similar.followed() > 0


async def test_it_goes_on_at_once_only_where_there_is_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "BUNCH", 2)
    _, receiving, resembling = built()
    for number in range(3):
        await receiving.receive(request(f"T-{number}", "uplink flapping"))

    assert [await resembling.follow() for _ in range(3)] == [True, False, False]
    assert len(await resembling.like_text("uplink", "general")) == 3


async def test_the_index_can_be_made_anew():
    _, receiving, resembling = built()
    await receiving.receive(request("T-1", "uplink flapping"))
    await resembling.follow()
    await resembling.rebuild()

    assert await resembling.like_text("uplink", "general") == []
    await resembling.follow()
    assert len(await resembling.like_text("uplink", "general")) == 1


async def test_a_category_that_is_missing_is_suggested_and_never_set():
    storage, receiving, resembling = built()
    await receiving.receive(request("T-1", "uplink flapping", "network"))
    await receiving.receive(request("T-2", "flapping uplink"))
    await resembling.follow()
    given, guess = await resembling.category_of("T-2")

    assert given == "general"
    assert guess is not None
    assert guess.category == "network"
    assert (await storage.cases.get("T-2")).ticket.request.category == "general"


async def test_unknown_tickets_are_not_found():
    _, _, resembling = built()

    with pytest.raises(NotFound):
        await resembling.like("T-9")
    with pytest.raises(NotFound):
        await resembling.category_of("T-9")
