"""Which snapshots go: the rule that every kind of volume of the storage room obeys."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from datacenter_mcp.contract.errors import InvalidRequest
from datacenter_mcp.storage.choosing import age_seconds, choose
from datacenter_mcp.storage.operations import ClearParameters, ExpandParameters, size_to_reach

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MIB = 1024 * 1024


@dataclass(frozen=True)
class Taken:
    """A snapshot `seconds` before now."""

    label: str
    number: int
    seconds: int
    origin: str = "one"

    @property
    def created_at(self) -> datetime:
        return NOW - timedelta(seconds=self.seconds)


def deleted(*snapshots: Taken, older_than_seconds: int = 60) -> list[str]:
    wanted = ClearParameters(older_than_seconds=older_than_seconds)
    return [one.label for one in choose(snapshots, wanted, NOW).delete]


def test_a_snapshot_of_exactly_that_age_is_kept():
    assert deleted(Taken("a", 1, 61), Taken("b", 2, 60), Taken("c", 3, 59)) == ["a"]


def test_the_newest_of_each_origin_is_kept_whatever_its_age():
    taken = (Taken("a", 1, 90), Taken("b", 2, 80), Taken("c", 3, 99, "two"))

    assert deleted(*taken) == ["a"]


def test_of_two_of_one_moment_the_later_number_is_the_newest():
    assert deleted(Taken("b", 2, 90), Taken("a", 1, 90)) == ["a"]


def test_a_snapshot_from_the_future_is_of_no_age():
    assert age_seconds(Taken("a", 1, -100), NOW) == 0
    assert deleted(Taken("a", 1, -100), Taken("b", 2, -200), older_than_seconds=0) == []


@pytest.mark.parametrize(
    ("wanted", "has", "reach"),
    [
        (65 * MIB, 64 * MIB, 65 * MIB),
        (64 * MIB + 1, 64 * MIB, 65 * MIB),
        (64 * MIB, 64 * MIB, None),
        (64 * MIB - 1, 64 * MIB, None),
        (64 * MIB + 1, 64 * MIB + 5, None),
    ],
)
def test_a_size_is_reached_in_whole_mib(wanted, has, reach):
    assert size_to_reach(ExpandParameters(size_bytes=wanted), has, "it") == reach


def test_a_smaller_size_is_told():
    with pytest.raises(InvalidRequest, match="never made smaller"):
        size_to_reach(ExpandParameters(size_bytes=63 * MIB), 64 * MIB, "it")
