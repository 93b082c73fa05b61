"""The circuit breaker of a relay: after some failures in a row it is left alone for a while."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

FAILURES_THAT_OPEN = 5


class Fault(StrEnum):
    """What went wrong with the relay itself, whatever the mail."""

    AWAY = "away"
    """No connection could be made: asking again soon costs nobody anything."""
    REFUSES = "refuses"
    """It is there and will not serve us: a log-in that is tried too often locks an account."""
    BREAKS = "breaks"
    """It begins to serve us, and goes silent or hangs up."""


_PAUSES_SECONDS = {
    Fault.AWAY: (2.0, 2.0),
    Fault.REFUSES: (30.0, 900.0),
    Fault.BREAKS: (5.0, 60.0),
}
"""The first pause, and the longest one that it doubles to."""


@dataclass(frozen=True)
class Circuit:
    """``failures`` in a row, the last one by ``fault``; left alone until ``rests_until``, in
    monotonic seconds. On trial, one mail is under way to find out how the relay is. ``is_proven``
    once the relay has served us.
    """

    failures: int = 0
    fault: Fault | None = None
    rests_until: float = 0.0
    is_on_trial: bool = False
    is_proven: bool = False

    @property
    def is_open(self) -> bool:
        return self.failures >= FAILURES_THAT_OPEN

    def allowance(self, wanted: int, *, now: float) -> int:
        """How many mails may be tried now: all while closed, one on trial, none while it rests."""
        if not self.is_open:
            return wanted
        return 0 if self.is_on_trial or now < self.rests_until else min(wanted, 1)

    def on_trial(self) -> Circuit:
        return replace(self, is_on_trial=self.is_open)

    def after_no_trial(self) -> Circuit:
        """There was nothing to try it with."""
        return replace(self, is_on_trial=False)

    def after_failure(self, fault: Fault, *, now: float) -> Circuit:
        if self.is_open and not self.is_on_trial:
            # Was under way when the circuit opened: tells nothing that is not known.
            return self
        failures = self.failures + 1
        first, longest = _PAUSES_SECONDS[fault]
        doublings = min(max(failures - FAILURES_THAT_OPEN, 0), 10)
        pause = min(first * (1 << doublings), longest)
        return Circuit(failures, fault, now + pause, is_proven=self.is_proven)

    def after_success(self) -> Circuit:
        return Circuit(is_proven=True)
