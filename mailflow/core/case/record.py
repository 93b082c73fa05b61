"""The six documentation fields of a case, filled from what is on record, and how many are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from mailflow.core.case.content import Template
from mailflow.core.case.events import SYSTEM, Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mailflow.core.case.case import Case

_NO_ACTIONS = frozenset(
    {
        EventKind.CASE_OPENED,
        EventKind.MESSAGE_RECEIVED,
        EventKind.AUTOMATIC_MAIL_RECEIVED,
        EventKind.MAIL_HELD,
    }
)


@dataclass(frozen=True)
class Party:
    """Somebody the case is about; ``name`` is the address where no name is known."""

    name: str
    role: str


@dataclass(frozen=True)
class ActionTaken:
    at: datetime
    what: str
    by: str


@dataclass(frozen=True)
class Record:
    """What a complete file says: received, described, about whom, done, found, resolved.

    ``resolution`` is the outcome in the words of whoever closed the case.
    """

    date_received: datetime
    description: str | None
    parties: tuple[Party, ...]
    actions: tuple[ActionTaken, ...]
    outcome: str | None
    resolution_date: datetime | None
    resolution: str | None = None

    @property
    def filled(self) -> int:
        """How many of the six say something."""
        fields = (
            self.date_received,
            self.description,
            self.parties,
            self.actions,
            self.outcome,
            self.resolution_date,
        )
        return sum(bool(field) for field in fields)


def keep_record(
    case: Case, events: Iterable[Event], *, description: str | None, names: Mapping[str, str]
) -> Record:
    """``description`` is what the first mail said; ``names`` are people's names by address."""
    listed = tuple(events)
    return Record(
        date_received=case.opened_at,
        description=(description or "").strip() or None,
        parties=_parties(case, names),
        actions=tuple(
            ActionTaken(e.at, str(e.kind), e.actor) for e in listed if _is_action(e, case)
        ),
        outcome=_outcome(listed),
        resolution_date=_resolution_date(case),
        resolution=case.record.closing.resolution if case.record.closing else None,
    )


def _parties(case: Case, names: Mapping[str, str]) -> tuple[Party, ...]:
    """Whoever a sensitive mail names is only called so: witness or subject is for a person to
    say.
    """
    role = "complainant" if case.case_class.is_sealed else "requester"
    named = {names.get(address, address) for address in case.excluded}
    told = tuple(Party(one.name, one.role) for one in case.record.parties)
    named -= {party.name for party in told}
    return (
        Party(names.get(case.requester, case.requester), role),
        *told,
        *(Party(name, "named") for name in sorted(named)),
    )


def _resolution_date(case: Case) -> datetime | None:
    """The day that was stated when the case was closed, at its start in UTC."""
    closing = case.record.closing
    if closing is None:
        return case.resolved_at
    return datetime.combine(closing.date, time(), tzinfo=UTC)


def _is_action(event: Event, case: Case) -> bool:
    """What people did, an escalation, or an answer that left: an acknowledgement is none."""
    if event.kind is EventKind.MAIL_SENT:
        return event.data.get("template") == Template.REPLY
    if event.kind is EventKind.ESCALATED:
        return True
    return event.kind not in _NO_ACTIONS and event.actor not in (SYSTEM, case.requester)


def _outcome(events: tuple[Event, ...]) -> str | None:
    """The last outcome that an event states."""
    stated = [str(event.data["outcome"]) for event in events if event.data.get("outcome")]
    return stated[-1] if stated else None
