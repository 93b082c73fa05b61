"""Keeping the process' clock with the database's, for as long as it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from mailflow.errors import TemporaryError
from mailflow.store.database_clock import DatabaseClock

if TYPE_CHECKING:
    from threading import Event

    from mailflow.bootstrap import Runtime

LOOK_SECONDS = 60.0

log = structlog.get_logger()


def keep_time(runtime: Runtime, stop: Event) -> None:
    """Look at the database's time each minute until told to stop; without such a clock, wait."""
    clock = runtime.clock
    if not isinstance(clock, DatabaseClock):
        stop.wait()
        return
    while not stop.wait(LOOK_SECONDS):
        try:
            clock.look()
        except TemporaryError as error:
            log.warning("database_time_unknown", error=str(error))
