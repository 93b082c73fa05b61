"""Whoever asks an open circuit learns with the answer whether theirs is the trial."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mailflow.clock import SteeredClock
from mailflow.core.policy.circuit import FAILURES_THAT_OPEN, Fault
from mailflow.delivery.circuit_breaker import CircuitBreaker
from mailflow.delivery.smtp import Answer, Outcome

AWAY = Answer(Outcome.TRANSIENT, "away", fault=Fault.AWAY)


def test_only_one_of_those_who_ask_an_open_circuit_has_the_trial() -> None:
    clock = SteeredClock(datetime(2026, 11, 24, tzinfo=UTC))
    breaker = CircuitBreaker(clock)
    assert breaker.ask_for(20) == (20, False)
    for _ in range(FAILURES_THAT_OPEN):
        breaker.note(AWAY)
    assert breaker.ask_for(20) == (0, False)
    clock.advance(timedelta(seconds=3))
    assert breaker.ask_for(20) == (1, True)
    assert breaker.ask_for(20) == (0, False)
    breaker.through()
    assert breaker.ask_for(20) == (1, True)
