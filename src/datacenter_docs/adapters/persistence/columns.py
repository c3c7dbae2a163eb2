"""Column types that mean the same on both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Name = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is sorted or compared: by code point on both databases, whatever the server's language is."""

Sequence = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit key; SQLite keeps it as the row's own number only under the name INTEGER."""


def microseconds(moment: datetime) -> int:
    """Since 1970 in UTC. Raises `TypeError` for a time without zone."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """The other way. Raises `OverflowError` outside the years 1 to 9999."""
    return _EPOCH + timedelta(microseconds=microseconds)


class UtcTime(TypeDecorator[datetime]):
    """A moment, as microseconds since 1970 in UTC.

    A number sorts, compares and averages the same on both databases and loses nothing; SQLite has no time type, and
    ISO text sorts wrongly as soon as one writer leaves the zeros of the microseconds out. Naive times are an error.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else moment(value)
