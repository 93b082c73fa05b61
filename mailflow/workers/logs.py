"""Logs for operators: one JSON line an event, with ids; no bodies, names or addresses."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger


def set_up_logs(*, level: int = logging.INFO) -> None:
    """Send every log line to standard error, exceptions by type and place only."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _say_where,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_open_log,
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    # The library logs the arguments of failing calls, which may hold what mail said.
    logging.getLogger("dramatiq").setLevel(logging.CRITICAL)


def _open_log(*_names: object) -> structlog.PrintLogger:
    """Standard error as it is now, not as it was when logs were set up."""
    return structlog.PrintLogger(sys.stderr)


def _say_where(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception's text may quote mail: keep its type and the lines it passed through."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["where"] = [
            f"{frame.filename.rpartition('/mailflow/')[2]}:{frame.lineno}" for frame in frames[-6:]
        ]
    return event
