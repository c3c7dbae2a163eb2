"""Every shipped runbook on the demo datacenter: a ticket in a user's words finds it, one about something else does not, and
what it asks for is what the rooms report.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from benchmarks.resolver.__main__ import OWN
from benchmarks.resolver.place import BORN, NOW
from benchmarks.resolver.running import broken, filled
from benchmarks.resolver.scenario import Scenario, load

from datacenter_docs.adapters.reasoning import library
from datacenter_docs.bootstrap import open_resolver, read_settings
from datacenter_docs.domain.runbooks import Runbook, triggered
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.entrypoints.demo.near import NearSession
from datacenter_docs.ports.reasoning import Resolver
from datacenter_mcp.contract.vocabulary.platforms import VOCABULARIES
from datacenter_mcp.demo.store import Origin, Reading
from datacenter_mcp.demo.world import World

BOOKS = {book.name: book for book in library.load(library.SHIPPED)}
SCENARIOS = {scenario.name: scenario for scenario in load(OWN)}
BY_ITSELF = {
    "datastore-full": "datastore-full",
    "deployment-degraded": "pod-hung-told-of-its-deployment",
    "host-not-responding": "host-port-shut",
    "hypervisor-down": "hypervisor-cut-off",
    "instance-on-lost-hypervisor": "instance-on-a-hypervisor-that-is-cut-off",
    "interface-down-enabled": "port-stuck",
    "pod-image-missing": "image-missing",
    "pod-of-bad-release": "pod-of-a-bad-release",
    "pod-on-lost-node": "node-frozen",
    "pod-over-memory-limit": "pod-out-of-memory",
    "port-far-side-shut": "far-side-shut",
    "statefulset-degraded": "statefulset-pod-hung",
    "vm-alarm-on-cluster": "host-off",
    "vm-cut-off": "host-port-shut",
    "vm-waits-for-answer": "datastore-full",
}
"""Runbooks that lead further down or share a situation with another, and the one that each finds when it stands alone."""
SPOKEN = {
    "interface-down-enabled": "The port sw2 eth6 is down, though it is enabled.",
    "pod-image-missing": "The pod {pod} cannot pull its image.",
    "pod-of-bad-release": "The pod {pod} is crashing.",
    "pod-on-lost-node": "The pod {pod} does not answer, it is lost.",
    "pod-over-memory-limit": "The pod {pod} crashes, OOMKilled.",
    "vm-alarm-on-cluster": "An alarm stands on the cluster named cluster.",
    "vm-cut-off": "The VM mail-01 is disconnected.",
    "vm-waits-for-answer": "The VM files-01 stands still.",
}
"""What is written about them, where the situation's own tickets speak of something else."""
NOT_IN_THE_WORLD = {
    "snapshots-of-vm-old": "VMs of the demo have no snapshots that are older than a month",
    "volume-inodes-short": "file systems of the demo never run out of inodes",
}
ELSEWHERE = "The printer on the third floor prints blank pages, please send somebody."


@asynccontextmanager
async def resolving(
    folder: Path, scenario: Scenario, books: list[Runbook]
) -> AsyncIterator[tuple[Resolver, World, list[str]]]:
    """A resolver with some runbooks, on a world in which the scenario happened; the names of what it befell."""
    settings = read_settings(demo=True, data_dir=folder)
    origin = Origin(seed=scenario.seed, size=scenario.size, born=BORN)
    world = World.create(settings.world_file, origin, Reading(real=0, world=NOW, rate=0))
    names = broken(world, scenario)
    now = NOW + scenario.later_seconds
    world.set_clock(now, 0)

    async def later(seconds: float) -> None:
        world.set_clock(world.view().now + seconds, 0)

    try:
        async with open_resolver(
            settings, books, lambda p, c: NearSession(p, c, settings.world_file), later
        ) as resolver:
            yield resolver, world, list(names)
    finally:
        world.close()


def situation(name: str) -> Scenario:
    """Where the runbook is the answer."""
    if name in BY_ITSELF:
        return SCENARIOS[BY_ITSELF[name]]
    return next(one for one in SCENARIOS.values() if name in one.expected.causes)


def pod_of(world: World, scenario: Scenario) -> str:
    """The native id of a pod that the scenario made ill."""
    view = world.view()
    ill = [key for key in view.keys("kubernetes:pod") if not view.get(key, "ready")]
    return min(ill).split(":", 2)[2] if ill else ""


def request(text: str, category: str) -> TicketRequest:
    return TicketRequest(ticket_id="T-1", description=text, category=category)


@pytest.mark.parametrize("name", sorted(BOOKS.keys() - NOT_IN_THE_WORLD))
async def test_a_ticket_in_a_users_words_finds_it_and_another_does_not(name: str, tmp_path: Path):
    scenario, book = situation(name), BOOKS[name]
    async with resolving(tmp_path, scenario, [book]) as (resolver, world, names):
        tickets = [
            filled(words.text, names) for words in scenario.tickets if words.half == "tuned"
        ]
        if name in SPOKEN:
            tickets = [SPOKEN[name].replace("{pod}", pod_of(world, scenario))]
        answers = [await resolver.resolve(request(text, scenario.category)) for text in tickets]
        other = await resolver.resolve(request(ELSEWHERE, scenario.category))

    found = [answer for answer in answers if answer.resolver == f"runbook:{name}"]
    assert found, [answer.summary for answer in answers]
    assert found[0].evidence
    assert all(item.supports for item in found[0].evidence[: len(book.conditions)])
    assert not triggered(book, ELSEWHERE, scenario.category)
    assert other.cause is None


@pytest.mark.parametrize("name", sorted(BOOKS))
def test_what_it_asks_for_is_what_the_rooms_report(name: str):
    book = BOOKS[name]
    asked = [
        (one.of, one.attribute) for one in (*book.conditions, *book.unless, *book.healed_when)
    ]
    asked += [(one.of, one.attribute) for one in book.context]
    unknown = [
        f"{platform} {kind}: {attribute}"
        for of, attribute in asked
        for platform, kind in [book.place(of)]
        if attribute not in VOCABULARIES[platform][kind].attributes
    ]

    assert unknown == []


def test_no_exception_is_out_of_date():
    assert NOT_IN_THE_WORLD.keys() <= BOOKS.keys()
    assert BY_ITSELF.keys() <= BOOKS.keys()
    assert SPOKEN.keys() <= BY_ITSELF.keys()


def test_there_are_as_many_as_were_promised():
    assert len(BOOKS) >= 40
