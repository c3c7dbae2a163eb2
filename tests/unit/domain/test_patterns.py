"""Standing of patterns."""

import pytest
from tests.unit.domain.samples import pattern

from datacenter_docs.domain.patterns import Thresholds, standing


def test_a_good_pattern_is_eligible_and_autonomous():
    found = standing(pattern())

    assert found.eligible
    assert found.autonomous
    assert found.missing == ()


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"occurrences": 4}, "seen 4 times, 5 are needed"),
        ({"positive": 84, "negative": 16}, "positive feedback 84.0%"),
        ({"positive": 0, "negative": 0}, "positive feedback not known"),
        ({"reliability_sum": 30 * 84.9}, "average reliability 84.9"),
        ({"reliability_count": 0}, "average reliability not known"),
        ({"reliability_sum": float("nan")}, "average reliability nan"),
        ({"executions": 20, "executions_succeeded": 16}, "80.0% of its executions"),
        ({"last_verification_failed": True}, "verification of its last execution failed"),
        ({"automation_forbidden": True}, "a person has forbidden"),
    ],
)
def test_each_requirement_that_is_not_met_is_named(changes, missing):
    found = standing(pattern(**changes))

    assert not found.eligible
    assert not found.autonomous
    assert len(found.missing) == 1
    assert missing in found.missing[0]


def test_the_first_execution_needs_no_success_rate():
    fresh = standing(pattern(executions=0, executions_succeeded=0))

    assert fresh.eligible
    assert not fresh.autonomous


def test_autonomy_begins_at_twenty_occurrences_and_ninety_percent():
    assert standing(pattern(occurrences=20, executions=10, executions_succeeded=9)).autonomous
    assert not standing(pattern(occurrences=19)).autonomous
    nearly = standing(pattern(executions=100, executions_succeeded=89))
    assert nearly.eligible
    assert not nearly.autonomous


def test_the_thresholds_are_the_owners():
    strict = Thresholds(min_occurrences=50)

    assert not standing(pattern(), strict).eligible


def test_rates_are_shares_or_not_known():
    subject = pattern(
        rating_sum=9.0, rating_count=2, confidence_sum=1.8, confidence_count=2, failed=10
    )

    assert subject.average_rating == 4.5
    assert subject.average_confidence == 0.9
    assert subject.resolution_rate == 0.75
    assert pattern(resolved=0).resolution_rate is None
