"""`Meter` for Prometheus, with the seed's names. Each house has its own registry, so that two in one process never mix."""

from collections.abc import Callable, Mapping
from datetime import datetime
from math import nan

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest


class PrometheusMeter:
    """Counts since the start of the process."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        # else each counter has a second series, of which no name of the seed speaks
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's own way, untyped
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._score = Gauge(
            "datacenter_docs_reliability_score",
            "Reliability score (0-100) of the latest ticket of a category.",
            ["category"],
            registry=self._registry,
        )
        self._attempts = self._counter(
            "auto_remediation_attempts", "Remediations that were started.", "category"
        )
        self._successes = self._counter(
            "auto_remediation_success", "Remediations that ended resolved.", "category"
        )
        self._failures = self._counter(
            "auto_remediation_failures", "Remediations that ended otherwise.", "category"
        )
        self._feedback = self._counter("feedback", "Feedback given.", "type")
        self._survey = Gauge(
            "datacenter_docs_survey_duration_seconds",
            "How long the newest survey took.",
            registry=self._registry,
        )
        self._resources = Gauge(
            "datacenter_docs_resources",
            "Resources that are known to be there.",
            ["platform"],
            registry=self._registry,
        )
        self._documents = Gauge(
            "datacenter_docs_document_freshness",
            "1 for the state that a document is in: fresh, stale, contradicted or source_gone.",
            ["document", "state"],
            registry=self._registry,
        )
        self._age = Gauge(
            "datacenter_docs_connection_age_seconds",
            "Time since the newest complete reading of a connection began; NaN: there was none.",
            ["connection"],
            registry=self._registry,
        )

    def scored(self, category: str, score: float) -> None:
        self._score.labels(category).set(score)

    def attempted(self, category: str) -> None:
        self._attempts.labels(category).inc()

    def succeeded(self, category: str) -> None:
        self._successes.labels(category).inc()

    def failed(self, category: str) -> None:
        self._failures.labels(category).inc()

    def feedback(self, feedback_type: str) -> None:
        self._feedback.labels(feedback_type).inc()

    def surveyed(self, seconds: float) -> None:
        self._survey.set(seconds)

    def covered(self, connection: str, read_at: datetime | None) -> None:
        """The age grows by itself, so it is counted when somebody asks for it."""
        began = nan if read_at is None else read_at.timestamp()
        self._age.labels(connection).set_function(lambda: self._now().timestamp() - began)

    def documented(self, states: Mapping[str, str]) -> None:
        self._documents.clear()
        for document, state in states.items():
            self._documents.labels(document, state).set(1)

    def resources(self, by_platform: Mapping[str, int]) -> None:
        self._resources.clear()
        for platform, number in by_platform.items():
            self._resources.labels(platform).set(number)

    def exposition(self) -> tuple[bytes, str]:
        """The metrics in Prometheus' text format, and its media type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST

    def _counter(self, name: str, told: str, label: str) -> Counter:
        """The client library adds `_total` to the name."""
        return Counter(f"datacenter_docs_{name}", told, [label], registry=self._registry)
