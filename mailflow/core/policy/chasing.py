"""Waiting that goes on too long: the employee is reminded, then the case comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.case_record import Closing
from mailflow.core.case.clock import Timer, TimerKind
from mailflow.core.case.commands import Outcome, WaitFor
from mailflow.core.case.dossier import Dossier
from mailflow.core.case.events import SYSTEM, Event, EventKind
from mailflow.core.case.reply_address import Audience
from mailflow.core.mail.subject_prefix import without_answers
from mailflow.core.mail.words.receipts import say_receipt
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.leads import tell_lead
from mailflow.core.policy.mails import send_alert
from mailflow.core.policy.moments import working_days_later
from mailflow.core.policy.replying import may_echo, to_requester
from mailflow.core.policy.resting import RESTED
from mailflow.core.policy.resuming import resume_case
from mailflow.core.policy.settling import SETTLED
from mailflow.core.policy.waiting import (
    AUTO_RESOLVE_DAYS,
    CHASE,
    CHASE_DAYS,
    STILL_WAITING,
    UNTIL,
    current_wait,
    still_waiting_timer,
)

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.policy.house import House

_AUTO_RESOLVE = str(AUTO_RESOLVE_DAYS)


def chase_if_waiting(timer: Timer, file: CaseFile, house: House, *, now: datetime) -> Decision:
    """Reminders at 3 and 7 working days, back to the owner at 10, at the date they named, or when
    the case has rested for 20 in all; silence closes only what is of low or moderate risk, at 14.
    """
    case = file.case
    if timer.generation != len(case.waits):
        return Decision(None, case=case)
    if timer.step == _AUTO_RESOLVE:
        return _resolve_by_silence(file, house, now=now)
    waiting = current_wait(case)
    if waiting is None:
        return Decision(None, case=case)
    if timer.step.startswith(STILL_WAITING):
        return _say_still_waiting(timer, case, house, now=now)
    if (
        timer.step in (UNTIL, RESTED, str(CHASE_DAYS[-1]))
        or waiting.waits_for is not WaitFor.EMPLOYEE
    ):
        return _bring_back(timer, file, house, now=now)
    days = int(timer.step)
    coming = next(day for day in CHASE_DAYS if day > days)
    at = working_days_later(coming, case, house, start=waiting.since)
    reminder = to_requester(
        case,
        house,
        Dossier(),
        cause=f"{waiting.cause[:40]}:chase:{days}",
        due_at=now,
        fields={"text": waiting.question, "heading": "chase"},
        auto_submitted="auto-generated",
    )
    event = Event(EventKind.EMPLOYEE_CHASED, now, data={"days": days})
    return Decision(
        None,
        case=case,
        timers=(Timer(TimerKind.CHASE, at, CHASE, str(coming), timer.generation),),
        mails=(_in_thread(replace(reminder, purpose="chase"), case),),
        events=(event,),
    )


def _in_thread(letter: MailOrder, case: Case) -> MailOrder:
    """The letter in the conversation that the employee knows."""
    thread = case.waits[-1].thread if case.waits else None
    if thread is None:
        return letter
    may_show = may_echo(case) and letter.audience is Audience.REQUESTER and thread.subject
    return replace(
        letter,
        subject=f"Re: {without_answers(thread.subject)}" if may_show else None,
        in_reply_to=thread.message_id,
        references=thread.references,
    )


def _say_still_waiting(timer: Timer, case: Case, house: House, *, now: datetime) -> Decision:
    event = Event(EventKind.REMINDED, now, data={"step": timer.step})
    word = _tell_owner(case, house, code="alert_still_waiting", step=timer, now=now)
    fields = {**word.fields, "actions": ["reply", "resume", "status"]}
    return Decision(
        None,
        case=case,
        timers=(still_waiting_timer(case, house, since=now),),
        mails=(replace(word, fields=fields),),
        events=(event,),
    )


def _bring_back(timer: Timer, file: CaseFile, house: House, *, now: datetime) -> Decision:
    resumed = resume_case(file, file.case, house, now=now, because="time")
    case = resumed.case
    timers = list(resumed.timers)
    if timer.step == str(CHASE_DAYS[-1]) and not case.risk.is_urgent:
        since = case.waits[-1].since
        at = working_days_later(AUTO_RESOLVE_DAYS, case, house, start=since)
        timers.append(Timer(TimerKind.CHASE, at, CHASE, _AUTO_RESOLVE, timer.generation))
    word = _tell_owner(case, house, code=_CODES.get(timer.step, _SILENCE), step=timer, now=now)
    lead = _tell_lead_of_rest(case, house, now=now) if timer.step == RESTED else ()
    return Decision(
        None,
        case=case,
        changed_clocks=resumed.changed,
        timers=tuple(timers),
        dropped=resumed.dropped,
        mails=(word, *lead),
        events=resumed.events,
    )


_SILENCE = "alert_wait_silence"
_CODES = {UNTIL: "alert_wait_date", RESTED: "alert_wait_rested"}


def _tell_lead_of_rest(case: Case, house: House, *, now: datetime) -> tuple[MailOrder, ...]:
    cause = f"{case.uid}:{RESTED}:{len(case.waits)}"
    return tell_lead(case, house, code="alert_rested_long", cause=cause, now=now)


def _tell_owner(case: Case, house: House, *, code: str, step: Timer, now: datetime) -> MailOrder:
    text = say_receipt(code, {}, house.locale_of(case.owner))
    return send_alert(
        case,
        house,
        to=case.owner,
        cause=f"{case.uid}:wait:{step.generation}:{step.step}",
        now=now,
        fields={"what": text, "actions": ["wait", "close", "status"]},
    )


def _resolve_by_silence(file: CaseFile, house: House, *, now: datetime) -> Decision:
    case = file.case
    if case.state is not State.WORKING or case.risk.is_urgent or case.case_class.is_sealed:
        return Decision(None, case=case)
    cause = f"{case.uid}:silence:{len(case.waits)}"
    closing = Closing(
        outcome=Outcome.NO_ACTION,
        resolution="no answer from the employee",
        date=now.astimezone(house.zone).date(),
        by=SYSTEM,
        cause=cause,
    )
    case = replace(case, record=replace(case.record, pending=closing))
    letter = to_requester(
        case,
        house,
        Dossier(),
        cause=cause,
        due_at=now,
        fields={"text": "", "heading": SETTLED},
        auto_submitted="auto-generated",
    )
    event = Event(EventKind.REPLY_ORDERED, now, data={"cause": cause, "because": "silence"})
    return Decision(None, case=case, mails=(_in_thread(letter, case),), events=(event,))
