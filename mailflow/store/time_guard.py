"""Whether what time alone makes due may be done: not after the clock has jumped.

Kept as a word in the database, so that all processes stop, and those that start later too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from mailflow.core.policy.clock_jump import say_gap, say_jump
from mailflow.store import instance
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from mailflow.clock import Clock

CLOCK = "clock"
"""The heartbeat with the last moment that was believed, and why a later one is not."""
_ACCEPTED = "clock accepted"
"""The heartbeat with the moment at which a person last said that the time is right."""
_WORD_EVERY = timedelta(minutes=1)

log = structlog.get_logger()


class TimeGuard:
    """One for each process. Wall time is held against steady seconds at each question."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = Lock()
        # The last believed moment with its steady seconds, and when word of one was left.
        self._believed: tuple[datetime, float] | None = None
        self._word_at: datetime | None = None
        self._has_doubt = False
        self._accepted_at: datetime | None = None

    def is_trusted(self) -> bool:
        """False while the time may be wrong: no nudge, no purge, no held or put-off mail then.

        Raises TemporaryError.
        """
        with self._lock:
            return self._look()

    def accept(self) -> None:
        """A person says that the time is right. Raises TemporaryError."""
        now = self._clock.now()
        with transaction(self._engine) as connection:
            instance.beat(connection, CLOCK, now=now)
            instance.beat(connection, _ACCEPTED, now=now)

    def _look(self) -> bool:
        told, seconds = self._clock.now(), self._clock.monotonic()
        with reading(self._engine) as connection:
            word = instance.heartbeat_note(connection, CLOCK)
            last = instance.heartbeat_at(connection, CLOCK)
            accepted_at = instance.heartbeat_at(connection, _ACCEPTED)
        if accepted_at != self._accepted_at:
            # Perhaps by another process, and before this one saw the clock jump.
            self._accepted_at = accepted_at
            self._believed = None
            self._has_doubt = False
        doubt = self._find_doubt(told, seconds, last)
        if doubt is not None:
            if word is None:
                log.error("clock_not_believed", reason=doubt)
                self._leave_word(last or told, doubt)
            self._has_doubt = True
            return False
        if word is not None and not self._has_doubt:
            return False
        if self._has_doubt or self._word_at is None or told - self._word_at >= _WORD_EVERY:
            self._believe(told)
        self._believed = told, seconds
        return True

    def _find_doubt(self, told: datetime, seconds: float, last: datetime | None) -> str | None:
        if self._believed is not None:
            moment, then = self._believed
            return say_jump(told, moment + timedelta(seconds=seconds - then))
        return say_gap(told, last) if last is not None else None

    def _believe(self, told: datetime) -> None:
        self._leave_word(told, None)
        self._believed = told, self._clock.monotonic()
        self._has_doubt = False
        self._word_at = told

    def _leave_word(self, at: datetime, note: str | None) -> None:
        with transaction(self._engine) as connection:
            instance.beat(connection, CLOCK, now=at, note=note)
