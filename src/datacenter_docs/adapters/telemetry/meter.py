"""`Meter` for Prometheus, with the seed's names. Each house has its own registry, so that two in one process never mix."""

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

    def __init__(self) -> None:
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

    def exposition(self) -> tuple[bytes, str]:
        """The metrics in Prometheus' text format, and its media type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST

    def _counter(self, name: str, told: str, label: str) -> Counter:
        """The client library adds `_total` to the name."""
        return Counter(f"datacenter_docs_{name}", told, [label], registry=self._registry)
