"""The house: every service over its ports, and every port with its adapter."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.notices.journaling import JournalingNotifier
from datacenter_docs.adapters.persistence.anchors import AnchorFile
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.deeds import SqlDeeds
from datacenter_docs.adapters.persistence.estate.reader import SqlEstateReader
from datacenter_docs.adapters.persistence.estate.recorder import SqlEstateRecorder
from datacenter_docs.adapters.persistence.feedback import SqlFeedbackStore
from datacenter_docs.adapters.persistence.fence import SqlFence
from datacenter_docs.adapters.persistence.grants import SqlGrantStore
from datacenter_docs.adapters.persistence.guards import (
    SqlKillSwitch,
    SqlRateLimiter,
    SqlResourceLocks,
)
from datacenter_docs.adapters.persistence.history import SqlHistory
from datacenter_docs.adapters.persistence.journal import SqlJournal
from datacenter_docs.adapters.persistence.model_calls import SqlModelCalls
from datacenter_docs.adapters.persistence.notes.store import SqlNoteStore
from datacenter_docs.adapters.persistence.patterns import SqlPatternStore
from datacenter_docs.adapters.persistence.policies import SqlPolicyStore
from datacenter_docs.adapters.persistence.requests import SqlRequestMemory
from datacenter_docs.adapters.persistence.search.index import SqlSearchIndex
from datacenter_docs.adapters.persistence.statistics import SqlStatisticsStore
from datacenter_docs.adapters.persistence.tickets import SqlCaseStore
from datacenter_docs.adapters.persistence.written.store import SqlDocumentStore
from datacenter_docs.adapters.platforms import secrets
from datacenter_docs.adapters.platforms.blotting import blotted
from datacenter_docs.adapters.publishing.presses import presses
from datacenter_docs.adapters.reasoning import library
from datacenter_docs.adapters.reasoning.runbook_resolver import RunbookResolver
from datacenter_docs.adapters.retrieval.categories import SqlCategories
from datacenter_docs.adapters.retrieval.embedding import AT_ONCE, HttpEmbedder
from datacenter_docs.adapters.retrieval.fused import FusedSimilarTickets
from datacenter_docs.adapters.retrieval.sections import shelf
from datacenter_docs.adapters.retrieval.similar import SqlSimilarTickets
from datacenter_docs.adapters.telemetry.meter import PrometheusMeter
from datacenter_docs.adapters.writing.templates import TemplateWriter
from datacenter_docs.bootstrap.admitting import admission
from datacenter_docs.bootstrap.thinking import model_of
from datacenter_docs.domain import patterns as pattern_rules
from datacenter_docs.domain.decision import Gates
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.patterns import Thresholds
from datacenter_docs.domain.reliability import Weights
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.estate import EstateReader
from datacenter_docs.ports.grants import GrantStore
from datacenter_docs.ports.guards import KillSwitch, RateLimit
from datacenter_docs.ports.journal import Journal
from datacenter_docs.ports.leases import Tenure
from datacenter_docs.ports.model_calls import ModelCalls
from datacenter_docs.ports.notes import NoteStore
from datacenter_docs.ports.notices import Meter
from datacenter_docs.ports.patterns import PatternStore
from datacenter_docs.ports.platforms import PlatformReader, Platforms
from datacenter_docs.ports.policies import PolicyStore
from datacenter_docs.ports.requests import RequestMemory
from datacenter_docs.ports.runbook_pages import RunbookPages
from datacenter_docs.ports.searching import Searcher
from datacenter_docs.ports.similar import SimilarTickets
from datacenter_docs.ports.statistics import StatisticsStore
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.ports.writing import Writer
from datacenter_docs.services.acting import Acting
from datacenter_docs.services.approving import Approving
from datacenter_docs.services.authenticating import Authenticating
from datacenter_docs.services.checking import Checking
from datacenter_docs.services.closing import Closing
from datacenter_docs.services.curating import Curating
from datacenter_docs.services.deciding import Deciding
from datacenter_docs.services.deriving import Deriving
from datacenter_docs.services.describing import Describing
from datacenter_docs.services.documenting import Documenting
from datacenter_docs.services.drifting import Drifting
from datacenter_docs.services.editions import Sources
from datacenter_docs.services.executing import Executing
from datacenter_docs.services.governing import Governing
from datacenter_docs.services.indexing import Indexing
from datacenter_docs.services.inquiring import Inquiring
from datacenter_docs.services.issuing import Issuing
from datacenter_docs.services.learning import Learning
from datacenter_docs.services.noting import Noting
from datacenter_docs.services.presenting import Presenting
from datacenter_docs.services.publishing import Publishing
from datacenter_docs.services.receiving import Receiving
from datacenter_docs.services.recognising import Recognising
from datacenter_docs.services.recollecting import Recollecting
from datacenter_docs.services.resembling import Resembling
from datacenter_docs.services.resolving import Resolving
from datacenter_docs.services.scoring import Scoring
from datacenter_docs.services.searching import Searching
from datacenter_docs.services.settling import Settling
from datacenter_docs.services.surveying import Limits, Surveying
from datacenter_docs.services.verifying import Verifying
from datacenter_docs.services.watching import Watching
from datacenter_docs.settings import Settings
from datacenter_docs.workflows.ticket import Stops


@dataclass(frozen=True, slots=True)
class House:
    """What the entrypoints may use: services, and ports for plain reads. `authenticating` None: nobody has to log in."""

    clock: Clock
    authenticating: Authenticating | None
    issuing: Issuing
    cases: CaseStore
    grants: GrantStore
    journal: Journal
    policies: PolicyStore
    patterns: PatternStore
    statistics: StatisticsStore
    requests: RequestMemory
    kill_switch: KillSwitch
    reader: PlatformReader
    estate: EstateReader
    surveying: Surveying
    documenting: Documenting
    notes: NoteStore
    noting: Noting
    deriving: Deriving
    drifting: Drifting
    presenting: Presenting
    writer: Writer
    publishing: Publishing
    searching: Searcher
    inquiring: Inquiring
    model_calls: ModelCalls
    indexing: Indexing
    resembling: Resembling
    runbook_pages: RunbookPages
    receiving: Receiving
    approving: Approving
    governing: Governing
    curating: Curating
    learning: Learning
    watching: Watching
    stops: Stops
    meter: Meter
    exposition: Callable[[], tuple[bytes, str]]
    superseded: asyncio.Event
    """Set when another worker has taken over: this process has to end."""

    async def trouble(self) -> str | None:
        """Why requests cannot be served now; None: they can."""
        try:
            await self.kill_switch.read()
        except DatacenterDocsError as error:
            return error.message
        return None


def wire(
    settings: Settings,
    database: Database,
    platforms: Platforms,
    wake: Callable[[], None],
    clock: Clock | None = None,
    tenure: Tenure | None = None,
) -> House:
    """The services over their ports. `wake`: called when something was put into the outbox. `clock` None: this machine's.
    `tenure`: of the worker in this process; None: it has none, and nobody takes over from it.
    """
    clock = clock or SystemClock()
    meter = PrometheusMeter(clock.now)
    reader, actuator = platforms.reader, platforms.actuator
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
    journal = journal_of(settings, database, clock)
    kill_switch, limiter = SqlKillSwitch(database), SqlRateLimiter(database)
    recognising = Recognising(patterns)
    scoring = Scoring(
        patterns,
        recognising,
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
    acting = Acting(reader, actuator, journal, SqlFence(database, tenure), kill_switch, clock)
    executing = Executing(
        cases,
        policies,
        reader,
        acting,
        SqlResourceLocks(database, tenure),
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
    learning = Learning(cases, patterns, feedback, scoring, meter, clock, thresholds=thresholds)
    documents, writer, deeds = SqlDocumentStore(database), TemplateWriter(), SqlDeeds(database)
    estate = SqlEstateReader(database)
    own = library.load(settings.runbooks_dir) if settings.runbooks_dir else ()
    notes, index = SqlNoteStore(database), SqlSearchIndex(database)
    noting = Noting(notes, estate, documents, own, clock)
    presenting = Presenting(
        estate, documents, writer, reader, clock, deeds, noting, promises=settings.promises
    )
    searching = Searching(index)
    resembling = Resembling(
        _similar(settings, database), SqlCategories(database), cases, journal, clock
    )
    inquiring = Inquiring(searching, resembling, cases, estate, presenting, reader)
    runbooks = library.load_all(settings.runbooks_dir)
    precedents = Recollecting(cases, recognising, feedback, deeds, estate, clock)
    offline = RunbookResolver(runbooks, reader, precedents, sleep=clock.sleep)
    model = model_of(settings, database, clock)
    resolver = model.resolver(offline, inquiring) if model else offline
    stops = Stops(
        resolving=Resolving(cases, resolver, reader),
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
    authenticating, issuing = admission(settings, database, clock)
    return House(
        clock=clock,
        authenticating=authenticating,
        issuing=issuing,
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
        estate=estate,
        surveying=Surveying(
            reader,
            platforms.lister,
            estate,
            SqlEstateRecorder(database),
            meter,
            clock,
            _limits(settings),
        ),
        documenting=Documenting(
            estate, documents, writer, deeds, model.phraser if model else None
        ),
        notes=notes,
        noting=noting,
        deriving=Deriving(estate),
        drifting=Drifting(estate, deeds, writer),
        presenting=presenting,
        writer=writer,
        publishing=Publishing(
            Sources(
                estate,
                documents,
                presenting,
                Describing(estate, deeds),
                Deriving(estate),
                noting,
                writer,
            ),
            clock,
            presses(),
        ),
        searching=searching,
        inquiring=inquiring,
        model_calls=SqlModelCalls(database),
        indexing=Indexing(index, estate, documents, notes, cases, journal),
        resembling=resembling,
        runbook_pages=shelf(runbooks, settings.runbooks_dir),
        receiving=Receiving(cases, clock, wake),
        approving=Approving(cases, grants, policies, reader, checking, kill_switch, clock, wake),
        governing=Governing(policies, patterns, kill_switch, clock),
        curating=Curating(cases, patterns, clock),
        learning=learning,
        watching=Watching(cases, grants, journal, clock),
        stops=stops,
        meter=meter,
        exposition=meter.exposition,
        superseded=asyncio.Event(),
    )


def _similar(settings: Settings, database: Database) -> SimilarTickets:
    """By words, and with a second opinion where a provider of embeddings is configured."""
    words = SqlSimilarTickets(database)
    if settings.embeddings_url is None:
        return words
    reference, seconds = settings.embeddings_key, settings.embeddings_timeout_seconds
    key = (lambda: secrets.resolve(reference)) if reference else None
    embedder = HttpEmbedder(
        settings.embeddings_url, settings.embeddings_model, key, AT_ONCE * seconds, blotted
    )
    return FusedSimilarTickets(words, embedder, database, settings.embeddings_model, seconds)


def _limits(settings: Settings) -> Limits:
    return Limits(
        believable_ratio=settings.survey_believable_ratio,
        time_limit_seconds=settings.survey_time_limit_seconds,
        version_days=settings.estate_version_days,
        measurement_days=settings.estate_measurement_days,
        payload_days=settings.estate_payload_days,
    )


def _weights(settings: Settings) -> Weights:
    return Weights(
        ai_confidence=settings.weight_ai_confidence,
        human_feedback=settings.weight_human_feedback,
        success_history=settings.weight_success_history,
        pattern_match=settings.weight_pattern_match,
    )


def journal_of(settings: Settings, database: Database, clock: Clock) -> SqlJournal:
    """The journal, with its anchors beside the data."""
    return SqlJournal(database, AnchorFile(anchors_of(settings)), clock)


def anchors_of(settings: Settings) -> Path:
    """The file with the anchors of the journal."""
    return settings.data_dir / "anchors.jsonl"


def workflows_of(settings: Settings) -> Path:
    """The file with the workflows; on PostgreSQL they are in the database."""
    return (settings.data_dir / "workflows.sqlite").absolute()
