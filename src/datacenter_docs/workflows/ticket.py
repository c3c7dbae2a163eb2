"""THE SPINE: how one ticket walks from the outbox to its end. Reads top to bottom like a paragraph.

Durable by DBOS: after a crash the workflow runs again from its start, finished steps answer from the record (diagnosis
and decision from the case, which holds them anyway), and the step that was interrupted runs once more; the services
make that harmless. The workflow id is the ticket id, so a ticket is worked on once. Names of workflows and steps are
part of the stored data: do not rename them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from dbos import DBOS

from datacenter_docs.domain.outcomes import OutcomeKind
from datacenter_docs.services.closing import Closing
from datacenter_docs.services.deciding import Deciding, Next
from datacenter_docs.services.executing import Executing
from datacenter_docs.services.learning import Learning
from datacenter_docs.services.resolving import Resolving
from datacenter_docs.services.settling import Settling
from datacenter_docs.services.verifying import Verifying
from datacenter_docs.workflows.steps import Wire, guarded

GRANT_TOPIC = "grant"
MAX_RECOVERIES = 1_000
"""After so many restarts in the middle of one ticket DBOS gives up on it; a crash loop of a worker must not cost tickets."""
Workflow = Callable[..., Any]
Keep = Callable[[str], Callable[[Callable[..., Awaitable[Wire]]], Callable[..., Awaitable[Wire]]]]
"""Name of a step -> what makes it durable."""


@dataclass(frozen=True, slots=True)
class Stops:
    """The services that the spine stops at, in order."""

    resolving: Resolving
    deciding: Deciding
    settling: Settling
    executing: Executing
    verifying: Verifying
    closing: Closing
    learning: Learning


@dataclass(frozen=True, slots=True)
class Workflows:
    """The two durable entries: a new ticket, and a proposed plan that a person runs."""

    ticket: Workflow
    granted: Workflow


def build(stops: Stops, *, concurrency: int) -> Workflows:
    """Register the workflows with DBOS; to be called once, before `DBOS.launch()`.

    `concurrency`: so many tickets are diagnosed or decided at the same time; the others wait their turn.
    """
    step = _Steps(stops, asyncio.Semaphore(concurrency))

    @DBOS.workflow(name="ticket", max_recovery_attempts=MAX_RECOVERIES)
    async def ticket(ticket_id: str) -> str:
        diagnosed = await step.diagnose(ticket_id)
        following = await step.decide(ticket_id, diagnosed.get("error"), diagnosed.get("found"))
        while following.get("next") == Next.ASK:
            timeout = float(following["timeout_seconds"])
            grant_id = await DBOS.recv_async(GRANT_TOPIC, timeout_seconds=timeout)
            following = await step.settle(ticket_id, grant_id)
        await _go_on(step, ticket_id, following)
        return ticket_id

    @DBOS.workflow(name="granted", max_recovery_attempts=MAX_RECOVERIES)
    async def granted(ticket_id: str, grant_id: str) -> str:
        await _go_on(step, ticket_id, await step.settle(ticket_id, grant_id))
        return ticket_id

    return Workflows(ticket=ticket, granted=granted)


@dataclass(frozen=True, slots=True)
class Walk:
    """The same way without durability: `begin` to the question or the end, `granted` from a person's answer to the end."""

    begin: Callable[[str], Awaitable[None]]
    granted: Callable[[str, str], Awaitable[None]]


def undurable(stops: Stops) -> Walk:
    """For making a history, where a crash means to begin anew: the stops in the same order, and nothing of DBOS."""
    step = _Steps(stops, asyncio.Semaphore(1), keep=lambda name: lambda work: work)

    async def begin(ticket_id: str) -> None:
        diagnosed = await step.diagnose(ticket_id)
        following = await step.decide(ticket_id, diagnosed.get("error"), diagnosed.get("found"))
        if following.get("next") != Next.ASK:
            await _go_on(step, ticket_id, following)

    async def granted(ticket_id: str, grant_id: str) -> None:
        await _go_on(step, ticket_id, await step.settle(ticket_id, grant_id))

    return Walk(begin=begin, granted=granted)


async def _go_on(step: "_Steps", ticket_id: str, following: Wire) -> None:
    if following.get("next") == Next.RUN:
        await _remediate(
            step, ticket_id, following["actions"], by_a_person=following["by_a_person"]
        )
    elif "error" in following:
        await step.give_up(ticket_id, following["error"])


