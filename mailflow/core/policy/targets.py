"""What is promised: SLA targets, sets of them, and the clocks that statutes set."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.policy.durations import Duration, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping


class Target(StrEnum):
    """The clocks of a case, by the names that code, rules files and mails use."""

    ACKNOWLEDGE = "acknowledge"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLVE = "resolve"
    BEGIN_INVESTIGATION = "begin_investigation"
    CONFIRM_OWNER = "confirm_owner"
    TRIAGE = "triage"


# An acknowledgement or a person who looks is never waited for by anybody else (SLA rule 6).
MAY_PAUSE = frozenset({Target.RESOLVE, Target.FIRST_RESPONSE})


# What every set promises unless it says otherwise: nobody's case may lie without an owner.
DEFAULT_TARGETS = {
    Target.CONFIRM_OWNER: Duration(4, Unit.WORKING_HOURS),
    Target.TRIAGE: Duration(4, Unit.WORKING_HOURS),
}
DEFAULT_IF_HIGH = {Target.CONFIRM_OWNER: Duration(1, Unit.WORKING_HOURS)}
DEFAULT_IF_FLAG = {"imminent_danger": {Target.TRIAGE: Duration(15, Unit.CLOCK_MINUTES)}}


class StatutoryStart(StrEnum):
    """What a statutory clock runs from. ``trigger`` is an event whose time a person records."""

    RECEIPT = "receipt"
    ACKNOWLEDGEMENT = "acknowledgement"
    TRIGGER = "trigger"


@dataclass(frozen=True)
class StatutoryClock:
    """A period set by law: never paused, never moved. ``flag`` limits it to flagged cases.

    ``met_by`` is the promise whose keeping keeps this one too; None leaves that to a person.
    """

    name: str
    within: Duration
    starts: StatutoryStart
    flag: str | None = None
    met_by: Target | None = None


@dataclass(frozen=True)
class TargetSet:
    """One named set of sla.yaml, with what it extends already filled in.

    ``calendar`` None means the calendar of the case's team. ``if_high`` adds targets while
    the risk is high or confidential, ``if_flag`` while the case carries the flag; where a target
    stands twice, the one that is due first counts.
    """

    name: str
    calendar: str | None
    targets: Mapping[Target, Duration]
    if_high: Mapping[Target, Duration] = field(default_factory=dict)
    if_flag: Mapping[str, Mapping[Target, Duration]] = field(default_factory=dict)
    pausable: frozenset[Target] = frozenset({Target.RESOLVE})
    cycle_by_payroll_group: bool = False
    statutory: tuple[StatutoryClock, ...] = ()
