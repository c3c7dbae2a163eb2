"""The contract of `ports/searching.py`."""

import pytest
from tests.fakes.storage import Storage

from datacenter_docs.domain.findables import Findable
from datacenter_docs.domain.queries import HitKind, SearchFilter, pieces
from datacenter_docs.ports.searching import Asked, Followed

ANY = SearchFilter()


def machine(name: str, text: str = "", **fields: object) -> Findable:
    given = {"platforms": ("vmware",), "connection": "lab", "resource_kind": "vm", "state": "present", **fields}  # fmt: skip
    return Findable(HitKind.RESOURCE, f"vmware:lab:vm:{name}", name, f"vmware:lab:vm:{name}", text, **given)  # type: ignore[arg-type]  # fmt: skip


def ticket(name: str, title: str, state: str = "resolved") -> Findable:
    return Findable(HitKind.TICKET, name, title, name, "the web is slow", state=state)


async def found(storage: Storage, text: str, wanted: SearchFilter = ANY, *, in_names: bool = False, most: int = 100):  # fmt: skip
    [answer] = await storage.search.match([Asked(pieces(text), wanted, in_names)], most)
    return [one.id.rpartition(":")[2] for one in answer]


async def test_all_pieces_have_to_be_there_in_whatever_order(storage: Storage):
    await storage.search.put([machine("web-1", "debian Linux"), machine("web-2", "windows")])

    assert await found(storage, "DEBIAN web") == ["web-1"]
    assert await found(storage, "web debian windows") == []
    assert await found(storage, "web") == ["web-1", "web-2"]


async def test_words_that_stand_together_have_to_stand_together(storage: Storage):
    await storage.search.put(
        [machine("a", "10.0.3.17"), machine("b", "17.3.0.10 then 10.0.3.170")]
    )

    assert await found(storage, "10.0.3.17 ") == ["a", "b"]
    assert await found(storage, "10.0.3.17 then") == []
    assert await found(storage, '"10.0.3.17"') == ["a"]


async def test_a_piece_does_not_reach_from_the_name_into_the_text(storage: Storage):
    await storage.search.put([machine("alpha", "beta gamma")])

    assert await found(storage, "alpha-beta") == []
    assert await found(storage, "vm-alpha") == ["alpha"]


async def test_the_last_word_may_go_on_and_no_other(storage: Storage):
    await storage.search.put([machine("webshop", "frankfurt")])

    assert await found(storage, "webs") == ["webshop"]
    assert await found(storage, "frank webs") == []
    assert await found(storage, "w") == []


async def test_names_may_be_asked_alone(storage: Storage):
    await storage.search.put([machine("db-1", "serves web-1"), machine("web-1")])

    assert await found(storage, "web", in_names=True) == ["web-1"]
    assert await found(storage, "vmware:lab:vm:db-1", in_names=True) == ["db-1"]


async def test_letters_are_compared_without_case_and_accents(storage: Storage):
    await storage.search.put([machine("Zürich-Ähre"), machine("café"), machine("模块一")])

    assert await found(storage, "zurich-ahre") == ["Zürich-Ähre"]
    assert await found(storage, "CAFÉ") == ["café"]
    assert await found(storage, "模块") == ["模块一"]


async def test_every_filter_leaves_out_what_it_says(storage: Storage):
    other = machine("web-2", connection="far side:1", state="gone", platforms=("openstack",), resource_kind="instance")  # fmt: skip
    await storage.search.put([machine("web-1"), other, ticket("T-1", "web", "failed")])
    asked = {
        "T-1": SearchFilter(kinds=frozenset({HitKind.TICKET, HitKind.NOTE})),
        "web-1": SearchFilter(platform="vmware"),
        "web-2": SearchFilter(connection="far side:1"),
    }

    assert {name: await found(storage, "web", wanted) for name, wanted in asked.items()} == {name: [name] for name in asked}  # fmt: skip
    assert await found(storage, "web", SearchFilter(resource_kind="instance")) == ["web-2"]
    assert await found(storage, "web", SearchFilter(state="gone")) == ["web-2"]
    assert await found(storage, "web", SearchFilter(state="failed")) == ["T-1"]
    assert await found(storage, "web", SearchFilter(state="present", platform="openstack")) == []
    assert [c.id for c in await storage.search.called("web 2", SearchFilter(state="gone"), 9)] == ["vmware:lab:vm:web-2"]  # fmt: skip
    assert await storage.search.called("web 2", SearchFilter(state="present"), 9) == []


async def test_what_filters_go_by_is_not_found_as_a_word(storage: Storage):
    one = machine("web-1")
    await storage.search.put([one])

    assert [await found(storage, tag) for tag in one.tags] == [[]] * 5


