"""What the threads of a process know in common about the relay they send to."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import structlog

from mailflow.core.policy.circuit import Circuit, Fault
from mailflow.store import outbox_claims
from mailflow.store.session import transaction

if TYPE_CHECKING:
    from mailflow.clock import Clock
    from mailflow.delivery.post_room import PostRoom
    from mailflow.delivery.smtp import Answer

log = structlog.get_logger()


class CircuitBreaker:
    """One relay's circuit. ``clock`` only has to be monotonic."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._circuit = Circuit()
        self._lock = Lock()
        self._has_returned = False

    @property
    def fault(self) -> Fault | None:
        """What is wrong with the relay as far as is known."""
        return self._circuit.fault

    @property
    def is_open(self) -> bool:
        return self._circuit.is_open

    def ask_for(self, wanted: int) -> tuple[int, bool]:
        """How many mails may be taken now, and whether they are the trial of an open circuit: its
        taker is the only one to try, until an answer is noted or they are ``through``.
        """
        with self._lock:
            allowed = self._circuit.allowance(wanted, now=self._clock.monotonic())
            if allowed:
                self._circuit = self._circuit.on_trial()
            return allowed, self._circuit.is_on_trial and allowed > 0

    def through(self) -> None:
        """Whoever got the trial by ``ask_for`` is done, if only because there was no mail."""
        with self._lock:
            self._circuit = self._circuit.after_no_trial()

    def note(self, answer: Answer) -> None:
        with self._lock:
            before = self._circuit
            if answer.fault is None:
                self._circuit = before.after_success()
                self._has_returned |= not before.is_proven or before.fault is not None
            else:
                now = self._clock.monotonic()
                self._circuit = before.after_failure(answer.fault, now=now)
            after = self._circuit
        if after.is_open != before.is_open:
            log.warning("relay_circuit", is_open=after.is_open, fault=after.fault)

    def take_return(self) -> bool:
        """Whether the relay has begun to answer since the last call."""
        with self._lock:
            returned, self._has_returned = self._has_returned, False
            return returned


def hasten_unreached(room: PostRoom) -> bool:
    """Once the relay answers again, mail that was put off because nobody was there is due at once;
    whether any was. Raises TemporaryError.
    """
    if not room.breaker.take_return():
        return False
    with transaction(room.engine) as connection:
        return outbox_claims.hasten_unreached(connection, now=room.clock.now()) > 0
