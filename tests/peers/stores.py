"""The real stores over one database."""

from pathlib import Path

from tests.fakes.storage import Storage, seen_five_times

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
from datacenter_docs.adapters.persistence.tokens.store import SqlTokenStore
from datacenter_docs.adapters.persistence.written.store import SqlDocumentStore
from datacenter_docs.adapters.retrieval.categories import SqlCategories
from datacenter_docs.adapters.retrieval.similar import SqlSimilarTickets
from datacenter_docs.ports.clock import Clock


def sql_storage(database: Database, anchors: Path, clock: Clock) -> Storage:
    return Storage(
        cases=SqlCaseStore(database),
        journal=SqlJournal(database, AnchorFile(anchors), clock),
        policies=SqlPolicyStore(database),
        patterns=SqlPatternStore(database),
        feedback=SqlFeedbackStore(database),
        history=SqlHistory(database),
        grants=SqlGrantStore(database),
        fence=SqlFence(database, None),
        locks=SqlResourceLocks(database),
        limiter=SqlRateLimiter(database),
        kill_switch=SqlKillSwitch(database),
        statistics=SqlStatisticsStore(database, seen_five_times),
        requests=SqlRequestMemory(database),
        estate=SqlEstateReader(database),
        recorder=SqlEstateRecorder(database),
        documents=SqlDocumentStore(database),
        deeds=SqlDeeds(database),
        notes=SqlNoteStore(database),
        search=SqlSearchIndex(database),
        similar=SqlSimilarTickets(database),
        categories=SqlCategories(database),
        model_calls=SqlModelCalls(database),
        tokens=SqlTokenStore(database),
    )
