"""How often somebody may fail: a bucket that each failure fills by one, and that leaks. Pure."""

from datetime import datetime, timedelta
from typing import NamedTuple


class Bucket(NamedTuple):
    """How full it was, in failures, and when that was seen."""

    level: float
    at: datetime


def level(bucket: Bucket | None, now: datetime, most: int, span: timedelta) -> float:
    """How full it is now. None: nothing failed. A clock that went back lets nothing leak."""
    if bucket is None:
        return 0.0
    passed = max(timedelta(), now - bucket.at)
    return max(0.0, bucket.level - most * (passed / span))


def failed(bucket: Bucket | None, now: datetime, most: int, span: timedelta) -> Bucket:
    """The bucket after one more failure; it never holds more than `most`."""
    return Bucket(min(float(most), level(bucket, now, most, span) + 1), now)


def wait_seconds(bucket: Bucket | None, now: datetime, most: int, span: timedelta) -> float:
    """How long until it takes one more failure; 0: it does now."""
    over = level(bucket, now, most, span) + 1 - most
    return max(0.0, over / most * span.total_seconds())
