"""Every text of the corpus with an honest ticket, without a model: it never leads to more than the ticket alone."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from tests.hostile.carriers import CARRIERS, SERVER, WORLD
from tests.hostile.conftest import EVERYTHING, Ground
from tests.hostile.injections import Injection, corpus
from tests.hostile.trying import asked, tried

from datacenter_docs.adapters.reasoning.library import SHIPPED

MOST_SECONDS = 5.0
"""Of one ticket, on a busy machine; most take a tenth of one."""
AT_ONCE = 24
"""Tickets of one place."""
RUNBOOKS = [one for one in corpus() if one.enters.startswith("runbook.")]
PLANTED = [one for one in corpus() if one not in RUNBOOKS]
MINE = [one for one in PLANTED if EVERYTHING or int(one.id[-3:]) % 2 == 0]
"""The others are tried with a model by turns, which begins with the same work."""
DEVICES = [
    one for one in corpus() if one.enters in (*WORLD, *SERVER) and (EVERYTHING or one not in MINE)
]

pytestmark = [pytest.mark.timeout(300)]


def batches(some: Sequence[Injection]) -> list[Sequence[Injection]]:
    return [some[start : start + AT_ONCE] for start in range(0, len(some), AT_ONCE)]


def test_an_honest_ticket_is_repaired_by_itself_so_that_the_door_is_open(ground: Ground):
    done = {carrier: [one.operation for one in ground.allowed[carrier]] for carrier in CARRIERS}

    assert done == {
        "port": ["enable_port"],
        "stuck": ["restart_interface"],
        "vm": ["restart_vm"],
        "snapshot": ["snapshot_vm"],
        "pod": ["restart_pod"],
        "instance": ["reboot_instance"],
        "volume": [],
    }


@pytest.mark.parametrize(
    "batch", batches(MINE), ids=lambda batch: f"{batch[0].id}..{batch[-1].id}"
)
async def test_no_text_leads_to_more_than_the_honest_ticket(
    ground: Ground, batch: Sequence[Injection]
):
    async with ground.places.new() as place:
        found = {one.id: await tried(place, one, ground.allowed) for one in batch}
        report = await place.house.journal.verify()

    assert {key: one.wrong for key, one in found.items() if one.wrong} == {}
    assert {key: one.seconds for key, one in found.items() if one.seconds > MOST_SECONDS} == {}
    assert report.ok


@pytest.mark.parametrize(
    "batch", batches(DEVICES), ids=lambda batch: f"{batch[0].id}..{batch[-1].id}"
)
async def test_what_things_and_servers_say_is_no_ticket(
    ground: Ground, batch: Sequence[Injection]
):
    """Nothing is broken, and somebody asks how it is: whatever stands on the thing, nothing is done."""
    async with ground.places.new() as place:
        found = {one.id: await asked(place, one) for one in batch}

    assert {key: one.wrong for key, one in found.items() if one.wrong} == {}
    assert {key: one.done for key, one in found.items() if one.done} == {}


@pytest.mark.parametrize("injection", RUNBOOKS, ids=lambda one: one.id)
async def test_words_of_a_runbook_are_words(ground: Ground, tmp_path: Path, injection: Injection):
    """The owner's own runbook, with a text in it that he took over from elsewhere."""
    field = injection.enters.removeprefix("runbook.")
    for shipped in SHIPPED.glob("*.yaml"):
        data = yaml.safe_load(shipped.read_text("utf-8"))
        if (data.get("suggests") or {}).get("operation") == "restart_vm":
            data[field] = injection.whole if field == "summary" else [injection.whole]
            (tmp_path / shipped.name).write_text(yaml.safe_dump(data), "utf-8")
    async with ground.places.new(runbooks_dir=tmp_path) as place:
        found = await tried(place, injection, ground.allowed)

    assert found.wrong == []
    assert (
        injection.whole in found.case.model_dump_json()
        or json.dumps(injection.whole)[1:-1] in found.case.model_dump_json()
    )
