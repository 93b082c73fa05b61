"""The record of a case: parties, allegations, findings, actions, its end; and its 6/6 meter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from mailflow.core.case.commands import FindingResult, PartyRole

FIELDS = (
    "date_received",
    "description",
    "parties",
    "actions",
    "outcome",
    "resolution_date",
)
"""The six documentation fields, in the order in which they are shown."""


@dataclass(frozen=True)
class Party:
    """``address`` is the person's in normal form, where the name is known; None else."""

    name: str
    role: PartyRole
    address: str | None = None


@dataclass(frozen=True)
class Allegation:
    kind: str
    text: str


@dataclass(frozen=True)
class Finding:
    """``allegation`` counts from 1."""

    allegation: int
    result: FindingResult
    basis: str


@dataclass(frozen=True)
class CaseAction:
    """Something to be done, or done, about the case."""

    text: str
    who: str = ""
    due: date | None = None
    done_at: datetime | None = None


@dataclass(frozen=True)
class Closing:
    """How a case ends. ``cause`` is the mail that asked for it; ``facts`` are the other answers
    that the gates ask for (complainant, subject, corrective, hold, aftercare).
    """

    outcome: str
    resolution: str
    date: date
    by: str
    cause: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseLink:
    """``kind``: related, follows, followed_by, merged_from, split_from, split_to."""

    ref: str
    kind: str


@dataclass(frozen=True)
class CaseRecord:
    """``pending`` is a closing whose outcome mail has not left yet; ``stands_in_for`` the absent
    owner who gets the case back, "" for nobody. ``is_sorted_by_hand``: somebody chose the
    category, so that rules no longer move it.
    """

    parties: tuple[Party, ...] = ()
    allegations: tuple[Allegation, ...] = ()
    findings: tuple[Finding, ...] = ()
    actions: tuple[CaseAction, ...] = ()
    links: tuple[CaseLink, ...] = ()
    redactions: tuple[str, ...] = ()
    plan: str = ""
    begun_at: datetime | None = None
    description: str = ""
    hold: str = ""
    release_asked_by: str = ""
    export_asked_by: str = ""
    export_approved_by: str = ""
    closing: Closing | None = None
    pending: Closing | None = None
    has_answer: bool = False
    is_sorted_by_hand: bool = False
    stands_in_for: str = ""
    reminders: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def finding_for(self, allegation: int) -> Finding | None:
        """The newest finding about an allegation, counted from 1."""
        found = [one for one in self.findings if one.allegation == allegation]
        return found[-1] if found else None

    @property
    def undecided(self) -> tuple[int, ...]:
        """The numbers of allegations that nothing was found about yet."""
        numbers = range(1, len(self.allegations) + 1)
        return tuple(n for n in numbers if self.finding_for(n) is None)


@dataclass(frozen=True)
class Meter:
    """Which of the six fields are filled, in their order."""

    filled: tuple[str, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return f"{len(self.filled)}/{len(FIELDS)}"


def read_meter(record: CaseRecord, *, closing: Closing | None = None) -> Meter:
    """The meter as it would be with ``closing``; a requester counts as a party, an answer that
    reached them as an action.
    """
    ending = closing or record.closing
    filled = {
        "date_received": True,
        "description": True,
        "parties": True,
        "actions": bool(record.actions) or record.has_answer or bool(record.begun_at),
        "outcome": bool(ending and ending.outcome and ending.resolution),
        "resolution_date": bool(ending),
    }
    return Meter(
        tuple(name for name in FIELDS if filled[name]),
        tuple(name for name in FIELDS if not filled[name]),
    )
