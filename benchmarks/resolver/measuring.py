"""From results to measures. Pure."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.resolver.running import Result

BINS = 10


@dataclass(frozen=True, slots=True)
class Measures:
    """Of some tickets. Rates are 0..1; None: nothing to count. `idle_plans`: plans where nothing is to be done, executed or not."""

    tickets: int
    cause: float | None
    plan: float | None
    healed: float | None
    healable: int
    wrong_actions: int
    made_worse: int
    abstained_rightly: float | None
    should_abstain: int
    abstained_wrongly: float | None
    calls: float
    median_seconds: float
    longest_seconds: float
    brier: float | None
    ece: float | None


def measures(results: Sequence[Result]) -> Measures:
    """All measures of some results."""
    healable = [one.healed for one in results if one.healed is not None]
    idle = [one.abstained for one in results if one.should_abstain]
    acting = [one.abstained for one in results if not one.should_abstain]
    sure = [(one.confidence, one.cause_right) for one in results if one.found]
    seconds = [one.seconds for one in results]
    return Measures(
        tickets=len(results),
        cause=_share(one.cause_right for one in results),
        plan=_share(one.plan_right for one in results),
        healed=_share(bool(one) for one in healable),
        healable=len(healable),
        wrong_actions=sum(one.wrong_action for one in results),
        made_worse=sum(one.made_worse for one in results),
        abstained_rightly=_share(idle),
        should_abstain=len(idle),
        abstained_wrongly=_share(acting),
        calls=statistics.fmean(one.calls for one in results) if results else 0.0,
        median_seconds=statistics.median(seconds) if seconds else 0.0,
        longest_seconds=max(seconds, default=0.0),
        brier=brier(sure),
        ece=ece(sure),
    )


def brier(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Mean squared distance between what was promised (0..1) and what came; None: nothing was."""
    return statistics.fmean((sure - came) ** 2 for sure, came in pairs) if pairs else None


def ece(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Expected calibration error over ten equal bins: how far promise and share of the kept lie apart, weighted."""
    if not pairs:
        return None
    bins: dict[int, list[tuple[float, bool]]] = {}
    for sure, came in pairs:
        bins.setdefault(min(int(sure * BINS), BINS - 1), []).append((sure, came))
    return sum(
        len(some)
        * abs(statistics.fmean(s for s, _ in some) - statistics.fmean(c for _, c in some))
        for some in bins.values()
    ) / len(pairs)


def _share(flags: Iterable[bool]) -> float | None:
    seen = list(flags)
    return sum(seen) / len(seen) if seen else None
