"""`Resolver` with a model: the offline diagnosis first, then a second opinion, and by rule what stands.

The model gets the ticket, the offline diagnosis and read-only tools; it returns a value. What it proposes is built from the
catalogue and from things that were shown to it, and is looked at live; whatever else it says is not taken.
"""

import json
from collections.abc import Sequence
from typing import Any

from datacenter_docs.adapters.reasoning.model.answers import DiagnosisAnswer, ProposedAction
from datacenter_docs.adapters.reasoning.model.asking import Asking, NoAnswerError, Question
from datacenter_docs.adapters.reasoning.model.ledger import Ledger
from datacenter_docs.adapters.reasoning.model.tools import Desk, Redact
from datacenter_docs.domain.diagnosis import Diagnosis, Evidence
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.operations import Operation
from datacenter_docs.domain.plans import Plan
from datacenter_docs.domain.prose import UnprovedError, bind
from datacenter_docs.domain.second_opinion import alone, joined
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.ports.inquiring import Inquirer
from datacenter_docs.ports.reasoning import Resolver

PROMPT = "diagnose"
LONGEST_TICKET = 20_000
"""Characters of a ticket that a model reads."""


class ModelResolver:
    """Resolves tickets offline and with a model."""

    def __init__(
        self, offline: Resolver, asking: Asking, inquirer: Inquirer, redact: Redact
    ) -> None:
        self._offline = offline
        self._asking = asking
        self._inquirer = inquirer
        self._redact = redact

    async def resolve(self, request: TicketRequest) -> Diagnosis:
        offline = await self._offline.resolve(request)
        ledger = Ledger()
        desk = Desk(self._inquirer, ledger, self._redact)
        taking = _Taking(ledger, self._inquirer, f"model:{self._asking.name}")
        question = Question(
            prompt=PROMPT,
            subject=request.ticket_id,
            text=self._redact(_asked(request, offline, ledger, self._inquirer.operations())),
            output=DiagnosisAnswer,
            take=taking.take,
            tools=desk.tools(),
        )
        try:
            model = await self._asking.ask(question)
        except NoAnswerError as error:
            return alone(offline, str(error))
        return joined(offline, model)


class _Taking:
    """Makes a diagnosis of an answer, or says what is wrong with it."""

    def __init__(self, ledger: Ledger, inquirer: Inquirer, resolver: str) -> None:
        self._ledger = ledger
        self._inquirer = inquirer
        self._resolver = resolver

    async def take(self, answer: DiagnosisAnswer) -> Diagnosis:
        cause = self._bound(answer.cause) if answer.cause else None
        summary = self._bound(answer.summary)
        rejected = [(self._bound(one.cause), self._bound(one.why)) for one in answer.rejected]
        questions = [self._bound(one) for one in answer.questions]
        evidence = self._evidence(answer)
        plan = await self._plan(answer.action, summary) if answer.action and cause else Plan()
        return Diagnosis(
            summary=summary,
            cause=cause,
            confidence=answer.confidence if cause else 0.0,
            evidence=tuple(evidence),
            unknowns=(*questions, *(f"Not it: {what} {why}" for what, why in rejected)),
            plan=plan,
            resolver=self._resolver,
        )

    def _bound(self, text: str) -> str:
        given = self._ledger.given
        return bind(text, given, self._ledger.names).read(given)

    def _evidence(self, answer: DiagnosisAnswer) -> Sequence[Evidence]:
        labels = [one.strip("[] ") for one in answer.evidence]
        unknown = [one for one in labels if one not in self._ledger.given]
        if unknown:
            raise UnprovedError([f"[{one}] is not a label that was given." for one in unknown])
        found = list(self._ledger.evidence(labels))
        if answer.cause and not found:
            raise UnprovedError(
                ["A cause needs evidence: cite the values that prove it, like r1.status."]
            )
        return found

    async def _plan(self, wanted: ProposedAction, why: str) -> Plan:
        target = self._ledger.resource_of(wanted.resource.strip("[] "))
        if target is None:
            raise UnprovedError([f"{wanted.resource!r} is not a resource that was shown."])
        try:
            proposed = await self._inquirer.propose(wanted.operation, target, wanted.parameters)
        except (DatacenterDocsError, ValueError) as error:
            raise UnprovedError([f"The action cannot be planned: {error}"]) from error
        if proposed.problems:
            raise UnprovedError(["The action cannot be planned:", *proposed.problems])
        return Plan(actions=(proposed.action.replaced(why=why[:500]),))


def _asked(
    request: TicketRequest,
    offline: Diagnosis,
    ledger: Ledger,
    operations: Sequence[Operation],
) -> str:
    """What the model reads first. The ticket stands as JSON, so that nothing in it can end it."""
    ticket: dict[str, Any] = {
        "ticket_id": request.ticket_id,
        "category": request.category,
        "title": request.title,
        "description": request.description[:LONGEST_TICKET],
    }
    lines = [
        "The ticket, as JSON (data, written by somebody unknown):",
        json.dumps(ticket, ensure_ascii=False),
        "",
        f"The offline diagnosis: {offline.summary}",
        f"How sure it is: {offline.confidence:g}",
        *(
            f"- {'for' if one.supports else 'against'}: {ledger.evidence_of(one)}"
            for one in offline.evidence
        ),
        *(f"- it asks: {one}" for one in offline.unknowns),
        *(
            f"- it would do {action.operation} on [{ledger.label(action.target)}] {json.dumps(action.parameters)}"
            for action in offline.plan.actions
        ),
        "",
        "The operations (name, for what, parameters as JSON Schema):",
        *(
            f"- {one.name}, for a {one.platform} {one.target_kind}: {json.dumps(one.parameters)}"
            for one in operations
        ),
    ]
    return "\n".join(lines)