async def _remediate(step: "_Steps", ticket_id: str, actions: int, *, by_a_person: bool) -> None:
    """Reserve, act in order, verify, make final; after a failure undo in reverse; close; learn."""
    reserved = await step.reserve(ticket_id)
    refusal = reserved.get("error") or reserved["refusal"]
    if refusal is None:
        done, well = 0, True
        while done < actions and well:
            well = (await step.act(ticket_id, done, by_a_person)).get("succeeded") is True
            done += 1
        well = well and (await step.verify(ticket_id)).get("passed") is True
        if well:
            await step.conclude(ticket_id)
        else:
            await _undo(step, ticket_id, done)
    await step.close(ticket_id, refusal)
    await step.learn(ticket_id)


async def _undo(step: "_Steps", ticket_id: str, done: int) -> None:
    """In reverse, then compare with the pre-state. Where nobody knows what happened, nothing more is touched."""
    if (await step.look_back(ticket_id, done)).get("ambiguous") is not False:
        return
    for index in reversed(range(done)):
        await step.undo(ticket_id, index)
    await step.compare(ticket_id)


class _Steps:
    """The stops as steps, by name. Each wraps one service call; what a durable one returns is stored, so it is small."""

    def __init__(
        self,
        stops: Stops,
        turns: asyncio.Semaphore,
        keep: Keep = lambda name: DBOS.step(name=name),
    ) -> None:
        _step = partial(_stepped, keep)
        self.diagnose = _kept(
            "diagnose", lambda t: _value("found", stops.resolving.resolve(t)), turns
        )
        self.decide = _kept(
            "decide", lambda t, trouble, found: stops.deciding.decide(t, trouble, found), turns
        )
        self.settle = _step("settle", lambda t, grant_id: stops.settling.settle(t, grant_id))
        self.reserve = _step("reserve", lambda t: _value("refusal", stops.executing.reserve(t)))
        self.act = _step("act", lambda t, index, person: _act(stops, t, index, by_a_person=person))
        self.verify = _step("verify", lambda t: _verify(stops, t))
        self.conclude = _step(
            "conclude", lambda t: _value("concluded", stops.executing.conclude(t))
        )
        self.look_back = _step(
            "look_back",
            lambda t, asked: _value("ambiguous", stops.executing.is_ambiguous(t, asked)),
        )
        self.undo = _step("undo", lambda t, index: _nothing(stops.executing.undo(t, index)))
        self.compare = _step("compare", lambda t: _nothing(stops.executing.compare_pre_state(t)))
        self.close = _step(
            "close", lambda t, refusal: _value("state", stops.closing.close(t, refusal))
        )
        self.learn = _step("learn", lambda t: _nothing(stops.learning.from_outcome(t)))
        self.give_up = _step(
            "give_up", lambda t, trouble: _nothing(stops.closing.give_up(t, trouble))
        )


def _kept(
    name: str, work: Callable[..., Awaitable[Wire]], turns: asyncio.Semaphore
) -> Callable[..., Awaitable[Wire]]:
    """A stop whose result the case itself keeps: asked again after a crash, it answers from there, and DBOS need not
    remember it too. `turns`: what it has to wait for.
    """

    async def stop(ticket_id: str, *arguments: Any) -> Wire:
        async with turns:
            return await guarded(name, ticket_id, lambda: work(ticket_id, *arguments))

    return stop


def _stepped(
    keep: Keep, name: str, work: Callable[..., Awaitable[Wire]]
) -> Callable[..., Awaitable[Wire]]:
    """A step. `keep` makes it durable under its name: that it is done, and what it returned."""

    @keep(name)
    async def step(ticket_id: str, *arguments: Any) -> Wire:
        return await guarded(name, ticket_id, lambda: work(ticket_id, *arguments))

    return step


async def _nothing(work: Awaitable[object]) -> Wire:
    await work
    return {}


async def _value(name: str, work: Awaitable[object]) -> Wire:
    return {name: await work}


async def _act(stops: Stops, ticket_id: str, index: int, *, by_a_person: bool) -> Wire:
    outcome = await stops.executing.run(ticket_id, index, by_a_person=by_a_person)
    return {"succeeded": outcome.succeeded, "ambiguous": outcome.kind is OutcomeKind.AMBIGUOUS}


async def _verify(stops: Stops, ticket_id: str) -> Wire:
    return {"passed": (await stops.verifying.verify(ticket_id)).passed}
