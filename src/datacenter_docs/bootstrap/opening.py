"""Opens the house and closes it again: the database, the connections, and the loops that work."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.adapters.persistence.leases import leases_of
from datacenter_docs.adapters.persistence.presence import only_worker
from datacenter_docs.adapters.platforms import estate_file
from datacenter_docs.adapters.platforms.actuator import McpPlatformActuator
from datacenter_docs.adapters.platforms.estate_file import Estate
from datacenter_docs.adapters.platforms.lister import McpPlatformLister
from datacenter_docs.adapters.platforms.pool import Pool, Speaking
from datacenter_docs.adapters.platforms.reader import McpPlatformReader
from datacenter_docs.adapters.reasoning.runbook_resolver import RunbookResolver
from datacenter_docs.adapters.telemetry.logs import configure_logging
from datacenter_docs.bootstrap.house import House, journal_of, wire, workflows_of
from datacenter_docs.domain.errors import DatacenterDocsError, NotFound
from datacenter_docs.domain.runbooks import Runbook
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.leases import Leases, Tenure
from datacenter_docs.ports.platforms import Platforms
from datacenter_docs.ports.reasoning import Resolver
from datacenter_docs.settings import Settings
from datacenter_docs.workflows import engine, survey, ticket
from datacenter_docs.workflows.anchoring import anchoring
from datacenter_docs.workflows.dispatching import Dispatching
from datacenter_docs.workflows.indexing import indexing
from datacenter_docs.workflows.interrupting import Interrupting
from datacenter_docs.workflows.leasing import joined, leasing
from datacenter_docs.workflows.survey import SurveyWorkflows
from datacenter_docs.workflows.ticket import Workflows

DEFAULT_ESTATE = Path("datacenter.yaml")


@contextlib.asynccontextmanager
async def open_house(settings: Settings, *, works: bool) -> AsyncIterator[House]:
    """Everything, wired. `works` True: this process also works on tickets; False: it only stores and shows them."""
    configure_logging(settings.log_level)
    bell = asyncio.Event()
    with contextlib.ExitStack() as held:
        if works:
            held.enter_context(only_worker(_worker_id(settings), settings.data_dir, settings.url))
        database = await asyncio.to_thread(open_database, settings.url)
        held.callback(database.close)
        leases = leases_of(database, settings.url, settings.lease_seconds) if works else None
        tenure = await joined(leases, _worker_id(settings)) if leases else None
        pool = Pool(_estate(settings), settings.call_timeout_seconds)
        house = wire(settings, database, _platforms(pool), bell.set, tenure=tenure)
        try:
            async with contextlib.AsyncExitStack() as running:
                if leases and tenure:
                    running.push_async_callback(_leave, leases, tenure)
                if works:
                    engine.beside(pool.warm(), running)
                    await _work(settings, house, bell, running)
                if leases and tenure:
                    seconds, told = settings.lease_seconds, house.superseded.set
                    engine.beside(leasing(leases, tenure, seconds, told), running)
                yield house
        finally:
            await pool.close()
            with contextlib.suppress(DatacenterDocsError):
                await house.journal.anchor()


@contextlib.asynccontextmanager
async def open_rehearsal(
    settings: Settings, clock: Clock, opening: Callable[[str, str], Speaking]
) -> AsyncIterator[House]:
    """Everything, wired, for making a history: nothing runs by itself, and time is what `clock` says. `opening`: platform and
    name of a connection -> a session with it.
    """
    configure_logging("ERROR")
    database = await asyncio.to_thread(open_database, settings.url)
    pool = Pool(
        _estate(settings),
        settings.call_timeout_seconds,
        lambda connection, _: opening(connection.platform.value, connection.name),
    )
    try:
        yield (house := wire(settings, database, _platforms(pool), lambda: None, clock))
        await house.journal.anchor()
    finally:
        await pool.close()
        database.close()


@contextlib.asynccontextmanager
async def open_resolver(
    settings: Settings,
    books: Sequence[Runbook],
    opening: Callable[[str, str], Speaking] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Resolver]:
    """The resolver alone, on some runbooks: it reads the estate, and nothing is stored. `opening` None: the real sessions.
    `sleep`: how a moment passes between two reads of what may grow.
    """
    seconds = settings.call_timeout_seconds
    if opening is None:
        pool = Pool(_estate(settings), seconds)
    else:
        pool = Pool(
            _estate(settings),
            seconds,
            lambda connection, _: opening(connection.platform.value, connection.name),
        )
    try:
        yield RunbookResolver(books, McpPlatformReader(pool), sleep=sleep)
    finally:
        await pool.close()


async def verify_journal(settings: Settings) -> dict[str, Any]:
    """Verify the journal offline, on the database and the anchors alone. Raises `NotFound` when there is no database."""
    if settings.database_url is None and not settings.database_file.exists():
        raise NotFound(
            f"There is no journal in {settings.data_dir}: {settings.database_file} does not exist."
        )
    database = await asyncio.to_thread(open_database, settings.url)
    try:
        return asdict(await journal_of(settings, database, SystemClock()).verify())
    finally:
        database.close()


async def _work(
    settings: Settings, house: House, bell: asyncio.Event, running: contextlib.AsyncExitStack
) -> None:
    """Launch the workflows and the loops around them; all end with `running`."""
    url = settings.database_url or f"sqlite:///{workflows_of(settings)}"
    interrupting = Interrupting()

    def register() -> tuple[Workflows, SurveyWorkflows]:
        return (
            ticket.build(house.stops, concurrency=settings.concurrent_tickets),
            survey.build(
                house.surveying,
                house.documenting,
                interrupting,
                side_by_side=settings.survey_concurrent_connections,
            ),
        )

    workflows, surveys = await running.enter_async_context(
        engine.running(url, _worker_id(settings), register)
    )
    await running.enter_async_context(interrupting.until_closed())
    await asyncio.to_thread(survey.keep_schedule, surveys, settings.survey_schedule)
    engine.beside(Dispatching(house.cases, house.grants, workflows, bell).run(), running)
    engine.beside(survey.Dispatching(house.surveying, surveys).run(), running)
    engine.beside(anchoring(house.journal), running)
    engine.beside(indexing(house.indexing), running)
    engine.beside(indexing(house.resembling), running)


async def _leave(leases: Leases, tenure: Tenure) -> None:
    """After everything else ended. Where the database does not answer, others wait for the end of the lease."""
    with contextlib.suppress(DatacenterDocsError):
        await leases.leave(tenure)


def _platforms(pool: Pool) -> Platforms:
    return Platforms(McpPlatformReader(pool), McpPlatformActuator(pool), McpPlatformLister(pool))


def _estate(settings: Settings) -> Estate:
    if settings.demo:
        return estate_file.demo(settings.world_file)
    if settings.estate_file is not None:
        return estate_file.load(settings.estate_file)
    return (
        estate_file.load(DEFAULT_ESTATE) if DEFAULT_ESTATE.exists() else estate_file.this_machine()
    )


def _worker_id(settings: Settings) -> str:
    return settings.worker_id or (socket.gethostname() if settings.database_url else "local")
