"""One action, from intent to outcome, so that it is never done twice.

    claim -> journal the intent -> look (already so?) -> pre-check -> journal the start with what was seen
    -> see that the claim holds -> act -> look again -> journal the outcome

What the journal holds decides what a second run of the same action does (after a crash, a replay, a lost answer):
an outcome is returned as it stands; an intent without a start means that nothing was sent; a start without an outcome
means that it may have been, so the target is asked, and only if it says "not done" is the action sent again, under
the same idempotency key. The claim ends every earlier run of the ticket, and each record is journaled only while it
holds: a run that was asleep while another one took over meets `Superseded` and stops. A refusal is no end: nothing was
done, so a person may have it run again once the reason is gone. Called by `executing` for a plan's actions and for their inverses.
"""

import json
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from datacenter_docs.domain import catalogue, classification
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.errors import (
    Broken,
    DatacenterDocsError,
    Invalid,
    NotFound,
    Refused,
    Unavailable,
    Unsupported,
)
from datacenter_docs.domain.estate import HealthStatus, Look
from datacenter_docs.domain.operations import ActionClass
from datacenter_docs.domain.outcomes import Effect, Outcome, OutcomeKind, judge_effect
from datacenter_docs.domain.plans import Action
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.fence import Claim, Fence
from datacenter_docs.ports.guards import KillSwitch
from datacenter_docs.ports.journal import Journal
from datacenter_docs.ports.platforms import Acted, PlatformActuator, PlatformReader

LOOK_INTERVAL_SECONDS = 0.5
SILENCE = timedelta(seconds=60)
"""How much longer a target that does not answer is asked before a person has to go and look: it may only be busy."""


@dataclass(frozen=True, slots=True)
class Phase:
    """The three journal kinds of an action, and the kind of outcome when it took effect."""

    intended: EntryKind
    started: EntryKind
    finished: EntryKind
    done: OutcomeKind


FORWARD = Phase(
    EntryKind.ACTION_INTENDED,
    EntryKind.ACTION_STARTED,
    EntryKind.ACTION_FINISHED,
    OutcomeKind.CHANGED,
)
BACKWARD = Phase(
    EntryKind.ROLLBACK_INTENDED,
    EntryKind.ROLLBACK_STARTED,
    EntryKind.ROLLBACK_FINISHED,
    OutcomeKind.UNDONE,
)


