"""The database's errors in our own words, so that nobody above this room sees an SQLAlchemy error."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from datacenter_docs.domain.errors import Broken, Invalid, Unavailable

_RETRY_AFTER_SECONDS = 1.0
_NOT_NOW = (OperationalError, InterfaceError, InternalError, PoolTimeoutError)


def translated(error: Exception) -> Exception:
    """The error to raise instead; what did not come from the database is returned as it is.

    Locked, full, lost: `Unavailable`. Text that it cannot keep: `Invalid`. Anything else it says: `Broken`.
    """
    if isinstance(error, UnicodeEncodeError):
        return Invalid(
            "The text is not valid Unicode (half of a surrogate pair); it cannot be stored."
        )
    if not isinstance(error, SQLAlchemyError):
        return error
    reason = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    if isinstance(error, _NOT_NOW) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return Unavailable(f"The database did not take the call: {reason}", _RETRY_AFTER_SECONDS)
    if isinstance(error, DataError):
        return Invalid(f"The database cannot store this: {reason}")
    return Broken(f"The database refused the statement: {reason}")


@contextmanager
def translating() -> Iterator[None]:
    """Translate whatever the database raises inside."""
    try:
        yield
    except (SQLAlchemyError, UnicodeEncodeError) as error:
        raise translated(error) from error
