"""Waiting: for the employee, for somebody else, or inside; and reminding the one waited for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.clock import SET_BY_HAND, Timer, TimerKind
from mailflow.core.case.commands import WaitFor
from mailflow.core.case.events import EventKind
from mailflow.core.case.transitions import WAITING, may_go
from mailflow.core.case.waits import STATES, Thread, Waiting
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.clock_changes import current_promises
from mailflow.core.policy.decision import FiledText
from mailflow.core.policy.moments import end_of, opening_of, working_days_later
from mailflow.core.policy.replying import find_refusal, order_reply
from mailflow.core.policy.resting import days_left_to_rest, rest_timer
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case import commands as c
    from mailflow.core.case.case import Case
    from mailflow.core.policy.case_sheet import CaseSheet
    from mailflow.core.policy.house import House

CHASE = "waiting"
CHASE_DAYS = (3, 7, 10)
AUTO_RESOLVE_DAYS = 14
UNTIL = "until"
STILL_WAITING = "still"
STILL_WAITING_DAYS = 5


def wait(command: c.Wait, sheet: CaseSheet) -> Said:
    """The question goes to the employee, the clocks that may stop do, and a reminder is set."""
    if not may_go(sheet.case.state, STATES[command.waits_for]):
        return refused("state_forbids", state=sheet.case.state)
    until = None
    if command.until is not None:
        until = end_of(command.until, sheet.case, sheet.house, now=sheet.now)
        if until <= sheet.now:
            return refused("date_past", date=until.date().isoformat())
    if command.waits_for is WaitFor.EMPLOYEE:
        refusal = find_refusal(sheet, command.question, confirmed=False)
        if refusal is not None:
            return refusal
        order_reply(sheet, command.question, cause=question_cause(sheet.arrival.cause))
    elif command.question:
        _leave_note(sheet, command.question)
    end_wait(sheet, because="another_wait")
    begun = Waiting(
        waits_for=command.waits_for,
        since=sheet.now,
        until=until,
        question=command.question,
        by=sheet.member.email,
        cause=sheet.arrival.cause,
        thread=_thread_of(sheet),
    )
    may_rest = days_left_to_rest(sheet.case, sheet.house) > 0
    begun = replace(begun, runs_on=begun.pauses_clocks and not may_rest)
    if begun.pauses_clocks:
        begun = replace(begun, dues=sheet.pause_clocks())
    sheet.case = replace(sheet.case, waits=(*sheet.case.waits, begun))
    sheet.go(STATES[command.waits_for])
    sheet.note(
        EventKind.WAITING_BEGAN,
        waits_for=command.waits_for,
        until=until.isoformat() if until else None,
        question=command.question,
    )
    sheet.timers += first_chase(sheet.case, sheet.house, now=sheet.now)
    return done("wait_runs_on" if begun.runs_on else f"wait_{command.waits_for}")


def _leave_note(sheet: CaseSheet, question: str) -> None:
    """What is waited for, where it is no question to the employee: for whoever reads the case."""
    member = sheet.member
    number = len(sheet.dossier.notes) + len(sheet.texts) + 1
    sheet.texts.append(FiledText("note", member.email, member.name, "", question))
    sheet.note(EventKind.NOTE_ADDED, message=sheet.arrival.inbound_id, n=number)


def _thread_of(sheet: CaseSheet) -> Thread | None:
    last = sheet.dossier.last_received
    if last is None:
        return None
    return Thread(last.message_id, last.references, last.subject if last.is_verified else "")


def question_cause(cause: str) -> str:
    """The cause of the mail that asks the employee, beside another mail of the same cause."""
    return f"{cause[:48]}:question"


def resume(_command: c.Resume, sheet: CaseSheet) -> Said:
    if sheet.case.state not in WAITING:
        return refused("not_waiting")
    end_wait(sheet, because="by_hand")
    sheet.go(State.WORKING)
    return done("resume_done")


def end_wait(sheet: CaseSheet, *, because: str) -> None:
    """Clocks go on from where they stood."""
    open_wait = current_wait(sheet.case)
    if open_wait is None:
        return
    ended = replace(open_wait, ended_at=sheet.now)
    sheet.case = replace(sheet.case, waits=(*sheet.case.waits[:-1], ended))
    sheet.dropped.add(CHASE)
    sheet.timers = [timer for timer in sheet.timers if timer.target != CHASE]
    sheet.resume_clocks(open_wait.dues, since=open_wait.since)
    sheet.note(EventKind.WAITING_ENDED, because=because)


def current_wait(case: Case) -> Waiting | None:
    last = case.waits[-1] if case.waits else None
    return last if last is not None and last.ended_at is None else None


def first_chase(case: Case, house: House, *, now: datetime) -> list[Timer]:
    """For the employee: the first reminder; for anybody: the date that was named, if one was, and
    the end of what a case may rest.
    """
    waiting = current_wait(case)
    if waiting is None:
        return []
    generation = len(case.waits)
    timers = []
    if waiting.waits_for is WaitFor.EMPLOYEE:
        at = working_days_later(CHASE_DAYS[0], case, house, start=now)
        timers.append(Timer(TimerKind.CHASE, at, CHASE, str(CHASE_DAYS[0]), generation))
    if waiting.pauses_clocks:
        timers.append(rest_timer(case, house, target=CHASE, since=waiting.since))
    if waiting.until is not None:
        timers.append(Timer(TimerKind.CHASE, waiting.until, CHASE, UNTIL, generation))
    if waiting.waits_for is WaitFor.THIRD_PARTY:
        timers.append(still_waiting_timer(case, house, since=now))
    return timers


def still_waiting_timer(case: Case, house: House, *, since: datetime) -> Timer:
    """Somebody waits for us while we wait for others: every so often they should hear of it."""
    at = working_days_later(STILL_WAITING_DAYS, case, house, start=since)
    step = f"{STILL_WAITING}{at:%Y%m%d}"
    return Timer(TimerKind.CHASE, at, CHASE, step, len(case.waits))


def set_due(command: c.SetDue, sheet: CaseSheet) -> Said:
    """Move the date of the resolution; a date set by law stays where it is."""
    due = end_of(command.due, sheet.case, sheet.house, now=sheet.now)
    if due <= sheet.now:
        return refused("date_past", date=due.date().isoformat())
    clock = sheet.running(Target.RESOLVE)
    promise = current_promises(sheet.case, sheet.house).get(Target.RESOLVE)
    if clock is None or promise is None or promise.is_statutory:
        return refused("no_date_to_move")
    sheet.move_clock(clock, due, terms=SET_BY_HAND)
    return done("due_done", date=due.astimezone(sheet.house.zone).date().isoformat())


def remind(command: c.Remind, sheet: CaseSheet) -> Said:
    """A private reminder to whoever asked for it."""
    at = opening_of(command.at, sheet.case, sheet.house, now=sheet.now)
    if at <= sheet.now:
        return refused("date_past", date=at.date().isoformat())
    step = sheet.arrival.cause[:32]
    sheet.timers.append(Timer(TimerKind.REMIND, at, "reminder", step))
    sheet.note(EventKind.REMINDER_SET, at=at.isoformat(), step=step, text=command.text)
    sheet.change_record(reminders={**sheet.case.record.reminders, step: _reminder(command, sheet)})
    return done("remind_done", date=at.astimezone(sheet.house.zone).date().isoformat())


def _reminder(command: c.Remind, sheet: CaseSheet) -> dict[str, str]:
    return {"to": sheet.member.email, "text": command.text}
