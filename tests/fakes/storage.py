"""All stores of one database, real or fake, under one name each; and all fakes over one memory."""

from dataclasses import dataclass

from tests.fakes.categories import FakeCategories
from tests.fakes.deeds import FakeDeeds
from tests.fakes.documents import FakeDocumentStore
from tests.fakes.estate import FakeEstateReader, FakeEstateRecorder
from tests.fakes.estate_memory import EstateMemory
from tests.fakes.fence import FakeFence
from tests.fakes.grants import FakeGrantStore
from tests.fakes.guards import FakeKillSwitch, FakeRateLimiter, FakeResourceLocks
from tests.fakes.journal import FakeJournal
from tests.fakes.memory import Memory
from tests.fakes.model_calls import FakeModelCalls
from tests.fakes.notes import FakeNoteStore
from tests.fakes.patterns import FakeFeedbackStore, FakeHistory, FakePatternStore
from tests.fakes.policies import FakePolicyStore
from tests.fakes.requests import FakeRequestMemory
from tests.fakes.searching import FakeSearchIndex
from tests.fakes.similar import FakeSimilarTickets
from tests.fakes.statistics import FakeStatisticsStore
from tests.fakes.tickets import FakeCaseStore
from tests.fakes.tokens import FakeTokenStore

from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.ports.categories import Categories
from datacenter_docs.ports.deeds import Deeds
from datacenter_docs.ports.documents import DocumentStore
from datacenter_docs.ports.estate import EstateReader, EstateRecorder
from datacenter_docs.ports.fence import Fence
from datacenter_docs.ports.grants import GrantStore
from datacenter_docs.ports.guards import KillSwitch, RateLimiter, ResourceLocks
from datacenter_docs.ports.journal import Journal
from datacenter_docs.ports.model_calls import ModelCalls
from datacenter_docs.ports.notes import NoteStore
from datacenter_docs.ports.patterns import FeedbackStore, History, PatternStore
from datacenter_docs.ports.policies import PolicyStore
from datacenter_docs.ports.requests import RequestMemory
from datacenter_docs.ports.searching import SearchIndex
from datacenter_docs.ports.similar import SimilarTickets
from datacenter_docs.ports.statistics import StatisticsStore
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.ports.tokens import TokenStore


@dataclass(frozen=True)
class Storage:
    """The storage ports, served from one place."""

    cases: CaseStore
    journal: Journal
    policies: PolicyStore
    patterns: PatternStore
    feedback: FeedbackStore
    history: History
    grants: GrantStore
    fence: Fence
    locks: ResourceLocks
    limiter: RateLimiter
    kill_switch: KillSwitch
    statistics: StatisticsStore
    requests: RequestMemory
    estate: EstateReader
    recorder: EstateRecorder
    documents: DocumentStore
    deeds: Deeds
    notes: NoteStore
    search: SearchIndex
    similar: SimilarTickets
    categories: Categories
    model_calls: ModelCalls
    tokens: TokenStore


def seen_five_times(pattern: Pattern) -> bool:
    """A simple rule of eligibility for tests of the statistics."""
    return pattern.occurrences >= 5


def fake_storage() -> Storage:
    memory = Memory()
    estate = EstateMemory(memory)
    return Storage(
        cases=FakeCaseStore(memory),
        journal=FakeJournal(memory),
        policies=FakePolicyStore(memory),
        patterns=FakePatternStore(memory),
        feedback=FakeFeedbackStore(memory),
        history=FakeHistory(memory),
        grants=FakeGrantStore(memory),
        fence=FakeFence(memory),
        locks=FakeResourceLocks(memory),
        limiter=FakeRateLimiter(memory),
        kill_switch=FakeKillSwitch(memory),
        statistics=FakeStatisticsStore(memory, seen_five_times),
        requests=FakeRequestMemory(memory),
        estate=FakeEstateReader(estate),
        recorder=FakeEstateRecorder(estate),
        documents=FakeDocumentStore(),
        deeds=FakeDeeds(memory),
        notes=FakeNoteStore(memory),
        search=FakeSearchIndex(),
        similar=FakeSimilarTickets(),
        categories=FakeCategories(),
        model_calls=FakeModelCalls(),
        tokens=FakeTokenStore(memory),
    )
