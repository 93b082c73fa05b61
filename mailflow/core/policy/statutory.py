"""Periods set by law that run from an event, and the acts that keep them: a person records both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from mailflow.core.case.case_record import CaseAction
from mailflow.core.case.events import EventKind
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.clock_changes import current_promises
from mailflow.core.policy.clocks import meet, say_started, start_clock
from mailflow.core.policy.due import is_elapsed
from mailflow.core.policy.reopening import next_generation
from mailflow.core.policy.targets import StatutoryStart
from mailflow.located import nearest

if TYPE_CHECKING:
    from collections.abc import Collection

    from mailflow.core.case import commands as c
    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock
    from mailflow.core.case.command_moments import Moment
    from mailflow.core.policy.case_sheet import CaseSheet
    from mailflow.core.policy.house import House
    from mailflow.core.policy.sla import Promise

CORRECTED = "corrected"


def waiting_periods(file: CaseFile, house: House) -> tuple[str, ...]:
    """Those whose event nobody has recorded yet."""
    known = {clock.target for clock in file.clocks}
    return tuple(name for name in _from_events(file.case, house) if name not in known)


def start_from_event(command: c.Trigger, sheet: CaseSheet) -> Said:
    """Start the clock from when the event happened or was learned of.

    A second time corrects the first, with a reason; a period that was kept stays kept.
    """
    promises = _from_events(sheet.case, sheet.house)
    name = _choose(command.clock, promises)
    if name is None:
        return _no_such_period(command.clock, promises)
    if is_elapsed(promises[name].duration) and command.at.at is None:
        return refused("moment_needs_time", clock=name, terms=str(promises[name].duration))
    at = _instant(command.at, sheet)
    if at > sheet.now:
        return refused("moment_ahead", at=_say(at, sheet))
    had = [clock for clock in sheet.current.clocks if clock.target == name]
    if any(clock.met_at for clock in had):
        return refused("period_kept", clock=name)
    running = sheet.running(name)
    if running is not None:
        if not command.reason:
            since = _say(running.started_at, sheet)
            return refused("period_runs", clock=name, since=since)
        _give_up(running, sheet, reason=command.reason)
    return _start(promises[name], at, sheet)


def keep_by_act(command: c.Met, sheet: CaseSheet) -> Said:
    """The act is on record as an action that is done, and the clock is met when it happened."""
    promises = current_promises(sheet.case, sheet.house)
    open_ones = {
        clock.target: clock
        for clock in sheet.current.clocks
        if clock.is_running and clock.target in promises and promises[clock.target].is_statutory
    }
    name = _choose(command.clock, open_ones)
    if name is None:
        return _no_such_period(command.clock, open_ones)
    clock = open_ones[name]
    at = sheet.now if command.at is None else _instant(command.at, sheet)
    if at > sheet.now:
        return refused("moment_ahead", at=_say(at, sheet))
    if at < clock.started_at:
        return refused("act_too_early", clock=name, since=_say(clock.started_at, sheet))
    met, (fact,) = meet(clock, at=at)
    sheet.put_clock(clock, met)
    sheet.note(EventKind.CLOCK_MET, **fact.data, met_at=at.isoformat())
    action = CaseAction(command.text, sheet.member.name, done_at=at)
    actions = (*sheet.case.record.actions, action)
    sheet.change_record(actions=actions)
    sheet.note(EventKind.ACTION_ADDED, number=len(actions), text=action.text, who=action.who)
    sheet.note(EventKind.ACTION_DONE, number=len(actions), at=at.isoformat())
    if met.breached_at is None:
        return done("met_done", clock=name)
    return done("met_late", clock=name, due=_say(met.breached_at, sheet))


def _from_events(case: Case, house: House) -> dict[str, Promise]:
    return {
        name: promise
        for name, promise in current_promises(case, house).items()
        if promise.starts is StatutoryStart.TRIGGER
    }


def _choose(written: str, known: Collection[str]) -> str | None:
    """The one that was named; where there is one only, no name is needed."""
    name = written.strip().lower().replace(" ", "_").replace("-", "_")
    if not name and len(known) == 1:
        return next(iter(known))
    return name if name in known else None


def _no_such_period(written: str, known: Collection[str]) -> Said:
    if not known:
        return refused("no_period")
    listed = ", ".join(sorted(known))
    if not written:
        return refused("period_unnamed", known=listed)
    return refused("period_unknown", clock=written, guess=nearest(written, known) or listed)


def _instant(moment: Moment, sheet: CaseSheet) -> datetime:
    """By the organisation's clocks; a day alone counts from its beginning."""
    day = moment.day(today=sheet.today)
    local = datetime.combine(day, moment.at or time(), tzinfo=sheet.house.zone)
    return local.astimezone(UTC)


def _start(promise: Promise, at: datetime, sheet: CaseSheet) -> Said:
    generation = next_generation(sheet.current, promise.name)
    clock, timer = start_clock(promise, sheet.house, at=at, generation=generation)
    sheet.new_clocks.append(clock)
    sheet.timers += [timer] if timer else []
    started = say_started([clock], at=sheet.now)
    sheet.note(started.kind, **started.data, since=at.isoformat())
    due = _say(clock.due_at, sheet) if clock.due_at else ""
    return done("trigger_done", clock=promise.name, due=due)


def _give_up(clock: CaseClock, sheet: CaseSheet, *, reason: str) -> None:
    sheet.put_clock(clock, replace(clock, closed_reason=CORRECTED))
    sheet.note(EventKind.CLOCK_CLOSED, target=clock.target, reason=CORRECTED, because=reason)


def _say(at: datetime, sheet: CaseSheet) -> str:
    return at.astimezone(sheet.house.zone).strftime("%Y-%m-%d %H:%M")
