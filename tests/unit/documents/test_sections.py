"""The sections: whatever they say can be made again from the facts."""

from tests.fakes.estate_samples import Estate, seen, vm
from tests.fakes.walking import check
from tests.unit.documents.test_resource_pages import HOST, estate

from datacenter_docs.adapters.writing.templates import TemplateWriter
from datacenter_docs.domain.citing import ProofKind
from datacenter_docs.domain.derivations import Derivation, Recipe
from datacenter_docs.domain.documents import Page
from datacenter_docs.domain.surveys import MissingPart
from datacenter_docs.domain.tally import Tally
from datacenter_docs.ports.estate import ResourceFilter
from datacenter_docs.services.composing import covering, drawing, overviews, platforms, risking

STORE = "vmware:lab:datastore:ds-1"
SECTIONS = (("virtualization", "Virtualization"), ("risks", "Health and risks"))


async def small() -> Estate:
    e = estate()
    await e.surveyed(
        seen(HOST, {"memory_usage_ratio": 0.95}, name="esx-1", cpu_cores=16, connection_state="connected"),
        seen(STORE, {"usage_ratio": 0.9, "used_bytes": 900}, name="gold", size_bytes=1000, accessible=True),
        *(
            seen(vm(f"web-{n}"), memory_mib=1024, power_state="on" if n else "off", host_id=HOST, datastore_ids=[STORE])
            for n in range(4)
        ),
    )  # fmt: skip
    return e


async def tallied(e: Estate) -> Tally:
    tally = Tally()
    async for bunch in e.reader.walk(ResourceFilter()):
        for resource in bunch:
            tally.tell(resource)
    return tally


def written(page: Page) -> str:
    return TemplateWriter().markdown(page)


async def test_a_section_lists_and_counts_what_there_is():
    e = await small()
    text = written(await platforms.section(e.reader, await tallied(e), "vmware"))
    values = await check(text, e.reader)
    derived = {value.text for value in values if value.proof.kind is ProofKind.DERIVED}

    assert {"4", "on (lab)", "off (lab)", "4 GiB", "16"} <= derived
    assert [v.text for v in values].count("esx-1") == 1 + 4
    assert text.count("| name |") == 3


async def test_a_long_table_stands_on_pages_of_its_own():
    e = estate()
    await e.surveyed(*(seen(vm(f"web-{n:04}")) for n in range(platforms.ROWS + 1)))
    section = await platforms.section(e.reader, await tallied(e), "vmware")
    parts = [part async for part in platforms.parts(e.reader, "vmware", "vm")]
    [table] = section.tables
    values = await check(written(parts[1].page), e.reader)

    assert (table.total.text, table.rows) == ("501", ())
    assert [cite.proof.id for cite in table.parts] == [part.document_id for part in parts]
    assert [len(part.members) for part in parts] == [platforms.ROWS, 1]
    assert values[1].text == "web-0500"


async def test_risks_name_the_resource_and_the_facts():
    e = await small()
    text = written(await risking.compose(e.reader, await tallied(e)))
    values = {value.text for value in await check(text, e.reader)}

    assert {"gold", "90 %", "esx-1", "95 %"} <= values


async def test_the_overview_leads_to_the_sections():
    e = await small()
    text = written(overviews.compose(await tallied(e), SECTIONS, await drawing.topology(e.reader)))
    values = await check(text, e.reader)
    pages = [value.text for value in values if value.proof.kind is ProofKind.PAGE]

    risks = ["0", "2", "0"]
    assert pages == [*risks, "Virtualization", "Health and risks", *risks]


async def test_the_coverage_tells_what_is_missing():
    e = estate()
    await e.surveyed(seen(vm("a")), gaps=[MissingPart(part="esx-7", reason="no | answer")])
    text = written(await covering.compose(e.reader))
    values = {value.text for value in await check(text, e.reader)}

    assert {"lab", "esx-7", "no | answer"} <= values


async def test_a_tally_that_is_told_of_changes_is_the_same_as_a_new_one():
    e = await small()
    tally = await tallied(e)
    await e.surveyed(
        seen(vm("web-1"), memory_mib=2048, power_state="off"),
        seen(vm("new"), memory_mib=1),
        vanished=[STORE],
    )
    touched = await e.reader.touched(1)
    for resource in (await e.reader.get_all([*touched.stated, *touched.measured])).values():
        tally.tell(resource)
    again = await tallied(e)

    for rule in Recipe:
        assert list(tally.numbers(rule)) == list(again.numbers(rule))
    assert tally.number(Derivation(Recipe.COUNT, "vmware", "datastore")) == 0
