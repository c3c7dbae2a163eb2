"""What the stored cases and words say about a pattern; the fakes' side of `adapters/persistence/counting.py`."""

from collections.abc import Sequence

from tests.fakes.memory import Memory

from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.feedback import Feedback, FeedbackType
from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.domain.tickets import CLOSED, TicketState


def recount(memory: Memory, pattern_id: str) -> Pattern:
    """Recount a stored pattern, and store it."""
    cases = [case for case in memory.cases.values() if case.ticket.pattern_id == pattern_id]
    ids = {case.ticket.id for case in cases}
    keys = [key for key in memory.feedback if key[0] in ids]
    words = [memory.feedback[key] for key in keys if key not in memory.set_aside]
    counted = _of_cases(cases) | _of_words(words)
    counted["set_aside"] = len(keys) - len(words)
    passed = {case.ticket.id: case.verification.passed for case in cases if case.verification}
    if passed:
        latest = max(passed, key=lambda ticket_id: memory.verified_at[ticket_id])
        counted["last_verification_failed"] = not passed[latest]
    memory.patterns[pattern_id] = memory.patterns[pattern_id].replaced(**counted)
    return memory.patterns[pattern_id]


def _of_cases(cases: Sequence[Case]) -> dict[str, object]:
    states = [case.ticket.state for case in cases]
    scores = [case.score.overall_score for case in cases if case.score]
    confidences = [case.diagnosis.confidence for case in cases if case.diagnosis]
    executed = [case for case in cases if case.executed]
    counted: dict[str, object] = {
        "occurrences": len(cases),
        "resolved": states.count(TicketState.RESOLVED),
        "failed": sum(s in CLOSED and s is not TicketState.RESOLVED for s in states),
        "confidence_sum": sum(confidences),
        "confidence_count": len(confidences),
        "reliability_sum": sum(scores),
        "reliability_count": len(scores),
        "executions": len(executed),
        "executions_succeeded": sum(
            bool(c.verification and c.verification.passed) for c in executed
        ),
    }
    if cases:
        counted["first_seen_at"] = min(case.ticket.received_at for case in cases)
        counted["last_seen_at"] = max(case.ticket.received_at for case in cases)
    return counted


def _of_words(words: Sequence[Feedback]) -> dict[str, object]:
    kinds = [word.effective_type for word in words]
    ratings = [word.request.rating for word in words if word.request.rating is not None]
    counts = {kind.value: kinds.count(kind) for kind in FeedbackType}
    return {**counts, "rating_sum": sum(ratings), "rating_count": len(ratings)}
