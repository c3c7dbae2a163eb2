"""Standing and matching of patterns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.samples import pattern

from datacenter_docs.domain.matching import (
    MAX_TERMS,
    THRESHOLD,
    key_terms,
    match,
    signature,
    similarity,
    weighted,
)
from datacenter_docs.domain.patterns import Thresholds, standing


def alike(left: str, right: str, category: str = "network") -> float:
    return similarity(weighted(key_terms(left, category)), weighted(key_terms(right, category)))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("link between r1 and r2 is down", "r3 - r4 link down"),
        ("Link between r1 and r2 is down!", "the LINK r7-r9 went down at 12:30:05"),
        ("Interface eth1 is down", "port ge-0/0/3 down"),
        ("volume data1 is 95% full", "The volume /srv/data2 is full"),
        ("service not responding on port 8080", "service on port 443 is not responding"),
        ("errors on interface eth0", "interface eth7: error"),
    ],
)
def test_a_rephrased_ticket_finds_its_pattern(left, right):
    assert alike(left, right) >= THRESHOLD


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("port down", "port flapping"),
        ("snapshot too old", "snapshot failed"),
        ("link is down", "link is not down"),
        ("link is down", "it is down"),
        ("ipv4 route lost", "ipv6 route lost"),
        (
            "uplink port of the core switch of the customer network in the main hall is down",
            "uplink port of the core switch of the customer network in the main hall is flapping",
        ),
        ("", ""),
    ],
)
def test_another_trouble_does_not(left, right):
    assert alike(left, right) < THRESHOLD


def test_what_differs_from_ticket_to_ticket_is_masked():
    text = (
        "Ticket INC-42: link r1.example.com -> 10.0.0.1 (fe80::1, 00:11:22:33:44:55) down since "
        "2026-03-04T12:00:00Z, see https://wiki.example.com/x or mail noc@example.com, /var/log/x"
    )

    assert key_terms(text, "network") == ("down", "link", "mail")


def test_the_name_of_the_category_says_nothing():
    assert key_terms("network link down", "network") == ("down", "link")


def test_only_the_first_terms_of_a_long_text_count():
    text = " ".join(f"{a}{b}x" for a in "abcdefghij" for b in "klmnopqrst")

    assert len(key_terms(text * 100, "network")) == MAX_TERMS


def test_a_signature_depends_on_category_and_terms_but_not_on_their_order():
    assert signature("network", ("a", "b")) == signature("network", ("b", "a"))
    assert signature("network", ("a",)) != signature("storage", ("a",))
    assert len(signature("network", ())) == 64


def test_the_best_pattern_of_the_category_is_found():
    down = pattern(pattern_id="down", key_terms=("down", "link"))
    flap = pattern(pattern_id="flap", key_terms=("flap", "link"))
    other = pattern(pattern_id="other", category="storage")
    found = match("r1 to r2: link down", "network", [other, flap, down])

    assert found.pattern == down
    assert found.similarity == 1
    assert found.terms == ("down", "link")
    assert not found.uncertain


def test_a_near_tie_is_uncertain_and_goes_to_the_smaller_id():
    twins = [pattern(pattern_id=name, key_terms=("down", "link")) for name in ("b", "a")]
    found = match("link down", "network", twins)

    assert found.uncertain
    assert found.pattern.pattern_id == "a"


def test_nothing_alike_is_a_new_pattern():
    assert match("link down", "network", []).pattern is None
    far = match("fan failed in rack", "network", [pattern()])
    assert far.pattern is None
    assert far.similarity < THRESHOLD


def test_the_prototype_decides_where_a_pattern_has_one():
    learned = pattern(key_terms=("x",), terms={"down": 2.0, "link": 1.0})

    assert match("link down", "network", [learned]).terms == ("down", "link")


@given(st.text(max_size=300), st.text(max_size=300))
def test_similarity_is_symmetric_and_within_bounds(left, right):
    assert alike(left, right) == alike(right, left)
    assert 0 <= alike(left, right) <= 1


def test_weights_of_nothing_are_not_alike():
    assert similarity({"a": 0.0, "b": 0.0}, {"a": 0.0, "b": 0.0, "c": 0.0}) == 0


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
