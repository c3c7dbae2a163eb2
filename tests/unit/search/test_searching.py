"""Searching over an index: three tries, pages, and what is told of each."""

import pytest
from tests.fakes.searching import FakeSearchIndex

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.findables import Findable
from datacenter_docs.domain.queries import HitKind, SearchFilter
from datacenter_docs.ports.searching import FoundPage
from datacenter_docs.services.searching import COMMON, MOST, Searching

ANY = SearchFilter()


def machine(name: str, text: str = "", state: str = "present") -> Findable:
    return Findable(HitKind.RESOURCE, f"vmware:lab:vm:{name}", name, "", text, ("vmware",), "lab", "vm", state)  # fmt: skip


async def over(*things: Findable) -> Searching:
    index = FakeSearchIndex()
    await index.put(things)
    return Searching(index)


async def ask(searching: Searching, text: str, wanted: SearchFilter = ANY) -> FoundPage:
    return await searching.search(text, wanted, None, 20)


def titles(page: FoundPage) -> list[str]:
    return [hit.title for hit in page.hits]


async def test_what_has_all_words_is_found_names_first():
    searching = await over(machine("db-1", "serves web-1"), machine("web-1", "of the shop"))
    page = await ask(searching, "web-1")

    assert titles(page) == ["web-1", "db-1"]
    assert page.hits[0].snippet.text == "of the shop"
    assert (page.understood_as, page.next_cursor, page.cut) == (None, None, False)


async def test_a_misspelt_name_is_put_right_and_that_is_told():
    searching = await over(machine("webshop-prod-1"), machine("workshop"))
    page = await ask(searching, "WEBSHPO-prdo-1 ")

    assert titles(page) == ["webshop-prod-1"]
    assert page.understood_as == "webshop-prod-1"


async def test_a_word_that_is_known_is_never_put_right():
    searching = await over(machine("webshop-1", "debian"), machine("debiam"))

    assert (await ask(searching, "debian nothing")).understood_as is None


async def test_a_number_is_never_put_right():
    assert titles(await ask(await over(machine("web-12")), "web-13")) == []


async def test_where_nothing_has_all_words_the_rare_ones_decide():
    many = [machine(f"m{n}", "users report") for n in range(COMMON + 1)]
    searching = await over(*many, machine("ledger", "of customer 7"), machine("x", "customer 8"))
    page = await ask(searching, "Users report that the ledger of customer 7 does not answer.")

    assert titles(page)[0] == "ledger"
    assert not any(title.startswith("m") for title in titles(page))


async def test_filters_hold_for_every_try():
    searching = await over(machine("webshop", "old", "gone"))
    present = SearchFilter(state="present")

    assert [titles(await ask(searching, text, present)) for text in ("webshop", "webshpo", "webshop unheard")] == [[], [], []]  # fmt: skip
    assert titles(await ask(searching, "webshpo", SearchFilter(state="gone"))) == ["webshop"]


async def test_pages_follow_each_other_to_the_end():
    searching = await over(*(machine(f"web-{n}") for n in range(5)))
    found, cursor = [], None
    while cursor is not None or not found:
        page = await searching.search("web", ANY, cursor, 2)
        found += titles(page)
        cursor = page.next_cursor

    assert found == [f"web-{n}" for n in range(5)]


@pytest.mark.parametrize("cursor", ["", "x", "2", ".2", "0123456789abcdef.2", "0123456789abcdef.-1"])  # fmt: skip
async def test_a_cursor_is_for_its_own_question(cursor: str):
    searching = await over(*(machine(f"web-{n}") for n in range(5)))
    given = (await searching.search("web", ANY, None, 2)).next_cursor
    assert given

    for text, wanted, other in (("web", ANY, cursor), ("webs", ANY, given), ("web", SearchFilter(state="gone"), given)):  # fmt: skip
        with pytest.raises(Invalid):
            await searching.search(text, wanted, other, 2)


async def test_more_than_is_looked_at_is_told():
    searching = await over(*(machine(f"web-{n}") for n in range(MOST)))

    assert (await ask(searching, "web")).cut


@pytest.mark.parametrize("text", ["", " ", "?!", '""', "\x00", "😀"])
async def test_a_question_without_words_finds_nothing(text: str):
    assert (await ask(await over(machine("web")), text)).hits == []
