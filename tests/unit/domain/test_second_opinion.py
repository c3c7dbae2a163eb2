"""What stands of two diagnoses: the model may make the product less sure, and never more free."""

from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.samples import a_diagnosis

from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.domain.second_opinion import alone, joined

OFFLINE = a_diagnosis(0.9)
OTHER = Plan(
    actions=(Action(operation="restart_interface", target="network:lab:interface:r1/eth2"),)
)
NOTHING = Plan()
NOT_KNOWN = Diagnosis(summary="Not known.", unknowns=("Which one?",))


def of_model(
    plan: Plan = NOTHING, cause: str | None = "A cause.", confidence: float = 0.8
) -> Diagnosis:
    return Diagnosis(
        summary="Said.", cause=cause, confidence=confidence, plan=plan, resolver="model:m"
    )


def test_where_both_plan_the_same_the_less_sure_of_the_two_counts():
    surer = joined(OFFLINE, of_model(OFFLINE.plan, confidence=1.0))
    both = joined(OFFLINE, of_model(OFFLINE.plan, confidence=0.4))

    assert surer.confidence == OFFLINE.confidence
    assert (both.confidence, both.plan, both.plan.confirmed) == (0.4, OFFLINE.plan, True)
    assert both.resolver == "runbook:interface-down, model:m"


def test_where_they_disagree_the_confirmed_plan_stays_and_is_trusted_less():
    both = joined(OFFLINE, of_model(OTHER, confidence=0.8))

    assert both.plan == OFFLINE.plan
    assert both.confidence == 0.2
    assert "restart_interface" in both.unknowns[0]


def test_what_the_model_alone_proposes_was_confirmed_by_nothing():
    both = joined(NOT_KNOWN, of_model(OTHER))

    assert both.plan.actions == OTHER.actions
    assert not both.plan.confirmed
    assert "Which one?" in both.unknowns


def test_a_model_without_a_cause_leaves_all_but_the_confidence():
    both = joined(OFFLINE, of_model(cause=None, confidence=0.0))

    assert (both.plan, both.cause, both.confidence) == (OFFLINE.plan, OFFLINE.cause, 0.0)


def test_without_the_model_everything_stands_and_says_so():
    both = alone(OFFLINE, "it did not answer.")

    assert both.replaced(unknowns=OFFLINE.unknowns) == OFFLINE
    assert both.unknowns[-1] == "Without the model: it did not answer."


@given(
    st.sampled_from([OFFLINE, NOT_KNOWN, a_diagnosis(0.1)]),
    st.sampled_from([Plan(), OTHER, OFFLINE.plan]),
    st.sampled_from([None, "A cause."]),
    st.floats(0, 1),
)
def test_a_model_never_adds_a_confirmed_action(
    offline: Diagnosis, plan: Plan, cause: str | None, confidence: float
):
    both = joined(offline, of_model(plan if cause else Plan(), cause, confidence))

    assert 0 <= both.confidence <= 1
    if offline.cause:
        assert both.confidence <= offline.confidence
    if both.plan.confirmed:
        assert all(action in offline.plan.actions for action in both.plan.actions)
