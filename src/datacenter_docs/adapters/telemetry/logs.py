"""How the product writes its log; called once by `bootstrap`, before anything else is opened."""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger


def configure_logging(level: str) -> None:
    """One canonical line per event on standard error: for people on a terminal, JSON anywhere else."""
    # The SDK logs what our sessions report themselves, with a traceback for every line that is not MCP.
    logging.getLogger("mcp").setLevel(logging.CRITICAL)
    renderer = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            visible,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def visible(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Characters that nobody sees as their codes: what a server says in an error must not steer the reader's terminal. Line
    ends stay, since a traceback has them.
    """
    return {key: _seen(value) if isinstance(value, str) else value for key, value in event.items()}


def _seen(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)
