"""How sure is a share that was counted? Credible intervals of the Beta distribution, without a numerics library.

The prior is Jeffreys' Beta(1/2, 1/2). The quantile is found on the regularised incomplete beta function, which is
computed by its continued fraction (DLMF 8.17.22) with the modified Lentz method.
"""

import math
from functools import lru_cache
from statistics import NormalDist

MASS = 0.90
"""The probability that an interval covers, equally much left out on both sides."""

_PRECISION = 1e-10
"""Of a quantile, as a part of its distance from the nearer end."""
_EPSILON = 1e-14
_TINY = 1e-300
"""Stands for zero where the fraction would divide by it: one plus something is either zero or far from it."""
_MAX_TERMS = 100_000


@lru_cache(maxsize=4_096)
def credible_interval(share: float, sample_size: float) -> tuple[float, float]:
    """The 90 % credible interval of a share (0..1) seen in a sample; always contains the share.

    A sample of 0 gives nearly the whole range. A fractional sample is allowed: old observations count less than one.
    """
    successes = share * sample_size
    alpha, beta = successes + 0.5, sample_size - successes + 0.5
    low = beta_quantile((1 - MASS) / 2, alpha, beta)
    high = beta_quantile((1 + MASS) / 2, alpha, beta)
    return min(low, share), max(high, share)


def beta_quantile(probability: float, alpha: float, beta: float) -> float:
    """The x at which the Beta(alpha, beta) distribution has accumulated `probability` (0..1, neither of them).

    Halley's steps from where a normal distribution would have it, kept inside a bracket that shrinks at every step, so
    that it ends for every shape.
    """
    low, high = 0.0, 1.0
    x = _as_if_normal(probability, alpha, beta)
    for _ in range(
        200
    ):  # pragma: no branch -- a bound against endless loops; about five are taken
        error = regularised_beta(x, alpha, beta) - probability
        if error > 0:
            high = x
        else:
            low = x
        precision = _PRECISION * min(x, 1 - x)
        if high - low < precision:
            break
        density = math.exp(_log_density(x, alpha, beta))
        step = error / density if density > 0 else math.inf
        bend = step * ((alpha - 1) / x - (beta - 1) / (1 - x)) / 2
        following = x - step / (1 - min(bend, 0.5))
        if abs(following - x) <= precision:
            return following
        x = following if low < following < high else (low + high) / 2
    return (low + high) / 2


def _as_if_normal(probability: float, alpha: float, beta: float) -> float:
    """Where a normal distribution of the same mean and variance has the quantile; well inside of 0..1."""
    count = alpha + beta
    mean = alpha / count
    deviation = math.sqrt(mean * (1 - mean) / (count + 1))
    guess = mean + NormalDist().inv_cdf(probability) * deviation
    return min(max(guess, mean / 16), 1 - (1 - mean) / 16)


def regularised_beta(x: float, alpha: float, beta: float) -> float:
    """The probability that a Beta(alpha, beta) variable is at most x (0..1)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (alpha + 1) / (alpha + beta + 2):
        return 1 - regularised_beta(1 - x, beta, alpha)
    front = math.exp(_log_density(x, alpha, beta) + math.log(x) + math.log1p(-x)) / alpha
    return front * _continued_fraction(x, alpha, beta)


def _log_density(x: float, alpha: float, beta: float) -> float:
    return (
        math.lgamma(alpha + beta)
        - math.lgamma(alpha)
        - math.lgamma(beta)
        + (alpha - 1) * math.log(x)
        + (beta - 1) * math.log1p(-x)
    )


def _continued_fraction(x: float, alpha: float, beta: float) -> float:
    """The fraction's value; needs about the square root of the larger shape many terms."""
    numerator, denominator = 1.0, (1 - (alpha + beta) * x / (alpha + 1)) or _TINY
    denominator = 1 / denominator
    value = denominator
    for m in range(1, _MAX_TERMS):  # pragma: no branch -- a bound against endless loops
        even = m * (beta - m) * x / ((alpha + 2 * m - 1) * (alpha + 2 * m))
        odd = -(alpha + m) * (alpha + beta + m) * x / ((alpha + 2 * m) * (alpha + 2 * m + 1))
        for term in (even, odd):
            denominator = 1 / ((1 + term * denominator) or _TINY)
            numerator = (1 + term / numerator) or _TINY
            change = denominator * numerator
            value *= change
        if abs(change - 1) < _EPSILON:
            break
    return value
