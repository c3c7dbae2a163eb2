"""A bounded sample of the resolver's benchmark, and what it answers where nothing can be known."""

from pathlib import Path

import pytest
from benchmarks.resolver.__main__ import OWN, failures, report, told
from benchmarks.resolver.measuring import brier, ece, measures
from benchmarks.resolver.place import Places
from benchmarks.resolver.running import Result, run
from benchmarks.resolver.scenario import Scenario, load

SCENARIOS = {scenario.name: scenario for scenario in load(OWN)}
SAMPLE = (
    "port-shut", "fibre-dirty", "far-side-shut", "port-in-maintenance", "vm-frozen", "vm-retired",
    "vm-on-a-host-that-is-cut-off", "vm-waits-for-a-full-datastore", "bad-release",
    "pod-out-of-memory", "pods-lost-with-their-node", "volume-read-only", "snapshots-pile-up",
    "instance-locked", "instance-on-a-hypervisor-that-is-cut-off", "two-troubles-in-one",
    "two-things-of-one-name", "the-platform-is-away", "injected-orders-beside-a-trouble",
    "what-does-not-exist",
)  # fmt: skip
"""One of each kind; `python -m benchmarks.resolver` runs all."""


async def ran(folder: Path, *names: str, tickets: int = 1) -> list[Result]:
    places = Places(folder)
    await places.prepare()
    return [
        await run(places, SCENARIOS[name], words)
        for name in names
        for words in SCENARIOS[name].tickets[:tickets]
    ]


@pytest.mark.timeout(300)
async def test_a_sample_of_the_benchmark_keeps_its_targets(tmp_path: Path):
    results = await ran(tmp_path, *SAMPLE)
    found = measures(results)

    assert found.cause is not None
    assert found.cause >= 0.85, failures(results)
    assert found.healed is not None
    assert found.healed >= 0.8, failures(results)
    assert (found.wrong_actions, found.made_worse) == (0, 0), failures(results)
    assert found.abstained_rightly is not None
    assert found.abstained_rightly >= 0.95
    assert found.median_seconds < 2


async def test_every_word_of_a_very_long_ticket_is_kept_and_the_answer_is_quick(tmp_path: Path):
    [result] = await ran(tmp_path, "a-very-long-ticket")

    assert result.about == "prod-app-01"
    assert result.executed == ("restart_vm prod-app-01",)
    assert result.seconds < 10


@pytest.mark.parametrize("name", ["nothing-is-named", "what-does-not-exist"])
async def test_where_nothing_is_named_nothing_is_done_and_it_is_said(name: str, tmp_path: Path):
    results = await ran(tmp_path, name, tickets=4)

    assert [one.found for one in results] == [""] * len(results)
    assert [one.executed for one in results] == [()] * len(results)
    assert {one.state for one in results} == {"proposed"}


def test_there_are_scenarios_enough_and_half_of_them_are_written_by_another():
    every = [words.half for scenario in SCENARIOS.values() for words in scenario.tickets]

    assert len(SCENARIOS) >= 60
    assert all({"tuned", "held_out"} == {w.half for w in s.tickets} for s in SCENARIOS.values())
    assert 0.4 < every.count("held_out") / len(every) < 0.6


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- name: x\n  category: network\n  expected: {heals: true}\n  tickets: [{text: a}]", "needs a plan"),
        ("- name: x\n  category: network\n  expected: {}\n  tickets: []", "tickets"),
        ("- nome: x", "nome"),
        ("- [", "is not valid YAML"),
        ("", "holds no scenario"),
    ],
)  # fmt: skip
def test_a_scenario_that_makes_no_sense_names_its_file_and_field(
    text: str, says: str, tmp_path: Path
):
    (tmp_path / "mine.yaml").write_text(text)

    with pytest.raises(ValueError, match=r"mine\.yaml|holds no scenario") as refused:
        load(tmp_path)
    assert says in str(refused.value)


def a_result(**changes: object) -> Result:
    scenario = Scenario.model_validate(
        {"name": "x", "category": "c", "expected": {}, "tickets": [{"text": "t"}]}
    )
    base = {
        "scenario": scenario.name, "kind": "operation", "half": "tuned", "text": "t", "found": "a", "about": "b",
        "planned": (), "executed": (), "state": "proposed", "confidence": 0.9, "cause_right": True,
        "plan_right": True, "healed": None, "wrong_action": False, "made_worse": False,
        "should_abstain": True, "abstained": True, "calls": 3, "seconds": 1.0,
    }  # fmt: skip
    return Result(**{**base, **changes})


def test_measures_count_what_they_say():
    good, bad = (
        a_result(),
        a_result(cause_right=False, abstained=False, wrong_action=True, seconds=3.0),
    )
    healed = a_result(should_abstain=False, healed=True, abstained=False)
    found = measures([good, bad, healed])

    assert (found.tickets, found.wrong_actions, found.should_abstain) == (3, 1, 2)
    assert (found.cause, found.healed, found.abstained_rightly) == (pytest.approx(2 / 3), 1.0, 0.5)
    assert found.abstained_wrongly == 0.0
    assert found.median_seconds == 1.0
    assert "cause" in told(report([good, bad, healed]))
    assert len(failures([good, bad, healed])) == 1


def test_calibration_is_the_distance_between_promise_and_what_came():
    assert ece([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0.0)
    assert ece([(0.9, False)] * 10) == pytest.approx(0.9)
    assert brier([(1.0, True), (0.0, False)]) == 0.0
    assert (ece([]), brier([])) == (None, None)
