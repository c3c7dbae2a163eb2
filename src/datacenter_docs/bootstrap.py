"""Floor 5: the ONE place that knows which adapter serves which port. Everything else gets what it needs as arguments."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from pydantic import ValidationError

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.notices.journaling import JournalingNotifier
from datacenter_docs.adapters.persistence.anchors import AnchorFile
from datacenter_docs.adapters.persistence.database import Database, open_database
from datacenter_docs.adapters.persistence.feedback import SqlFeedbackStore
from datacenter_docs.adapters.persistence.grants import SqlGrantStore
from datacenter_docs.adapters.persistence.guards import (
    SqlKillSwitch,
    SqlRateLimiter,
    SqlResourceLocks,
)
from datacenter_docs.adapters.persistence.history import SqlHistory
from datacenter_docs.adapters.persistence.journal import SqlJournal
from datacenter_docs.adapters.persistence.patterns import SqlPatternStore
from datacenter_docs.adapters.persistence.policies import SqlPolicyStore
from datacenter_docs.adapters.persistence.presence import only_worker
from datacenter_docs.adapters.persistence.requests import SqlRequestMemory
from datacenter_docs.adapters.persistence.statistics import SqlStatisticsStore
from datacenter_docs.adapters.persistence.tickets import SqlCaseStore
from datacenter_docs.adapters.platforms import estate_file
from datacenter_docs.adapters.platforms.actuator import McpPlatformActuator
from datacenter_docs.adapters.platforms.estate_file import Estate
from datacenter_docs.adapters.platforms.pool import Pool, Speaking
from datacenter_docs.adapters.platforms.reader import McpPlatformReader
from datacenter_docs.adapters.reasoning import library
from datacenter_docs.adapters.reasoning.runbook_resolver import RunbookResolver
from datacenter_docs.adapters.telemetry.logs import configure_logging
from datacenter_docs.adapters.telemetry.meter import PrometheusMeter
from datacenter_docs.domain import patterns as pattern_rules
from datacenter_docs.domain.decision import Gates
from datacenter_docs.domain.errors import DatacenterDocsError, Invalid, NotFound
from datacenter_docs.domain.patterns import Thresholds
from datacenter_docs.domain.reliability import Weights
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.grants import GrantStore
from datacenter_docs.ports.guards import KillSwitch, RateLimit
from datacenter_docs.ports.journal import Journal
from datacenter_docs.ports.patterns import PatternStore
from datacenter_docs.ports.platforms import PlatformActuator, PlatformReader
from datacenter_docs.ports.policies import PolicyStore
from datacenter_docs.ports.requests import RequestMemory
from datacenter_docs.ports.statistics import StatisticsStore
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.services.acting import Acting
from datacenter_docs.services.approving import Approving
from datacenter_docs.services.checking import Checking
from datacenter_docs.services.closing import Closing
from datacenter_docs.services.deciding import Deciding
from datacenter_docs.services.executing import Executing
from datacenter_docs.services.governing import Governing
from datacenter_docs.services.learning import Learning
from datacenter_docs.services.receiving import Receiving
from datacenter_docs.services.resolving import Resolving
from datacenter_docs.services.scoring import Scoring
from datacenter_docs.services.settling import Settling
from datacenter_docs.services.verifying import Verifying
from datacenter_docs.services.watching import Watching
from datacenter_docs.settings import Settings
from datacenter_docs.workflows import engine, ticket
from datacenter_docs.workflows.dispatching import Dispatching
from datacenter_docs.workflows.ticket import Stops

ANCHOR_SECONDS = 60.0
DEFAULT_ESTATE = Path("datacenter.yaml")


@dataclass(frozen=True, slots=True)
class House:
    """What the entrypoints may use: services, and ports for plain reads."""

    clock: Clock
    cases: CaseStore
    grants: GrantStore
    journal: Journal
    policies: PolicyStore
    patterns: PatternStore
    statistics: StatisticsStore
    requests: RequestMemory
    kill_switch: KillSwitch
    reader: PlatformReader
    receiving: Receiving
    approving: Approving
    governing: Governing
    learning: Learning
    watching: Watching
    stops: Stops
    exposition: Callable[[], tuple[bytes, str]]

    async def trouble(self) -> str | None:
        """Why requests cannot be served now; None: they can."""
        try:
            await self.kill_switch.read()
        except DatacenterDocsError as error:
            return error.message
        return None


def wall_clock() -> datetime:
    """The time of this machine, for whoever has no house yet."""
    return SystemClock().now()


def read_settings(**overrides: object) -> Settings:
    """The settings from the environment; overrides that are not None win. Raises `Invalid` naming each bad variable."""
    given: dict[str, Any] = {name: value for name, value in overrides.items() if value is not None}
    try:
        return _for_the_demo(Settings(**given))
    except ValidationError as error:
        fields = {_variable(e["loc"]): e["msg"] for e in error.errors()}
        told = "; ".join(f"{name}: {message}" for name, message in fields.items())
        raise Invalid(f"A setting is wrong: {told}", fields) from error


def _for_the_demo(settings: Settings) -> Settings:
    """The demo keeps its data apart, in files of its own, and automates unless somebody says otherwise: nothing real is behind
    it. Raises `Invalid` where an estate is given too.
    """
    if not settings.demo:
        return settings
    if settings.estate_file is not None:
        raise Invalid(
            "The demo brings an estate of its own: leave out --estate and DATACENTER_DOCS_ESTATE_FILE."
        )
    own = {"data_dir": settings.data_dir / "demo", "auto_remediation_enabled": True}
    unsaid = {name: value for name, value in own.items() if name not in settings.model_fields_set}
    return settings.model_copy(update={**unsaid, "database_url": None})


def _variable(where: tuple[int | str, ...]) -> str:
    """The environment variable of a setting: the seed's names stand as they are, ours have the prefix."""
    name = ".".join(map(str, where))
    prefix = str(Settings.model_config["env_prefix"])
    return f"{prefix}{name.upper()}" if name in Settings.model_fields else name or "settings"


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
        pool = Pool(_estate(settings), settings.call_timeout_seconds)
        house = wire(
            settings, database, McpPlatformReader(pool), McpPlatformActuator(pool), bell.set
        )
        try:
            async with contextlib.AsyncExitStack() as running:
                if works:
                    _begin(pool.warm(), running)
                    await _work(settings, house, bell, running)
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
        reader, actuator = McpPlatformReader(pool), McpPlatformActuator(pool)
        yield (house := wire(settings, database, reader, actuator, lambda: None, clock))
        await house.journal.anchor()
    finally:
        await pool.close()
        database.close()


