"""Capacity: the fullest first, growth from what was measured on earlier days, and honest where nobody knows."""

from datetime import timedelta

import pytest
from tests.fakes.estate_samples import Estate, seen
from tests.fakes.walking import check
from tests.unit.documents.test_resource_pages import estate
from tests.unit.documents.test_risks import VOCABULARIES
from tests.unit.documents.test_sections import tallied

from datacenter_docs.adapters.writing.templates import TemplateWriter
from datacenter_docs.domain.capacities import CAPACITIES, Fullness
from datacenter_docs.domain.errors import Invalid, NotFound
from datacenter_docs.domain.reckonings import Reckoning
from datacenter_docs.ports.estate import ResourceFilter
from datacenter_docs.services.composing import growing
from datacenter_docs.services.deriving import Deriving

GOLD, IRON = "storage:lab:volume:gold", "storage:lab:volume:iron"
GIB = 1_073_741_824
DAY = timedelta(days=1).total_seconds()


def volume(resource_id: str, used: float, size: float | None = 100):
    size_bytes = None if size is None else int(size * GIB)
    return seen(resource_id, {"used_bytes": int(used * GIB)}, size_bytes=size_bytes)


async def grown(e: Estate, days: int, *, by: float = 1, start: float = 10) -> None:
    """A volume that takes so many GiB more each day."""
    for day in range(days):
        await e.surveyed(volume(GOLD, start + by * day), volume(IRON, 20))
        e.clock.advance(DAY - 3_600)


async def section(e: Estate) -> str:
    fullness = Fullness()
    async for bunch in e.reader.walk(ResourceFilter()):
        for resource in bunch:
            fullness.tell(resource)
    page = await growing.compose(e.reader, await tallied(e), fullness, e.clock.now())
    return TemplateWriter().markdown(page)


@pytest.mark.parametrize(("platform", "kind"), CAPACITIES)
def test_what_can_be_full_is_said_in_the_words_of_its_platform(platform: str, kind: str):
    capacity = CAPACITIES[platform, kind]

    assert {capacity.used, *capacity.size} <= set(VOCABULARIES[platform][kind].attributes)


async def test_growth_and_days_until_full_follow_from_earlier_days():
    e = estate()
    await grown(e, 10)
    text = await section(e)
    values = [value.text for value in await check(text, e.reader)]
    gold = values[values.index("gold") :]

    assert gold[:6] == ["gold", "19 GiB", "100 GiB", "19 %", "1 GiB", "81 days"]
    assert "too little history" in text


async def test_what_does_not_grow_is_never_full():
    e = estate()
    await grown(e, 40, by=-0.1, start=50)
    text = await section(e)
    await check(text, e.reader)

    assert text.count("does not grow") == 2
    assert "too little history" not in text


async def test_the_fullest_stands_first():
    e = estate()
    await e.surveyed(volume(GOLD, 10), volume(IRON, 20))
    values = [value.text for value in await check(await section(e), e.reader)]

    assert values.index("iron") < values.index("gold")


async def test_too_little_history_is_said():
    e = estate()
    await grown(e, 3)
    text = await section(e)

    assert text.count("too little history | too little history | not known") == 2


async def test_a_pools_size_is_made_of_its_parts():
    e = estate()
    await e.surveyed(
        seen("storage:lab:pool:rbd", {"used_bytes": 30 * GIB, "free_bytes": 70 * GIB})
    )
    values = {value.text: value.proof.id for value in await check(await section(e), e.reader)}

    assert values["100 GiB"].startswith("size?")


async def test_what_is_not_known_is_not_listed():
    e = estate()
    await e.surveyed(volume(GOLD, 10, None), volume(IRON, 10, 0))
    text = await section(e)

    assert "Of nothing that can be full" in text


async def test_a_recipe_that_is_none_makes_nothing():
    e = estate()
    await e.surveyed(volume(GOLD, 10))
    deriving = Deriving(e.reader)
    for text in ("growth?of=x&since=2026-01-01", "share", "nonsense?of=x", "growth?of=x", ""):
        with pytest.raises(Invalid):
            await deriving.again(text)
    with pytest.raises(NotFound):
        await deriving.again(Reckoning.parse("share?of=storage:lab:volume:nobody").id)
