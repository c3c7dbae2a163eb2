"""What a runbook may say about related things, other troubles, and numbers that grow."""

import pytest
from pydantic import ValidationError
from tests.unit.domain.samples import resource
from tests.unit.domain.test_runbooks import LINK, runbook

from datacenter_docs.domain.conditions import GROWTH
from datacenter_docs.domain.evaluating import evaluate, ruled_out, suggested_action
from datacenter_docs.domain.runbooks import triggered

PEER = {"name": "peer", "by": ["linked"], "platform": "network", "kind": "interface"}
BEYOND = {**PEER, "name": "beyond", "of": "peer"}
UP = {"attribute": "admin_state", "equals": "up", "says": "it is on", "otherwise": "it is off"}


def mistake(**changes: object) -> str:
    with pytest.raises(ValidationError) as refused:
        runbook(LINK, **changes)
    return str(refused.value)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"related": [{**PEER, "by": ["friend_of"]}]}, "'friend_of' is no relation"),
        ({"related": [{**PEER, "by": []}]}, "at least 1"),
        ({"related": [PEER, PEER]}, "the name 'peer' is taken"),
        ({"related": [{**PEER, "of": "nobody"}]}, "of 'nobody', which is not declared"),
        ({"related": [{**PEER, "of": "beyond"}, BEYOND]}, "peer -> beyond -> peer is a circle"),
        ({"related": [{**PEER, "of": "peer"}]}, "peer -> peer is a circle"),
        ({"conditions": [{**UP, "of": "peer"}]}, "'peer' is not among the related things"),
        ({"unless": [{**UP, "of": "peer"}]}, "'peer' is not among the related things"),
        ({"context": [{"attribute": "x", "of": "peer"}]}, "'peer' is not among"),
        ({"suggests": {"operation": "enable_port", "on": "peer"}}, "'peer' is not among"),
        ({"healed_when": [{**UP, "of": "peer"}], "related": [PEER]}, "healed_when"),
        ({"healed_when": [{"attribute": "x", "growing": True, "says": "a", "otherwise": "b"}]}, "healed_when"),
        ({"conditions": [{"attribute": "x", "equals": 1, "says": "a"}]}, "has no `otherwise`"),
        ({"conditions": [{**UP, "one_of": []}]}, "at least 1"),
        ({"related": [{**PEER, "platform": "vmware", "kind": "vm"}],
          "suggests": {"operation": "enable_port", "on": "peer"}}, "not for a vmware vm"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_its_own_words(changes: dict[str, object], says: str):
    assert says in mistake(**changes)


def test_a_condition_on_something_related_is_tested_there_and_one_of_several_will_do():
    book = runbook(LINK, related=[PEER], conditions=[{**UP, "of": "peer", "required": True}])
    off, on = resource(admin_state="down"), resource(admin_state="up")

    assert evaluate(book, off, {"peer": [off, on]}).fits
    assert not evaluate(book, on, {"peer": [off]}).fits
    assert not evaluate(book, on, {"peer": []}).fits
    assert not evaluate(book, on).fits


def test_what_speaks_for_another_trouble_rejects_with_its_sentence():
    book = runbook(
        LINK,
        unless=[{"attribute": "notes", "contains": ["hands off"], "says": "They say hands off."}],
    )
    found = evaluate(book, resource(admin_state="down", peers=1, notes="HANDS OFF until May"))

    assert (found.fits, found.confidence, found.because) == (False, 0.0, "They say hands off.")
    assert evaluate(book, resource(admin_state="down", peers=1, notes=None)).fits
    assert evaluate(book, resource(admin_state="down", peers=1, notes="hands offered")).fits


def test_what_fails_first_is_the_reason():
    found = evaluate(runbook(), resource(admin_state="up", peers=1))

    assert found.because == "it is not shut"


@pytest.mark.parametrize(
    ("growth", "growing", "holds"),
    [(3, True, True), (0, True, False), (0, False, True), (3, False, False), (-2, False, True),
     (None, True, False), (None, False, False)],
)  # fmt: skip
def test_a_number_grows_or_stands_still_where_it_was_watched(growth, growing, holds):
    condition = {
        "attribute": "errors",
        "growing": growing,
        "required": True,
        "says": "a",
        "otherwise": "b",
    }
    facts = {} if growth is None else {"errors" + GROWTH: growth}

    assert evaluate(runbook(conditions=[condition]), resource(errors=9, **facts)).fits is holds


def test_own_facts_can_rule_out_before_anything_is_watched_or_related():
    book = runbook(LINK, related=[PEER], conditions=[
        {**UP, "required": True}, {**UP, "of": "peer", "required": True},
        {"attribute": "errors", "growing": True, "required": True, "says": "a", "otherwise": "b"}])  # fmt: skip

    assert ruled_out(book, resource(admin_state="down"))
    assert not ruled_out(book, resource(admin_state="up"))


def test_the_action_is_for_the_related_thing_when_it_is_one_alone():
    book = runbook(LINK, related=[PEER], suggests={"operation": "enable_port", "on": "peer"})
    here, there = resource(), resource().replaced(id="network:lab:interface:r2/eth1")

    assert suggested_action(book, here, {"peer": [there]}).target == there.id
    assert suggested_action(book, here, {"peer": [there, here]}) is None
    assert suggested_action(book, here) is None


def test_what_it_was_judged_by_is_kept_with_every_thing():
    book = runbook(LINK, related=[PEER], context=[{"attribute": "mtu", "of": "peer"}])
    here, there = (
        resource(admin_state="down"),
        resource(mtu=9).replaced(id="network:lab:interface:r2/eth1"),
    )
    seen = evaluate(book, here, {"peer": [there]}).seen

    assert seen == {
        f"{here.id}#admin_state": "down",
        f"{here.id}#peers": None,
        f"{there.id}#mtu": 9,
    }


@pytest.mark.parametrize(
    ("text", "heard"),
    [("it flaps", True), ("Flapping again", True), ("an earflap", False), ("flat", False)],
)
def test_a_star_stands_for_every_ending(text: str, heard: bool):
    assert triggered(runbook(trigger={"all_of": [["flap*"]]}), text, "any") is heard