async def verify_journal(settings: Settings) -> dict[str, Any]:
    """Verify the journal offline, on the database and the anchors alone. Raises `NotFound` when there is no database."""
    if settings.database_url is None and not settings.database_file.exists():
        raise NotFound(
            f"There is no journal in {settings.data_dir}: {settings.database_file} does not exist."
        )
    database = await asyncio.to_thread(open_database, settings.url)
    try:
        return asdict(await _journal(settings, database, SystemClock()).verify())
    finally:
        database.close()


async def _work(
    settings: Settings, house: House, bell: asyncio.Event, running: contextlib.AsyncExitStack
) -> None:
    """Launch the workflows and the loops around them; all end with `running`."""
    url = (
        settings.database_url or f"sqlite:///{(settings.data_dir / 'workflows.sqlite').absolute()}"
    )
    limit = settings.concurrent_tickets
    workflows = await running.enter_async_context(
        engine.running(
            url, _worker_id(settings), lambda: ticket.build(house.stops, concurrency=limit)
        )
    )
    _begin(Dispatching(house.cases, house.grants, workflows, bell).run(), running)
    _begin(_anchor(house.journal), running)


def _begin(loop: Coroutine[Any, Any, None], running: contextlib.AsyncExitStack) -> None:
    """Run it beside everything else until `running` ends."""
    running.push_async_callback(_end, asyncio.create_task(loop))


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _anchor(journal: Journal) -> None:
    """Write the journal's head outside the database every minute."""
    while True:
        await asyncio.sleep(ANCHOR_SECONDS)
        try:
            await journal.anchor()
        except DatacenterDocsError as error:
            structlog.get_logger(__name__).warning("anchor_failed", error=error.message)


