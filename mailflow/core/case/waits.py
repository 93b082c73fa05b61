"""When a case waited, for whom, and what was asked. Which clocks that stops is policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.commands import WaitFor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

STATES = {
    WaitFor.EMPLOYEE: State.WAITING_EMPLOYEE,
    WaitFor.THIRD_PARTY: State.WAITING_THIRD_PARTY,
    WaitFor.INTERNAL: State.WAITING_INTERNAL,
}


@dataclass(frozen=True)
class Thread:
    """The employee's last message before the question; ids stand without angle brackets.
    ``subject`` is "" where it may not be echoed.
    """

    message_id: str | None = None
    references: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True)
class Waiting:
    """One stretch of waiting. ``cause`` is the mail that began it; ``ended_at`` None while on.

    ``dues`` are the due times of the clocks that it stopped, by target, as they stood then;
    ``thread`` is what the question answered, so that a reminder joins the same conversation.
    ``runs_on``: the case had rested long enough before, so that nothing stood still this time.
    """

    waits_for: WaitFor
    since: datetime
    until: datetime | None = None
    question: str = ""
    by: str = ""
    cause: str = ""
    ended_at: datetime | None = None
    dues: Mapping[str, datetime] = field(default_factory=dict)
    thread: Thread | None = None
    runs_on: bool = False

    @property
    def pauses_clocks(self) -> bool:
        """An internal wait pauses nothing; a third party's only with a date."""
        if self.waits_for is WaitFor.INTERNAL or self.runs_on:
            return False
        return self.waits_for is WaitFor.EMPLOYEE or self.until is not None
