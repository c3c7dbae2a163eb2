"""Dependencies: what hangs on what, and how far it would reach if a thing were gone."""

from tests.fakes.estate_samples import Estate, seen, vm
from tests.fakes.walking import check
from tests.unit.documents.test_resource_pages import HOST, estate, written
from tests.unit.drift.test_contradictions import LEAF, ONE, OTHER, SPINE, link

from datacenter_docs.adapters.writing.templates import TemplateWriter
from datacenter_docs.services import reaching
from datacenter_docs.services.composing import depending
from datacenter_docs.services.reaching import reach
from datacenter_docs.services.weaving import Weaving

STORE = "vmware:lab:datastore:ds-1"


async def reached(e: Estate, resource_id: str) -> list[tuple[str, str, int]]:
    found = await reach(e.reader, resource_id)
    return [(one.resource_id, one.through, one.steps) for one in found.affected]


async def test_a_host_takes_its_machines_with_it_and_these_their_nodes():
    e = estate()
    uuid = "42230000-0000-4000-8000-000000000001"
    node, pod = "kubernetes:k:node:n1", "kubernetes:k:pod:shop/web"
    await e.surveyed(
        seen(HOST, datastore_ids=[STORE]),
        seen(STORE),
        seen(vm("web-1"), host_id=HOST, datastore_ids=[STORE], bios_uuid=uuid),
        seen(node, system_uuid=uuid),
        seen(pod, node_id=node),
        connections=["lab", "k"],
    )

    assert await reached(e, HOST) == [(vm("web-1"), HOST, 1), (node, vm("web-1"), 2), (pod, node, 3)]  # fmt: skip
    assert await reached(e, pod) == []


async def test_a_switch_takes_the_other_ends_of_its_links_but_not_the_switches():
    e = estate()
    await e.surveyed(*link({}, {}), connections=["lan"])
    found = {one for one, _, _ in await reached(e, LEAF)}

    assert OTHER in found
    assert ONE in found
    assert SPINE not in found


async def test_circles_end_where_they_began():
    e = estate()
    await e.surveyed(seen(vm("a"), parent=vm("b")), seen(vm("b"), parent=vm("a")))
    found = await reach(e.reader, vm("a"))

    assert [one.resource_id for one in found.affected] == [vm("b")]
    assert not found.cut


async def test_what_is_too_much_is_cut_and_said_so():
    e = estate()
    many = [seen(vm(f"m-{n:03}"), host_id=HOST) for n in range(reaching.MOST + 1)]
    await e.surveyed(seen(HOST), *many)
    found = await reach(e.reader, HOST)
    text = await written(e, HOST)
    await check(text, e.reader)

    assert (len(found.affected), found.cut) == (reaching.MOST, True)
    assert "There is more; these are the nearest." in text


async def test_what_is_too_far_is_cut_and_said_so():
    e = estate()
    chain = [seen(vm("m-00"))]
    chain += [seen(vm(f"m-{n:02}"), parent=vm(f"m-{n - 1:02}")) for n in range(1, 12)]
    await e.surveyed(*chain)
    far = await reach(e.reader, vm("m-00"))
    near = await reach(e.reader, vm("m-03"))

    assert (len(far.affected), far.cut) == (reaching.FARTHEST, True)
    assert (len(near.affected), near.cut) == (8, False)


async def test_the_section_counts_the_relations_and_shows_examples():
    e = estate()
    machines = [seen(vm(f"m-{n}"), host_id=HOST) for n in range(7)]
    await e.surveyed(seen(HOST, name="esx-1"), *machines)
    weaving = Weaving(e.reader)
    await weaving.follow([], anew=True)
    text = TemplateWriter().markdown(await depending.compose(e.reader, weaving.web))
    values = {value.text: value.proof.id for value in await check(text, e.reader)}

    assert values["7"] in ("relations?of=runs_on", f"needed?of={HOST.replace(':', '%3A')}")
    assert "The first one needs the second one." in text
    assert text.count("| runs on |") == depending.EXAMPLES


async def test_a_page_tells_what_would_be_affected_and_why():
    e = estate()
    await e.surveyed(seen(HOST, name="esx-1"), seen(vm("web-1"), host_id=HOST))
    text = await written(e, HOST)
    await check(text, e.reader)
    _, _, part = text.partition("## What would be affected")

    assert "| VM | runs on | [esx-1]" in part
