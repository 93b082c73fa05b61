"""A private reminder that a staff member asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.events import Event, EventKind
from mailflow.core.mail.words.receipts import say_receipt
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.mails import send_alert

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import Timer
    from mailflow.core.policy.house import House


def send_reminder(timer: Timer, file: CaseFile, house: House, *, now: datetime) -> Decision:
    """To whoever asked for it alone, once."""
    case = file.case
    reminder = case.record.reminders.get(timer.step)
    if reminder is None:
        return Decision(None, case=case)
    left = {step: one for step, one in case.record.reminders.items() if step != timer.step}
    text = say_receipt("alert_reminder", reminder, house.locale_of(reminder["to"]))
    return Decision(
        None,
        case=replace(case, record=replace(case.record, reminders=left)),
        mails=(
            send_alert(
                case,
                house,
                to=reminder["to"],
                cause=f"reminder:{timer.step}",
                now=now,
                fields={"what": text, "actions": ["status"]},
            ),
        ),
        events=(Event(EventKind.REMINDED, now, data={"step": timer.step}),),
    )