@dataclass(frozen=True, slots=True)
class Order:
    """What to do. `by_a_person`: somebody granted it, so a critical action may run. `pre_state_must_hold`: refuse when the
    target is no longer as the plan saw it; False for an inverse, whose target was just changed on purpose.
    """

    ticket_id: str
    action_id: str
    action: Action
    by_a_person: bool
    phase: Phase = FORWARD
    pre_state_must_hold: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run(Order):
    """An order with the right to perform it."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class _Past:
    """What the journal knows of an action. `baseline` None while nothing was started."""

    intended: bool
    baseline: Look | None
    outcome: Outcome | None


class Acting:
    """Performs one order. Never raises for a sick platform; raises `Unavailable` only when the journal cannot be written, and
    `Superseded` when somebody else has taken over.
    """

    def __init__(
        self,
        reader: PlatformReader,
        actuator: PlatformActuator,
        journal: Journal,
        fence: Fence,
        kill_switch: KillSwitch,
        clock: Clock,
    ) -> None:
        self._reader = reader
        self._actuator = actuator
        self._journal = journal
        self._fence = fence
        self._kill_switch = kill_switch
        self._clock = clock

    async def perform(self, order: Order) -> Outcome:
        """Do it, or find out that it was done. The outcome is journaled before it is returned."""
        # Before the journal is read: no other run writes from here on.
        claim = await self._fence.claim(order.ticket_id)
        told = {field.name: getattr(order, field.name) for field in fields(order)}
        return await self._perform(_Run(**told, claim=claim))

    async def _perform(self, order: _Run) -> Outcome:
        past = await self._past(order)
        if past.outcome is not None:
            return past.outcome
        if past.baseline is not None:
            return await self._resume(order, past.baseline)
        if not past.intended:
            await self._write(order, order.phase.intended, order.action.identity)
        seen = await self._look(order.action)
        if isinstance(seen, str):
            return await self._finish(order, OutcomeKind.FAILED, f"Nothing was done: {seen}")
        if seen.satisfied:
            return await self._finish(
                order, OutcomeKind.UNCHANGED, "It is so already; nothing was done.", seen, seen
            )
        refusal = await self._refusal(order, seen)
        if refusal:
            return await self._finish(order, OutcomeKind.REFUSED, refusal, seen)
        await self._write(order, order.phase.started, {"baseline": seen.model_dump(mode="json")})
        return await self._send(order, seen)

    async def _send(self, order: _Run, baseline: Look) -> Outcome:
        """Act, then believe what is seen; the platform's own word counts only where a healthy answer came and the target
        has no way to show it (a restart without a marker).
        """
        action = order.action
        told: Acted | None = None
        await self._fence.check(order.claim)
        try:
            told = await self._actuator.act(
                action.operation,
                action.target,
                action.parameters,
                baseline=baseline,
                idempotency_key=order.action_id,
                dry_run=False,
            )
            detail = told.detail
        except (Refused, Unsupported, NotFound, Invalid) as error:
            return await self._finish(
                order, OutcomeKind.REFUSED, f"The platform refused: {error.message}", baseline
            )
        except (Unavailable, Broken) as error:
            detail = error.message
        effect, seen = await self._await_effect(order, baseline)
        shown = baseline.marker is not None or seen is None
        if effect is Effect.AMBIGUOUS and not shown and told is not None and told.changed:
            effect, detail = (
                Effect.DONE,
                f"{detail} (so the platform says; the target cannot show it)",
            )
        return await self._conclude(order, baseline, effect, seen, detail, recovered=told is None)

    async def _resume(self, order: _Run, baseline: Look) -> Outcome:
        """It was started before and nobody knows how it ended: ask the target, and send it again only if it was not done."""
        effect, seen = await self._await_effect(order, baseline)
        if effect is Effect.NOT_DONE:
            if stop := await self._stopped():
                return await self._finish(order, OutcomeKind.REFUSED, stop, baseline, seen)
            return await self._send(order, baseline)
        return await self._conclude(
            order, baseline, effect, seen, "found after an interruption", recovered=True
        )

    async def _conclude(
        self,
        order: _Run,
        baseline: Look,
        effect: Effect,
        seen: Look | None,
        detail: str,
        *,
        recovered: bool,
    ) -> Outcome:
        if effect is Effect.DONE:
            message = f"Took effect: {detail}" if detail else "Took effect."
            return await self._finish(
                order, order.phase.done, message, baseline, seen, recovered=recovered
            )
        if effect is Effect.NOT_DONE:
            return await self._finish(
                order, OutcomeKind.FAILED, f"It did not take effect: {detail}", baseline, seen
            )
        message = f"Nobody can tell whether it took effect ({detail}). A person has to look at {order.action.target}."
        return await self._finish(order, OutcomeKind.AMBIGUOUS, message, baseline, seen)

    async def _await_effect(self, order: Order, baseline: Look) -> tuple[Effect, Look | None]:
        """Look until the effect shows, at most `settle_seconds`. A marker may be gone for a moment (a link that is not up
        yet); where there was none before, no look will ever tell. A target that cannot be read even `SILENCE` later is
        ambiguous.
        """
        operation = catalogue.operation(order.action.operation)
        settled = timedelta(seconds=operation.settle_seconds if operation else 0.0)
        started = self._clock.now()
        while True:
            seen = await self._look(order.action)
            waited = self._clock.now() - started
            if isinstance(seen, Look):
                effect = judge_effect(baseline, seen)
                hopeless = effect is Effect.AMBIGUOUS and baseline.marker is None
                if effect is Effect.DONE or hopeless or waited >= settled:
                    return effect, seen
            elif waited >= settled + SILENCE:
                return Effect.AMBIGUOUS, None
            await self._clock.sleep(LOOK_INTERVAL_SECONDS)

    async def _look(self, action: Action) -> Look | str:
        """The target now, or the sentence why it cannot be seen."""
        try:
            seen = await self._reader.look(action.operation, action.target, action.parameters)
        except DatacenterDocsError as error:
            return error.message
        return seen if seen.exists else f"{action.target} does not exist (any more)."

    async def _refusal(self, order: Order, seen: Look) -> str | None:
        """The pre-check: why the action must not start now; None: it may."""
        planned = order.action.look
        if order.pre_state_must_hold and (planned is None or planned.state != seen.state):
            return f"{order.action.target} is no longer as the plan saw it; make a new plan."
        fresh = classification.classify(order.action.replaced(look=seen))
        if fresh is None:
            return f"{order.action.operation} is not in the catalogue."
        if fresh.action_class is ActionClass.CRITICAL_WRITE and not order.by_a_person:
            return "Critical now, and nobody approved it: " + " ".join(fresh.reasons)
        return await self._unable(order) or await self._stopped()

    async def _unable(self, order: Order) -> str | None:
        """Why the system cannot take the action now; an inverse is tried on a sick system too."""
        try:
            if cannot := await self._reader.can(order.action.operation, order.action.target):
                return cannot.message
            if not order.pre_state_must_hold:
                return None
            health = await self._reader.system_health(order.action.target)
        except DatacenterDocsError as error:
            return error.message
        if health.status in (HealthStatus.OK, HealthStatus.DEGRADED):
            return None
        return f"The system of {order.action.target} is not healthy enough to be touched: {'; '.join(health.reasons)}"

    async def _stopped(self) -> str | None:
        """The kill switch, read now; one that cannot be read counts as on."""
        try:
            state = await self._kill_switch.read()
        except Unavailable as error:
            return f"The kill switch could not be read ({error.message}), so nothing is started."
        return (
            f"The kill switch is on: {state.reason or 'no reason was given'}."
            if state.on
            else None
        )

    async def _past(self, order: Order) -> _Past:
        """What the journal holds of this action, in order."""
        intended, baseline, outcome = False, None, None
        kinds = (order.phase.intended, order.phase.started, order.phase.finished)
        cursor: str | None = "0"
        while cursor is not None:
            page = await self._journal.page(
                ticket_id=order.ticket_id, kinds=kinds, after_seq=int(cursor)
            )
            for record in page.items:
                body = json.loads(record.body)
                if body["action_id"] != order.action_id:
                    continue
                if record.kind == order.phase.intended:
                    intended = True
                elif record.kind == order.phase.started:
                    baseline = baseline or Look.model_validate(body["baseline"])
                else:
                    outcome = Outcome.model_validate(body["outcome"])
                    if outcome.kind is OutcomeKind.REFUSED:
                        intended, baseline, outcome = False, None, None
            cursor = page.next_cursor
        return _Past(intended, baseline, outcome)

    async def _write(self, order: _Run, kind: EntryKind, body: dict[str, Any]) -> None:
        """Journal, durably. Raises `Unavailable`, and then the action does not happen."""
        entry = Entry(
            kind=kind,
            at=self._clock.now(),
            ticket_id=order.ticket_id,
            body={"action_id": order.action_id, **body},
        )
        await self._fence.append(order.claim, [entry])

    async def _finish(
        self,
        order: _Run,
        kind: OutcomeKind,
        message: str,
        before: Look | None = None,
        after: Look | None = None,
        *,
        recovered: bool = False,
    ) -> Outcome:
        outcome = Outcome(
            action_id=order.action_id,
            operation=order.action.operation,
            target=order.action.target,
            kind=kind,
            message=message,
            before=before.state if before else {},
            after=after.state if after else {},
            recovered=recovered,
            finished_at=self._clock.now(),
        )
        await self._write(
            order, order.phase.finished, {"outcome": outcome.model_dump(mode="json")}
        )
        return outcome