async def test_at_most_so_many_are_told_and_always_the_same(storage: Storage):
    await storage.search.put([machine(f"web-{n}") for n in range(20)])
    first = await found(storage, "web", most=5)

    assert len(first) == 5
    assert first == await found(storage, "web", most=5)


async def test_what_was_put_again_is_found_by_its_new_words_alone(storage: Storage):
    await storage.search.put([machine("web-1", "debian")])
    await storage.search.put([machine("web-1", "windows"), machine("web-2", "debian")])

    assert await found(storage, "windows") == ["web-1"]
    assert await found(storage, "debian") == ["web-2"]


async def test_what_was_removed_is_not_found(storage: Storage):
    await storage.search.put([machine("web-1"), machine("web-2")])
    await storage.search.remove(HitKind.RESOURCE, ["vmware:lab:vm:web-1", "nobody"])

    assert await found(storage, "web") == ["web-2"]
    assert await storage.search.called("web 1", ANY, 9) == []


async def test_the_same_id_of_another_kind_is_another_thing(storage: Storage):
    note = Findable(HitKind.NOTE, "coverage", "Coverage", "", "remember")
    document = Findable(HitKind.DOCUMENT, "coverage", "Coverage", "", "complete")
    await storage.search.put([note, document])
    await storage.search.remove(HitKind.NOTE, ["coverage"])

    assert await found(storage, "coverage remember") == []
    assert await found(storage, "coverage complete") == ["coverage"]


async def test_things_are_found_by_exactly_their_name_or_id(storage: Storage):
    await storage.search.put([machine("web-1"), machine("web-10")])
    named = await storage.search.called("web 1", ANY, 9)
    by_id = await storage.search.called("vmware lab vm web 1", ANY, 9)

    assert [c.title for c in named] == ["web-1"]
    assert named == by_id


async def test_words_alike_are_told_with_how_often_they_are_used(storage: Storage):
    await storage.search.put([machine("webshop-1"), machine("webshop-2"), machine("workshop"), machine("db")])  # fmt: skip
    await storage.search.put([machine("webshop-2", "x"), machine("db", "webshpo")])  # fmt: skip
    similar = await storage.search.similar(["webshpo", "qqqq"], 1)

    assert similar == {"webshpo": [("webshop", 2)], "qqqq": []}


async def test_a_word_that_no_name_has_any_more_is_forgotten(storage: Storage):
    await storage.search.put([machine("webshop-1"), ticket("T-1", "webshop")])
    await storage.search.remove(HitKind.RESOURCE, ["vmware:lab:vm:webshop-1"])

    assert await storage.search.similar(["webshpo"], 9) == {"webshpo": []}


async def test_texts_are_told_by_key(storage: Storage):
    await storage.search.put([machine("web-1", "line one\nline two")])
    [candidate] = await storage.search.called("web 1", ANY, 1)

    assert await storage.search.texts([candidate.key, 999]) == {
        candidate.key: "line one\nline two"
    }


async def test_how_far_it_has_followed_never_goes_back(storage: Storage):
    before = await storage.search.followed()
    await storage.search.follow(survey=3)
    await storage.search.follow(record=7)
    await storage.search.follow(survey=2, record=5)

    assert before == Followed(0, 0)
    assert await storage.search.followed() == Followed(3, 7)


async def test_once_cleared_it_knows_nothing_and_begins_anew(storage: Storage):
    await storage.search.put([machine("webshop-1")])
    await storage.search.follow(survey=3, record=7)
    await storage.search.clear()
    nothing = await found(storage, "webshop")
    await storage.search.put([machine("webshop-1")])

    assert nothing == []
    assert await storage.search.followed() == Followed()
    assert await found(storage, "webshop") == ["webshop-1"]


@pytest.mark.parametrize(
    "text",
    [
        '"', '""', "'", "\\", "a'b", 'a"b', "NEAR(a b)", "a AND", "title:web", "{title} : web", "-web", "^web", "web*", "a | b", "!a",
        "a <-> b", ":*", "a:A", "((", "web) OR (1", "%", "_", "😀", "e\u0301", "\u202ex", "select; drop table findables", "x" * 5_000,
        "a " * 500, "٣٤", "İstanbul", "NOT", "OR OR", "null",
    ],
)  # fmt: skip
async def test_no_text_of_a_query_means_anything_to_the_database(storage: Storage, text: str):
    await storage.search.put([machine("web-1", text)])
    asked = pieces(text)
    answers = await storage.search.match([Asked(asked, ANY, in_names=False)], 5) if asked else []

    assert all(len(answer) == 1 for answer in answers)


async def test_a_text_of_one_word_many_times_is_kept(storage: Storage):
    await storage.search.put([machine("web-1", "again " * 20_000 + "end of it")])

    assert await found(storage, "again") == ["web-1"]
    assert await found(storage, "end it") == ["web-1"]
