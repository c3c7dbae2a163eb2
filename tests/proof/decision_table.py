"""The decision as a table of truth, written from the specification and not from the code: what it says is compared with it.

Knows nothing of policies, scores or patterns as values; a situation is what the specification tells apart, no more.
"""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """Where a score lies: under the least that a policy wants, between that and its threshold, at the threshold or above."""

    LOW = 0
    MIDDLE = 1
    HIGH = 2


@dataclass(frozen=True)
class Situation:
    """All that section 4 of the specification tells apart. `overall`, `without_ai`: as the policy wants them compared."""

    opted_in: bool = True
    switched_on: bool = True
    killed: bool = False
    policy: bool = True
    executable: bool = True
    forbidden_word: bool = False
    critical: bool = False
    confirmed: bool = True
    confidence_enough: bool = True
    class_allowed: bool = True
    system_allowed: bool = True
    undo_as_wanted: bool = True
    checks_pass: bool = True
    overall: Level = Level.HIGH
    without_ai: Level = Level.HIGH
    pattern_good: bool = True
    supervised: bool = False
    threshold: bool = True
    veto_only: bool = True
    approval_wanted: bool = False


def verdict(s: Situation) -> str:
    """What may happen, by the eight steps."""
    if not s.opted_in or not s.switched_on or s.killed:
        return "skipped"  # step 1
    if not s.executable or not s.checks_pass:
        return "refused"  # steps 3 and 5 bind with a policy and without
    if not s.policy:
        return "approval_required"  # step 2
    limits = (
        s.confidence_enough,
        s.overall is not Level.LOW,
        s.class_allowed,
        s.system_allowed,
        s.undo_as_wanted,
        not s.forbidden_word,
    )
    if not all(limits):
        return "refused"  # step 4
    if s.critical or not s.confirmed:
        return "approval_required"  # step 7, before anything else is looked at
    if not s.pattern_good or s.supervised:
        return "approval_required"  # step 6, and the seed's supervised occurrences
    if not s.threshold:
        return "approval_required"  # never without a person
    if s.overall is Level.HIGH and (s.without_ai is Level.HIGH or not s.veto_only):
        return "auto_approved"  # step 7
    if s.approval_wanted:
        return "approval_required"
    return (
        "auto_approved"
        if s.without_ai is not Level.LOW or not s.veto_only
        else "approval_required"
    )
