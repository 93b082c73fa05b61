"""What staff can tell a case to do, one frozen value a verb. How they write it is
command_grammar.py; what comes of it is policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.case.command_dates import When
from mailflow.core.case.command_moments import Moment

if TYPE_CHECKING:
    from mailflow.core.case.case import Risk

NO_DATE = When()
NO_MOMENT = Moment()


class WaitFor(StrEnum):
    EMPLOYEE = "employee"
    THIRD_PARTY = "third_party"
    INTERNAL = "internal"


class Outcome(StrEnum):
    """How a case ended. The last four are findings, for employee relations and investigations."""

    RESOLVED = "resolved"
    ANSWERED = "answered"
    NO_ACTION = "no_action"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    SUBSTANTIATED = "substantiated"
    PARTIALLY_SUBSTANTIATED = "partially_substantiated"
    UNSUBSTANTIATED = "unsubstantiated"
    INCONCLUSIVE = "inconclusive"


class FindingResult(StrEnum):
    SUBSTANTIATED = "substantiated"
    PARTIALLY_SUBSTANTIATED = "partially_substantiated"
    UNSUBSTANTIATED = "unsubstantiated"
    INCONCLUSIVE = "inconclusive"
    NOT_INVESTIGATED = "not_investigated"


class PartyRole(StrEnum):
    """A requester is a party without being named one."""

    REQUESTER = "requester"
    COMPLAINANT = "complainant"
    SUBJECT = "subject"
    WITNESS = "witness"
    OTHER = "other"


@dataclass(frozen=True)
class Command:
    """``line`` is where it stands in the mail, from 1; ``verb`` as it is listed."""

    verb: str
    line: int


@dataclass(frozen=True)
class Reply(Command):
    confirmed: bool = False


@dataclass(frozen=True)
class Send(Command):
    """``note`` counts the case's notes from 1; None is the newest."""

    note: int | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class Note(Command):
    pass


@dataclass(frozen=True)
class Cancel(Command):
    pass


@dataclass(frozen=True)
class ToLane(Command):
    lane: str = ""


@dataclass(frozen=True)
class Ack(Command):
    pass


@dataclass(frozen=True)
class Take(Command):
    pass


@dataclass(frozen=True)
class Assign(Command):
    """``person`` is an address or a name, not yet looked up."""

    person: str = ""
    summary: str = ""


@dataclass(frozen=True)
class Escalate(Command):
    to: str = ""
    reason: str = ""


@dataclass(frozen=True)
class SetCategory(Command):
    category: str = ""


@dataclass(frozen=True)
class SetRisk(Command):
    risk: Risk
    reason: str


@dataclass(frozen=True)
class SetFlag(Command):
    flag: str = ""


@dataclass(frozen=True)
class Restrict(Command):
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wait(Command):
    waits_for: WaitFor = WaitFor.EMPLOYEE
    until: When | None = None
    question: str = ""


@dataclass(frozen=True)
class Resume(Command):
    pass


@dataclass(frozen=True)
class SetDue(Command):
    due: When = NO_DATE
    reason: str = ""


@dataclass(frozen=True)
class Trigger(Command):
    """The event that a period set by law runs from. ``clock`` may be empty where there is one
    only; ``reason`` corrects a time that is on record.
    """

    clock: str = ""
    at: Moment = NO_MOMENT
    reason: str = ""


@dataclass(frozen=True)
class Met(Command):
    """The act that keeps a period set by law; ``at`` None is now."""

    clock: str = ""
    at: Moment | None = None
    text: str = ""


@dataclass(frozen=True)
class Remind(Command):
    at: When = NO_DATE
    text: str = ""


@dataclass(frozen=True)
class AddParty(Command):
    role: PartyRole = PartyRole.OTHER
    name: str = ""


@dataclass(frozen=True)
class AddAllegation(Command):
    kind: str = ""
    text: str = ""


@dataclass(frozen=True)
class Exclude(Command):
    person: str = ""


@dataclass(frozen=True)
class ClearConflict(Command):
    person: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Begin(Command):
    plan: str = ""


@dataclass(frozen=True)
class AddFinding(Command):
    allegation: int = 0
    result: FindingResult = FindingResult.INCONCLUSIVE
    basis: str = ""


@dataclass(frozen=True)
class AddAction(Command):
    text: str = ""
    who: str = ""
    due: When | None = None


@dataclass(frozen=True)
class Done(Command):
    action: int = 0


@dataclass(frozen=True)
class Hold(Command):
    reason: str = ""


@dataclass(frozen=True)
class Release(Command):
    reason: str = ""


@dataclass(frozen=True)
class Link(Command):
    ref: str = ""


@dataclass(frozen=True)
class Merge(Command):
    ref: str = ""


@dataclass(frozen=True)
class Split(Command):
    """``lines`` are ranges, from 1 and both ends included, of the employee's newest message."""

    lines: tuple[tuple[int, int], ...] = ()
    category: str = ""


@dataclass(frozen=True)
class Redact(Command):
    text: str = ""


@dataclass(frozen=True)
class NewCase(Command):
    requester: str = ""
    channel: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Close(Command):
    """Missing parts stay empty: the gates list them all at once."""

    outcome: Outcome | None = None
    resolution: str = ""
    date: When | None = None
    complainant: str = ""
    subject: str = ""
    corrective: str = ""
    hold: str = ""
    aftercare: str = ""


@dataclass(frozen=True)
class Reopen(Command):
    reason: str = ""


@dataclass(frozen=True)
class CancelCase(Command):
    reason: str = ""


@dataclass(frozen=True)
class Status(Command):
    ref: str = ""


@dataclass(frozen=True)
class Mine(Command):
    pass


@dataclass(frozen=True)
class History(Command):
    pass


@dataclass(frozen=True)
class Away(Command):
    until: When = NO_DATE
    delegate: str = ""


@dataclass(frozen=True)
class Help(Command):
    pass


@dataclass(frozen=True)
class Reviewed(Command):
    actions: str = ""


@dataclass(frozen=True)
class Approve(Command):
    pass


@dataclass(frozen=True)
class Agree(Command):
    pass


@dataclass(frozen=True)
class Accept(Command):
    """Of the held messages of the case, counted from 1; None is the newest."""

    number: int | None = None


@dataclass(frozen=True)
class Reject(Command):
    number: int | None = None
