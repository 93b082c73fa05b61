"""The SLA policy of an organisation, and what it promises for one case."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.case import Risk
from mailflow.core.policy.due import due_at, time_left, unpaused_due
from mailflow.core.policy.durations import Duration, Unit
from mailflow.core.policy.nudges import Ladder, Rung, iterate_rungs, nudge_times
from mailflow.core.policy.targets import StatutoryClock, StatutoryStart, Target, TargetSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from mailflow.core.policy.calendars import Calendar
    from mailflow.core.policy.pauses import Pause

DEFAULT_CYCLE = "payroll"


@dataclass(frozen=True)
class NudgeMail:
    """From the risk ``urgent_from`` up, neither quiet hours nor digests hold a nudge back."""

    keeps_quiet_hours: bool = True
    digest_every: timedelta = timedelta(minutes=60)
    urgent_from: Risk = Risk.HIGH


@dataclass(frozen=True)
class SlaPolicy:
    """``build`` names the time zone and holiday data used: when it changes, dues are recomputed."""

    calendars: Mapping[str, Calendar]
    sets: Mapping[str, TargetSet]
    ladder: Ladder = field(default_factory=Ladder)
    nudge_mail: NudgeMail = field(default_factory=NudgeMail)
    build: str = ""


@dataclass(frozen=True)
class CaseFacts:
    """What of a case its promises depend on. ``sets`` are names of sla.yaml; the strictest wins."""

    sets: tuple[str, ...]
    risk: Risk
    flags: frozenset[str] = frozenset()
    team_calendar: str | None = None
    payroll_group: str | None = None


@dataclass(frozen=True)
class Promise:
    """One clock of a case. ``name`` is a Target's value or the name of a statutory clock."""

    name: str
    duration: Duration
    calendar: Calendar
    is_pausable: bool = False
    starts: StatutoryStart = StatutoryStart.RECEIPT
    is_statutory: bool = False
    met_by: Target | None = None

    def due(self, start: datetime, *, pauses: Iterable[Pause] = ()) -> datetime | None:
        """See due_at; pauses are left out of account when this clock never pauses."""
        counted = pauses if self.is_pausable else ()
        return due_at(self.duration, self.calendar, start=start, pauses=counted)

    def left(self, start: datetime, *, now: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """See time_left."""
        counted = pauses if self.is_pausable else ()
        return time_left(self.duration, self.calendar, start=start, now=now, pauses=counted)

    def rungs(
        self, ladder: Ladder, *, start: datetime, pauses: Iterable[Pause] = ()
    ) -> tuple[Rung, ...]:
        counted = pauses if self.is_pausable else ()
        return nudge_times(
            ladder, self.duration, calendar=self.calendar, start=start, pauses=counted
        )

    def first_rung(self, ladder: Ladder, *, start: datetime) -> Rung | None:
        """The rung that a clock which starts now is nudged at first."""
        rungs = iterate_rungs(ladder, self.duration, calendar=self.calendar, start=start)
        return next(rungs, None)


def promises_for(policy: SlaPolicy, facts: CaseFacts, *, start: datetime) -> tuple[Promise, ...]:
    """Every clock that the case has, one per name: the one that is due first from ``start``.

    begin_investigation is among them only while the risk is high or confidential (SLA rule 4).
    Raises KeyError for a set or calendar that the policy does not have.
    """
    strictest: dict[str, Promise] = {}
    for name in facts.sets:
        for promise in _promises_of(policy, policy.sets[name], facts):
            known = strictest.get(promise.name)
            if known is None or _is_stricter(promise, known, start=start):
                strictest[promise.name] = promise
    return tuple(strictest.values())


def _promises_of(policy: SlaPolicy, chosen: TargetSet, facts: CaseFacts) -> Iterator[Promise]:
    calendar = policy.calendars[chosen.calendar or facts.team_calendar or ""]
    for target, duration in _durations_of(chosen, facts):
        if target is Target.BEGIN_INVESTIGATION and not facts.risk.is_urgent:
            continue
        yield Promise(
            target.value,
            _by_payroll_group(duration, calendar, chosen=chosen, facts=facts),
            calendar,
            is_pausable=target in chosen.pausable and duration.is_pausable,
        )
    for clock in chosen.statutory:
        if clock.flag is None or clock.flag in facts.flags:
            yield _statutory_promise(clock, calendar)


def _durations_of(chosen: TargetSet, facts: CaseFacts) -> Iterator[tuple[Target, Duration]]:
    yield from chosen.targets.items()
    if facts.risk.is_urgent:
        yield from chosen.if_high.items()
    for flag in sorted(facts.flags & chosen.if_flag.keys()):
        yield from chosen.if_flag[flag].items()


def _statutory_promise(clock: StatutoryClock, calendar: Calendar) -> Promise:
    return Promise(
        clock.name,
        clock.within,
        calendar,
        starts=clock.starts,
        is_statutory=True,
        met_by=clock.met_by,
    )


def _by_payroll_group(
    duration: Duration, calendar: Calendar, *, chosen: TargetSet, facts: CaseFacts
) -> Duration:
    """The cycle named as the requester's payroll group, where there is one."""
    if duration.unit is not Unit.CYCLES or not chosen.cycle_by_payroll_group:
        return duration
    if facts.payroll_group in calendar.cycles:
        return replace(duration, cycle=facts.payroll_group)
    return duration


def _is_stricter(one: Promise, other: Promise, *, start: datetime) -> bool:
    one_due = unpaused_due(one.duration, one.calendar, start)
    return one_due < unpaused_due(other.duration, other.calendar, start)
