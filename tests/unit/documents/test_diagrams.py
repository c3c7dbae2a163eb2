"""Pictures before they are drawn: what is in them, and that everything in them is proved."""

from tests.fakes.estate_samples import Estate, seen, vm
from tests.unit.documents.test_resource_pages import HOST, estate

from datacenter_docs.domain import diagrams
from datacenter_docs.domain.diagrams import Diagram
from datacenter_docs.domain.observed import FactId
from datacenter_docs.services.composing import drawing


def device(name: str) -> str:
    return f"network:lab:device:{name}"


def cabled(near: str, far: str) -> list:
    """Two devices, a port on each, and what the first hears on its own."""
    ports = [
        seen(f"network:lab:interface:{name}/eth{other}", name=f"eth{other}", parent=device(name))
        for name, other in ((near, far), (far, near))
    ]
    heard = seen(
        f"network:lab:neighbour:{near}/eth{far}",
        parent=device(near),
        interface=f"eth{far}",
        system_name=far,
        port_name=f"eth{near}",
    )
    return [seen(device(near), name=near), seen(device(far), name=far), *ports, heard]


async def proved(e: Estate, diagram: Diagram) -> None:
    """Every name is what its fact says, and every edge stands on facts that there are."""
    for node in diagram.nodes:
        fact = (await e.reader.fact(FactId.parse(node.name.proof.id))).fact
        assert (fact.resource_id, fact.value) == (node.id, node.name.text)
    for edge in diagram.edges:
        assert edge.proofs
        for proof in edge.proofs:
            await e.reader.fact(FactId.parse(proof))


async def test_an_interface_stands_for_its_device():
    e = estate()
    await e.surveyed(*cabled("leaf-1", "spine-1"))
    diagram = await drawing.topology(e.reader)
    await proved(e, diagram)

    assert [node.name.text for node in diagram.nodes] == ["leaf-1", "spine-1"]
    assert [(edge.left, edge.right) for edge in diagram.edges] == [
        (device("leaf-1"), device("spine-1"))
    ]
    assert diagram.complete


async def test_of_too_many_machines_those_with_most_cables_are_drawn():
    e = estate()
    every = {s.id: s for n in range(4) for s in cabled("spine", f"leaf-{n}")}
    await e.surveyed(*every.values())
    relations = [one async for some in e.reader.walk_relations() for one in some]
    known = await e.reader.get_all(list(every))
    diagram = diagrams.topology(relations, known, most=3)

    assert {node.name.text for node in diagram.nodes} == {"spine", "leaf-0", "leaf-1"}
    assert not diagram.complete


async def test_of_many_alike_neighbours_some_are_drawn():
    e = estate()
    many = diagrams.ALIKE + 1
    await e.surveyed(
        seen(HOST, name="esx-1"),
        *(seen(vm(f"web-{n}"), host_id=HOST) for n in range(many)),
    )
    relations = await e.reader.relations(HOST)
    known = await e.reader.get_all([HOST, *(vm(f"web-{n}") for n in range(many))])
    diagram = diagrams.around(HOST, relations, known)
    await proved(e, diagram)

    assert len(diagram.nodes) == 1 + diagrams.ALIKE
    assert {edge.right for edge in diagram.edges} == {HOST}
    assert not diagram.complete