def wire(
    settings: Settings,
    database: Database,
    reader: PlatformReader,
    actuator: PlatformActuator,
    wake: Callable[[], None],
    clock: Clock | None = None,
) -> House:
    """The services over their ports. `wake`: called when something was put into the outbox. `clock` None: this machine's."""
    clock, meter = clock or SystemClock(), PrometheusMeter()
    thresholds = Thresholds(
        min_occurrences=settings.pattern_min_occurrences,
        min_positive_rate=settings.pattern_min_positive_rate,
    )
    global_limit = RateLimit("global", settings.auto_remediation_max_actions_per_hour)
    cases, grants, policies = (
        SqlCaseStore(database),
        SqlGrantStore(database),
        SqlPolicyStore(database),
    )
    patterns, feedback = SqlPatternStore(database), SqlFeedbackStore(database)
    journal = _journal(settings, database, clock)
    kill_switch, limiter = SqlKillSwitch(database), SqlRateLimiter(database)
    scoring = Scoring(
        patterns,
        feedback,
        SqlHistory(database),
        clock,
        weights=_weights(settings),
        half_life_days=settings.feedback_half_life_days,
        history_days=settings.history_days,
    )
    checking = Checking(
        reader,
        limiter,
        clock,
        global_limit=global_limit,
        max_age_seconds=settings.check_max_age_seconds,
    )
    acting = Acting(reader, actuator, journal, kill_switch, clock)
    executing = Executing(
        cases,
        policies,
        reader,
        acting,
        SqlResourceLocks(database),
        limiter,
        meter,
        clock,
        global_limit=global_limit,
        lock_wait_seconds=settings.lock_wait_seconds,
    )
    gates = Gates(
        automation_enabled=settings.auto_remediation_enabled,
        require_approval=settings.auto_remediation_require_approval,
        min_reliability=settings.auto_remediation_min_reliability,
    )
    learning = Learning(
        cases, patterns, feedback, journal, scoring, meter, clock, thresholds=thresholds
    )
    stops = Stops(
        resolving=Resolving(
            cases, RunbookResolver(library.load_all(settings.runbooks_dir), reader), reader
        ),
        deciding=Deciding(
            cases,
            policies,
            scoring,
            checking,
            kill_switch,
            meter,
            clock,
            gates=gates,
            thresholds=thresholds,
        ),
        settling=Settling(cases, grants, clock),
        executing=executing,
        verifying=Verifying(cases, reader, clock),
        closing=Closing(cases, executing, JournalingNotifier(journal, clock), meter, clock),
        learning=learning,
    )
    return House(
        clock=clock,
        cases=cases,
        grants=grants,
        journal=journal,
        policies=policies,
        patterns=patterns,
        statistics=SqlStatisticsStore(
            database, lambda pattern: pattern_rules.standing(pattern, thresholds).eligible
        ),
        requests=SqlRequestMemory(database),
        kill_switch=kill_switch,
        reader=reader,
        receiving=Receiving(cases, clock, wake),
        approving=Approving(cases, grants, policies, reader, checking, kill_switch, clock, wake),
        governing=Governing(policies, patterns, kill_switch, clock),
        learning=learning,
        watching=Watching(cases, grants, journal, clock),
        stops=stops,
        exposition=meter.exposition,
    )


def _weights(settings: Settings) -> Weights:
    return Weights(
        ai_confidence=settings.weight_ai_confidence,
        human_feedback=settings.weight_human_feedback,
        success_history=settings.weight_success_history,
        pattern_match=settings.weight_pattern_match,
    )


def _journal(settings: Settings, database: Database, clock: Clock) -> SqlJournal:
    return SqlJournal(database, AnchorFile(settings.data_dir / "anchors.jsonl"), clock)


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
