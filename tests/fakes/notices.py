"""The fakes of `ports/notices.py`: they keep what they were told."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from datacenter_docs.ports.notices import Notice


class FakeNotifier:
    """Every notice, in order."""

    def __init__(self) -> None:
        self.sent: list[Notice] = []

    async def notify(self, notice: Notice) -> None:
        self.sent.append(notice)


class FakeMeter:
    """Counts by what happened and where."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.documents: dict[str, str] = {}

    def scored(self, category: str, score: float) -> None:
        self.counts["scored"] += 1

    def attempted(self, category: str) -> None:
        self.counts["attempted"] += 1

    def succeeded(self, category: str) -> None:
        self.counts["succeeded"] += 1

    def failed(self, category: str) -> None:
        self.counts["failed"] += 1

    def feedback(self, feedback_type: str) -> None:
        self.counts[f"feedback {feedback_type}"] += 1

    def surveyed(self, seconds: float) -> None:
        self.counts["surveyed"] += 1

    def documented(self, states: Mapping[str, str]) -> None:
        self.documents = dict(states)

    def covered(self, connection: str, read_at: datetime | None) -> None:
        self.counts[f"covered {connection}"] += 1

    def resources(self, by_platform: Mapping[str, int]) -> None:
        self.counts.update({f"resources {name}": number for name, number in by_platform.items()})
