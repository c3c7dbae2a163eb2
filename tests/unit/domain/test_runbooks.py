"""Runbooks: what is accepted, when one is asked, and what the reads say."""

import pytest
from pydantic import ValidationError
from tests.unit.domain.samples import PORT, resource

from datacenter_docs.domain.evaluating import evaluate, suggested_action
from datacenter_docs.domain.runbooks import Runbook, triggered

LINK = {
    "name": "link-down",
    "summary": "A port was shut.",
    "why": "The port is administratively down, so the link cannot come up.",
    "trigger": {
        "categories": ["network"],
        "all_of": [["link", "port"], ["down", "not up"]],
        "none_of": ["flapping"],
    },
    "platform": "network",
    "target_kind": "interface",
    "conditions": [
        {
            "attribute": "admin_state",
            "equals": "down",
            "says": "it is shut",
            "otherwise": "it is not shut",
            "required": True,
        },
        {
            "attribute": "peers",
            "at_least": 1,
            "says": "it has a peer",
            "otherwise": "no peer is known",
        },
    ],
    "suggests": {"operation": "enable_port"},
}
FULL = {
    **LINK,
    "name": "volume-full",
    "platform": "storage",
    "target_kind": "volume",
    "suggests": {
        "operation": "expand_volume",
        "parameters": {"size_bytes": {"fact": "size_bytes", "times": 1.2, "multiple_of": 4096}},
    },
}


def runbook(base=LINK, **changes) -> Runbook:
    return Runbook.model_validate({**base, **changes})


def holds(value, **comparison) -> bool:
    condition = {"attribute": "x", "says": "yes", "otherwise": "no", **comparison}
    return bool(evaluate(runbook(conditions=[condition]), resource(x=value)).passed)


@pytest.mark.parametrize(
    "wrong",
    [
        {"conditions": []},
        {"conditions": [{"attribute": "x", "says": "a", "otherwise": "b"}]},
        {
            "conditions": [
                {"attribute": "x", "equals": 1, "at_most": 2, "says": "a", "otherwise": "b"}
            ]
        },
        {"suggests": {"operation": "format_disk"}},
        {"suggests": {"operation": "disable_port"}},
        {"suggests": {"operation": "restart_vm"}},
        {"suggests": {"operation": "enable_port", "parameters": {"speed": 1}}},
        {"trigger": {"all_of": []}},
        {"trigger": {"all_of": [[]]}},
        {"trigger": {"all_of": [["!!"]]}},
        {"trigger": {"all_of": [["a"]], "none_of": ["?"]}},
        {"name": "Link Down"},
    ],
)
def test_a_runbook_that_could_not_work_is_refused(wrong):
    with pytest.raises(ValidationError):
        runbook(**wrong)


@pytest.mark.parametrize(
    "parameter", [{"fact": "x", "times": 0}, {"times": 2}, {"fact": "x", "multiple_of": 0}]
)
def test_a_computed_parameter_names_a_fact_and_positive_numbers(parameter):
    suggestion = {"operation": "expand_volume", "parameters": {"size_bytes": parameter}}

    with pytest.raises(ValidationError):
        runbook(FULL, suggests=suggestion)


@pytest.mark.parametrize(
    ("text", "category", "expected"),
    [
        ("The LINK is down", "network", True),
        ("port is not up", "network", True),
        ("port is up, not down-ish", "network", True),
        ("link is slow", "network", False),
        ("blink down", "network", False),
        ("link down and flapping", "network", False),
        ("link down", "storage", False),
    ],
)
def test_words_trigger_a_runbook(text, category, expected):
    assert triggered(runbook(), text, category) is expected


def test_without_categories_all_are_meant():
    assert triggered(runbook(trigger={"all_of": [["down"]]}), "down", "anything")


def test_all_conditions_confirmed_is_sure_but_never_certain():
    found = evaluate(runbook(), resource(admin_state="down", peers=1))

    assert found.fits
    assert found.confidence == 0.95
    assert [evidence.statement for evidence in found.passed] == ["it is shut", "it has a peer"]
    assert found.passed[0].resource == PORT
    assert found.passed[0].value == "down"
    assert found.passed[0].source == "lab: look"


def test_confidence_falls_with_each_condition_that_was_not_confirmed():
    found = evaluate(runbook(), resource(admin_state="down"))

    assert found.fits
    assert found.confidence == pytest.approx(0.475)
    assert [evidence.statement for evidence in found.failed] == ["no peer is known"]
    assert not found.failed[0].supports


def test_a_required_condition_that_fails_makes_it_no_candidate():
    found = evaluate(runbook(), resource(admin_state="up", peers=1))

    assert not found.fits
    assert found.confidence == 0


@pytest.mark.parametrize(
    ("value", "comparison", "expected"),
    [
        ("a", {"equals": "a"}, True),
        (True, {"equals": 1}, False),
        (1, {"equals": 1.0}, True),
        (None, {"not_equals": "a"}, False),
        ("b", {"not_equals": "a"}, True),
        ("a", {"not_equals": "a"}, False),
        (0.9, {"at_least": 0.9}, True),
        (0.8, {"at_least": 0.9}, False),
        (True, {"at_least": 0}, False),
        ("9", {"at_least": 0}, False),
        (float("nan"), {"at_least": 0}, False),
        (float("nan"), {"at_most": 0}, False),
        (5, {"at_most": 5}, True),
        ([1], {"equals": 1}, False),
    ],
)
def test_comparisons_are_strict_about_kinds(value, comparison, expected):
    assert holds(value, **comparison) is expected


def test_the_suggested_action_is_on_the_candidate():
    action = suggested_action(runbook(), resource(admin_state="down"))

    assert (action.operation, action.target, action.parameters) == ("enable_port", PORT, {})
    assert action.why == LINK["why"]
    assert action.look is None


def test_a_computed_parameter_is_rounded_up():
    action = suggested_action(runbook(FULL), resource(size_bytes=1_000_000))

    assert action.parameters == {"size_bytes": 1_200_128}


@pytest.mark.parametrize("fact", [None, "big", True, float("nan"), float("inf"), 10**400])
def test_a_fact_that_is_no_number_gives_no_action(fact):
    assert suggested_action(runbook(FULL), resource(size_bytes=fact)) is None


def test_a_text_is_taken_as_it_is_where_nothing_is_computed():
    suggestion = {
        "operation": "resize_instance",
        "parameters": {"flavor": {"fact": "larger_flavor"}},
    }
    resize = runbook(platform="openstack", target_kind="instance", suggests=suggestion)
    action = suggested_action(resize, resource(larger_flavor="m1.large"))

    assert action.parameters == {"flavor": "m1.large"}
    assert suggested_action(resize, resource(larger_flavor=None)) is None


def test_a_constant_parameter_is_taken_as_it_is():
    suggestion = {"operation": "expand_volume", "parameters": {"size_bytes": 5}}
    action = suggested_action(runbook(FULL, suggests=suggestion), resource())

    assert action.parameters == {"size_bytes": 5}


def test_a_runbook_may_suggest_nothing():
    assert suggested_action(runbook(suggests=None), resource()) is None
