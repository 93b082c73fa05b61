"""A case with everything that decisions about it look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailflow.core.case.case import Case
    from mailflow.core.case.clock import CaseClock
    from mailflow.core.case.participant import Participant


@dataclass(frozen=True)
class UndeliveredMail:
    """A mail that waits or was given up. ``reason`` is the server's code or a neutral word."""

    id: str
    recipient: str
    cause: str
    reason: str


@dataclass(frozen=True)
class CaseFile:
    """``escalations_*`` are the addresses that an escalation was ordered for, and reached;
    ``undelivered`` is the mail that a timer speaks of. They are filled in only where time is
    followed up.
    """

    case: Case
    participants: tuple[Participant, ...] = ()
    clocks: tuple[CaseClock, ...] = ()
    escalations_ordered: frozenset[str] = frozenset()
    escalations_sent: frozenset[str] = frozenset()
    undelivered: UndeliveredMail | None = None

    def participant(self, address: str) -> Participant | None:
        """Who has this address (in normal form) in the case."""
        return next((who for who in self.participants if who.address == address), None)

    def running(self, target: str) -> CaseClock | None:
        """The clock of this target that is neither met nor closed."""
        return next((c for c in self.clocks if c.target == target and c.is_running), None)
