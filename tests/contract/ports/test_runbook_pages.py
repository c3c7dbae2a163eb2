"""The contract of `ports/runbook_pages.py`, for the fake and the shelf alike."""

from collections.abc import Callable, Sequence

import pytest
from tests.fakes.runbook_pages import FakeRunbookPages

from datacenter_docs.adapters.retrieval.sections import Shelf
from datacenter_docs.domain.retrieval.pages import Section
from datacenter_docs.ports.runbook_pages import RunbookPages

FLAP = Section("ports.md", "PortFlapping", "What to do", "Look at the optics, then at the cable.")
FULL = Section("space.md", "Datastore is full", "Meaning", "Snapshots were forgotten, or logs grow.")  # fmt: skip
CLOCK = Section("time.md", "Clock skew", "", "The clock of a node runs away from the others.")
Making = Callable[[Sequence[Section]], RunbookPages]


@pytest.fixture(params=[FakeRunbookPages, Shelf])
def making(request: pytest.FixtureRequest) -> Making:
    made: Making = request.param
    return made


def pages(making: Making, title: str, body: str = "", limit: int = 5) -> list[str]:
    return [one.section.page for one in making([FLAP, FULL, CLOCK]).find(title, body, limit)]


def test_a_section_is_found_by_the_name_of_an_alert(making: Making):
    assert pages(making, "NodeClockSkewDetected")[0] == "time.md"
    assert pages(making, "InterfacePortFlapping")[0] == "ports.md"


def test_a_section_is_found_by_what_a_ticket_says(making: Making):
    assert pages(making, "no space", "forgotten snapshots fill the datastore")[0] == "space.md"


def test_a_section_is_found_by_words_that_it_does_not_show(making: Making):
    shelf = making([Section("a.md", "Tape", "", "Change it.", "robot arm"), CLOCK])

    assert [one.section.page for one in shelf.find("the arm", "")] == ["a.md"]


def test_what_shares_no_word_is_not_found(making: Making):
    assert pages(making, "printer", "jam") == []
    assert pages(making, "") == []


def test_an_empty_shelf_knows_nothing(making: Making):
    assert making([]).find("clock", "skew") == []


def test_at_most_so_many_are_told_the_best_first(making: Making):
    shelf = making([FLAP, FULL, CLOCK])
    found = shelf.find("clock skew datastore", "the cable of a node", 2)

    assert found[0].section.page == "time.md"
    assert len(found) == 2
    assert found[0].score >= found[1].score
    assert found == shelf.find("clock skew datastore", "the cable of a node", 2)
