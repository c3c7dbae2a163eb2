"""Scores held against what happened: the map is monotonic, honest about few outcomes, and judged on others than its own."""

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.clock import NOON

from datacenter_docs.domain.calibration import (
    BINS,
    ENOUGH,
    Hindsight,
    Measures,
    fit,
    measures,
    probability,
    report,
)

many = st.lists(
    st.builds(Hindsight, st.floats(0, 100), st.booleans()), min_size=ENOUGH, max_size=2 * ENOUGH
)


def overconfident(count: int, seed: int = 1) -> list[Hindsight]:
    """Scores of 50..100 that come true only half as often above 50 as they say."""
    dice = random.Random(seed)
    scores = [dice.uniform(50, 100) for _ in range(count)]
    return [Hindsight(score, dice.random() < (score - 50) / 100) for score in scores]


@settings(max_examples=30, deadline=None)
@given(many, st.floats(0, 100), st.floats(0, 100))
def test_a_higher_score_never_means_less(outcomes: list[Hindsight], one: float, other: float):
    fitted = fit(outcomes, NOON)
    lower, higher = sorted((one, other))

    assert fitted is not None
    assert 0 < probability(fitted, lower) <= probability(fitted, higher) < 1


def test_too_few_outcomes_make_no_map_and_it_says_how_many_are_missing():
    few = report(overconfident(ENOUGH - 1), NOON)

    assert (few.calibration, few.calibrated, few.missing) == (None, None, 1)
    assert few.raw is not None
    assert report(overconfident(ENOUGH), NOON).calibration is not None


def test_nothing_is_known_of_nothing():
    nothing = report([], NOON)

    assert (nothing.outcomes, nothing.share, nothing.raw) == (0, None, None)
    assert [one.outcomes for one in nothing.bins] == [0] * BINS


def test_a_map_of_few_outcomes_claims_no_certainty():
    fitted = fit([Hindsight(99.0, true=True)] * ENOUGH, NOON)

    assert fitted is not None
    assert probability(fitted, 100) == (ENOUGH + 1) / (ENOUGH + 2)


def test_calibrating_mends_a_score_that_says_too_much():
    told = report(overconfident(1_000), NOON)

    assert told.raw is not None
    assert told.calibrated is not None
    assert told.raw.ece > 0.3
    assert told.calibrated.ece < 0.05
    assert told.calibrated.brier < told.raw.brier


def test_what_is_said_of_the_map_comes_from_outcomes_that_it_was_not_fitted_on():
    """Pure chance: a map judged on its own outcomes would look better than chance, and this one must not."""
    dice = random.Random(2)
    chance = [Hindsight(dice.uniform(0, 100), dice.random() < 0.5) for _ in range(ENOUGH)]
    told = report(chance, NOON)
    fitted = fit(chance, NOON)

    assert told.calibrated is not None
    assert fitted is not None
    own = measures([probability(fitted, one.score) for one in chance], chance)
    assert own.brier < told.calibrated.brier
    assert told.calibrated.brier > 0.25


def test_measures_are_what_they_say():
    outcomes = [Hindsight(90, true=True), Hindsight(90, true=False), Hindsight(10, true=False)]

    assert measures([0.9, 0.9, 0.1], outcomes) == Measures(
        brier=round((0.01 + 0.81 + 0.01) / 3, 6), ece=round((0.8 + 0.1) / 3, 6)
    )


def test_the_version_names_what_it_was_fitted_on_and_not_when():
    outcomes = overconfident(ENOUGH)
    first, again = fit(outcomes, NOON), fit(outcomes, NOON + timedelta(days=1))
    other = fit([*outcomes, Hindsight(50, true=True)], NOON)

    assert first is not None
    assert again is not None
    assert other is not None
    assert first.version == again.version != other.version


def test_the_last_bin_holds_the_highest_score():
    told = report([Hindsight(100, true=True)], NOON)

    assert told.bins[-1].outcomes == 1
    assert told.bins[-1].share == 1.0
