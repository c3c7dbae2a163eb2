"""The score's formulas, scopes, priors and intervals, against values worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.unit.domain.samples import NOW, factor, feedback, match, pattern

from datacenter_docs.domain.factors import (
    ai_factor,
    feedback_factor,
    history_factor,
    pattern_factor,
)
from datacenter_docs.domain.intervals import beta_quantile, credible_interval, regularised_beta
from datacenter_docs.domain.patterns import Match
from datacenter_docs.domain.reliability import (
    ConfidenceLevel,
    Weights,
    breakdown,
    combined,
    level_of,
    score,
)


def said(ticket=(), pattern=(), category=(), **changes):
    return feedback_factor(
        **{"ticket": ticket, "pattern": pattern, "category": category, "now": NOW, **changes}
    )


def scored(**changes):
    return score(
        **{
            "ai_confidence": 0.92,
            "ticket_feedback": (),
            "pattern_feedback": (),
            "category_feedback": (),
            "resolved": 0,
            "closed": 0,
            "match": None,
            "now": NOW,
            **changes,
        }
    )


def test_the_overall_score_is_the_weighted_sum():
    result = combined(
        ai_confidence=factor(92),
        human_feedback=factor(85),
        success_history=factor(90),
        pattern_match=factor(82),
    )

    assert result.overall_score == 87.4
    assert result.without_ai == round((0.30 * 85 + 0.25 * 90 + 0.20 * 82) / 0.75, 1)
    assert result.confidence_level is ConfidenceLevel.HIGH
    assert result.low < result.overall_score < result.high


def test_the_breakdown_has_the_shape_of_the_seed_and_more():
    shown = breakdown(scored(resolved=9, closed=10, match=match(similarity=0.75)))

    assert shown["overall_score"] == 76.9
    assert shown["confidence_level"] == "high"
    assert shown["breakdown"] == {
        "ai_confidence": "92%",
        "human_validation": "50%",
        "success_history": "90%",
        "pattern_recognition": "82%",
    }
    assert shown["prior"] is True
    assert shown["factors"]["success_history"]["sample_size"] == 10
    assert shown["factors"]["human_validation"]["prior"] is True
    assert shown["interval"][0] < 76.9 < shown["interval"][1]


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (100, "very_high"),
        (90, "very_high"),
        (89.9, "high"),
        (75, "high"),
        (74.9, "medium"),
        (60, "medium"),
        (59.9, "low"),
        (0, "low"),
        (math.nan, "low"),
    ],
)
def test_levels_begin_where_the_seed_says(value, level):
    assert level_of(value) == level


@pytest.mark.parametrize(
    "weights",
    [
        {"ai_confidence": 0.3},
        {"ai_confidence": -0.1, "human_feedback": 0.65},
        {"ai_confidence": math.nan},
    ],
)
def test_weights_must_sum_to_one_and_none_is_negative(weights):
    with pytest.raises(ValidationError):
        Weights(**weights)


def test_weights_that_trust_the_model_alone_leave_nothing_without_it():
    alone = Weights(ai_confidence=1, human_feedback=0, success_history=0, pattern_match=0)
    result = scored(weights=alone)

    assert (result.overall_score, result.without_ai, result.without_ai_low) == (92.0, 0.0, 0.0)


def test_nothing_known_takes_the_neutral_prior():
    result = scored(ai_confidence=None)

    assert result.human_feedback.value == result.success_history.value == 50
    assert result.human_feedback.prior
    assert result.success_history.prior
    assert result.pattern_match.value == 0
    assert result.overall_score == 27.5


@pytest.mark.parametrize("confidence", [None, math.nan, -0.1, 1.1, math.inf])
def test_an_unusable_confidence_counts_as_none(confidence):
    assert ai_factor(confidence, closed=3).value == 0


def test_the_models_word_is_as_well_known_as_the_tickets_it_was_tested_on():
    untested, tested = ai_factor(0.9, closed=0), ai_factor(0.9, closed=1_000)

    assert untested.value == tested.value == 90
    assert tested.high - tested.low < 4 < untested.high - untested.low


def test_history_is_resolved_of_closed():
    found = history_factor(resolved=45, closed=50)

    assert (found.value, found.sample_size, found.prior) == (90.0, 50, False)
    assert history_factor(resolved=6, closed=5).value == 0
    assert history_factor(resolved=-1, closed=5).value == 0


def test_feedback_is_the_mean_of_positive_rate_and_rating():
    words = [feedback(rating=5), feedback("negative", rating=2)]

    assert said(words).value == pytest.approx((50 + 70) / 2)
    assert said([feedback(), feedback("negative")]).value == 50
    assert said([feedback(rating=4), feedback()]).value == pytest.approx((100 + 80) / 2)


def test_a_positive_that_did_not_work_counts_as_neutral_and_neutral_is_not_positive():
    assert said([feedback(actions_worked=False)]).value == 0
    assert said([feedback(resolution_accurate=False)]).value == 0
    assert said([feedback("neutral"), feedback()]).value == 50


def test_after_a_half_life_a_word_counts_half():
    words = [feedback(days_ago=30), feedback("negative")]

    assert said(words).value == pytest.approx(100 / 3)
    assert said(words, half_life_days=15).value == pytest.approx(20)


def test_words_of_the_future_count_as_of_now_and_ancient_ones_not_at_all():
    assert said([feedback(days_ago=-5), feedback("negative")]).value == 50
    assert said([feedback(days_ago=200_000)]).prior


def test_a_half_life_is_more_than_nothing():
    with pytest.raises(ValueError, match="half-life"):
        said([feedback()], half_life_days=0)


def test_the_nearest_scope_that_has_enough_speaks():
    bad, good = [feedback("negative")], [feedback()] * 3

    assert said(bad, good, good).scope == "ticket"
    assert said((), good, bad).scope == "pattern"
    assert said((), good[:2], bad).scope == "category"
    assert said((), good[:2], ()).prior


def test_times_without_zone_are_taken_for_utc():
    naive = feedback().replaced(given_at=NOW.replace(tzinfo=None))

    assert said([naive]).value == 100
    assert said([feedback()], now=NOW.replace(tzinfo=None)).value == 100


def test_a_pattern_counts_from_three_tickets_on():
    young = pattern(occurrences=2)

    assert pattern_factor(match(pattern=young)).value == 0
    assert pattern_factor(match(pattern=pattern(occurrences=3, positive=0))).value == 100
    assert pattern_factor(None).value == pattern_factor(Match(pattern=None, similarity=1)).value
    assert pattern_factor(match(similarity=math.nan)).value == 0


def test_positive_feedback_boosts_a_match_by_a_tenth_at_most():
    liked = pattern(positive=10, negative=0)
    mixed = pattern(positive=5, negative=5)

    assert pattern_factor(match(pattern=liked, similarity=0.8)).value == pytest.approx(88)
    assert pattern_factor(match(pattern=mixed, similarity=0.8)).value == pytest.approx(84)
    assert pattern_factor(match(pattern=liked, similarity=0.99)).value == 100


@pytest.mark.parametrize(
    ("probability", "alpha", "beta", "expected"),
    [
        (0.05, 0.5, 0.5, math.sin(math.pi * 0.05 / 2) ** 2),
        (0.95, 0.5, 0.5, math.sin(math.pi * 0.95 / 2) ** 2),
        (0.05, 7, 1, 0.05 ** (1 / 7)),
        (0.95, 1, 1e6, 1 - 0.05**1e-6),
        (0.5, 3, 3, 0.5),
        (0.6875, 2, 3, 0.5),
        (0.3, 1, 1, 0.3),
    ],
)
def test_quantiles_have_their_known_values(probability, alpha, beta, expected):
    assert beta_quantile(probability, alpha, beta) == pytest.approx(expected, abs=1e-10)


def test_the_incomplete_beta_has_its_known_values():
    assert regularised_beta(0.5, 2, 3) == pytest.approx(0.6875)
    assert regularised_beta(0, 2, 3) == 0
    assert regularised_beta(1, 2, 3) == 1


@given(
    st.floats(0.001, 0.999),
    st.floats(0.5, 1e5),
    st.floats(0.5, 1e5),
)
def test_a_quantile_is_the_inverse_of_the_distribution(probability, alpha, beta):
    x = beta_quantile(probability, alpha, beta)

    assert regularised_beta(x, alpha, beta) == pytest.approx(probability, abs=1e-6)


@given(st.floats(0, 1), st.floats(0, 1e6))
def test_an_interval_contains_the_share_and_narrows_with_the_sample(share, size):
    low, high = credible_interval(share, size)
    narrow_low, narrow_high = credible_interval(share, size * 10 + 10)

    assert 0 <= low <= share <= high <= 1
    assert narrow_high - narrow_low <= high - low + 1e-9
