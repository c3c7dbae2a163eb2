"""A survey as a durable workflow: one step for each connection, side by side, then the end, and what it
changed is documented.

After a crash the connections that are done are not read again, the interrupted ones are. The survey's row is its outbox:
whoever stores one as running need not know of workflows, and starting one twice under its id does nothing. Names of
workflows and steps are part of the stored data: do not rename them.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from dbos import DBOS, SetWorkflowID
from dbos import error as dbos_error

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.services.documenting import Documenting
from datacenter_docs.services.surveying import SCHEDULE, Surveying
from datacenter_docs.workflows.dispatching import POLL_SECONDS, RETRY_SECONDS, TROUBLE
from datacenter_docs.workflows.interrupting import Interrupting
from datacenter_docs.workflows.steps import Wire, guarded
from datacenter_docs.workflows.ticket import MAX_RECOVERIES

NAME = "survey-schedule"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SurveyWorkflows:
    """The durable entries: a survey, and the tick of the schedule."""

    survey: Callable[..., Any]
    tick: Callable[..., Any]


def build(
    surveying: Surveying,
    documenting: Documenting,
    interrupting: Interrupting,
    *,
    side_by_side: int,
) -> SurveyWorkflows:
    """Register the workflows with DBOS; to be called once, before `DBOS.launch()`.

    `side_by_side`: so many connections are read at the same time; the others wait their turn.
    """
    turns = asyncio.Semaphore(side_by_side)

    async def read_in_turn(number: int, connection: str) -> object:
        async with turns:
            return await surveying.read(number, connection)

    read = _step("read_connection", read_in_turn)
    finish = _step("finish_survey", surveying.finish)
    write = _step("write_documents", documenting.refresh)
    sweep = _step("sweep_estate", surveying.sweep)
    begin = _step("begin_survey", surveying.begin)

    @DBOS.workflow(name="survey", max_recovery_attempts=MAX_RECOVERIES)
    @interrupting.interruptible
    async def survey(number: int, connections: list[str]) -> int:
        await asyncio.gather(*(read(number, connection) for connection in connections))
        await finish(number)
        await write()
        await sweep(number)
        return number

    @DBOS.workflow(name="survey_tick", max_recovery_attempts=MAX_RECOVERIES)
    async def tick(scheduled_at: datetime, context: Any) -> None:
        await begin(SCHEDULE)

    return SurveyWorkflows(survey=survey, tick=tick)


def _step(name: str, work: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[Wire]]:
    """A durable step. What came of it is in the estate, so the step remembers only that it is done."""

    @DBOS.step(name=name)
    async def step(*arguments: str | int) -> Wire:
        async def done() -> Wire:
            await work(*arguments)
            return {}

        return await guarded(name, " ".join(map(str, arguments)), done)

    return step


def keep_schedule(workflows: SurveyWorkflows, cron: str) -> None:
    """Let DBOS begin a survey whenever the cron expression says so; empty: never. Raises `Invalid` for one that is none.

    All processes of an installation keep the same schedule, and DBOS fires each tick once.
    """
    if not cron.strip():
        with contextlib.suppress(dbos_error.DBOSException):
            DBOS.delete_schedule(NAME)
        return
    try:
        DBOS.apply_schedules(
            [{"schedule_name": NAME, "workflow_fn": workflows.tick, "schedule": cron}]
        )
    except dbos_error.DBOSException as error:
        raise Invalid(
            f"DATACENTER_DOCS_SURVEY_SCHEDULE is not a cron expression: {cron!r}. "
            "Write for example */15 * * * *, or nothing for no schedule."
        ) from error


class Dispatching:
    """The loop between surveys that are stored as running and DBOS."""

    def __init__(self, surveying: Surveying, workflows: SurveyWorkflows) -> None:
        self._surveying = surveying
        self._workflows = workflows

    async def run(self) -> None:
        """Until cancelled. The first survey of an installation is begun at once. A database that does not answer is asked again."""
        first, started = True, 0
        while True:
            try:
                if first and await self._surveying.is_first():
                    await self._surveying.begin("first start")
                first = False
                started = await self._start(started)
            except TROUBLE as error:
                log.warning("surveys_unavailable", error=str(error))
                await asyncio.sleep(RETRY_SECONDS)
                continue
            await asyncio.sleep(POLL_SECONDS)

    async def _start(self, started: int) -> int:
        """The number of the survey that was started last."""
        running = await self._surveying.running()
        if running is None or running.number == started:
            return started
        with SetWorkflowID(f"survey/{running.number}"):
            await DBOS.start_workflow_async(
                self._workflows.survey, running.number, list(running.connections)
            )
        return running.number
