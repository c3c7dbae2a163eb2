"""What the resolver returns: a cause with evidence, a plan, and how sure it is. A value; it never acts."""

from datacenter_docs.domain.conditions import Condition
from datacenter_docs.domain.plans import Plan
from datacenter_docs.domain.values import Scalar, Value


class Evidence(Value):
    """One thing that was read and what it says about the cause. `source` names connection and tool; None: from the ticket's words."""

    statement: str
    supports: bool
    resource: str | None = None
    attribute: str | None = None
    value: Scalar | list[Scalar] = None
    source: str | None = None


class Rejected(Value):
    """A cause that was thought of and is not it. `because`: the sentence why; `resource`: what it was tested on, None: nothing."""

    cause: str
    because: str
    resource: str | None = None


class Diagnosis(Value):
    """Cause, evidence, plan and confidence (0..1). `cause` None: not known, and `summary` says what a person should look at.

    `resolver` names who said it (`runbook:<name>`, `none`, a model's id). `unknowns` are questions to a person.
    `about`: the id of what the cause sits on, which may be far from what the ticket names. `look_at`: what a person should do or
    look at. `lately`: what changed there in the last days, as it was remembered: a hint, never evidence. `seen`: what it was
    judged by, value by `resource#attribute`. `leave_alone`: the advice is to do nothing; a plan that is there all the same is for
    the person who knows that the reason is over.
    """

    summary: str
    cause: str | None = None
    confidence: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    unknowns: tuple[str, ...] = ()
    plan: Plan = Plan()
    healed_when: tuple[Condition, ...] = ()
    """What the target's facts must show after the repair, beyond the action's own effect."""
    resolver: str = "none"
    about: str | None = None
    rejected: tuple[Rejected, ...] = ()
    look_at: tuple[str, ...] = ()
    leave_alone: bool = False
    lately: tuple[str, ...] = ()
    seen: dict[str, Scalar | list[Scalar]] = {}
