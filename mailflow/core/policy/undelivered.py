"""A mail of a case that does not get through: whoever owns the case hears of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.clock import Timer, TimerKind
from mailflow.core.mail.words.receipts import say_receipt
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.mails import send_alert

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.policy.house import House

LATE_AFTER = timedelta(hours=4)
DEAD = "dead"
LATE = "late"
_CAUSE = "undelivered"


def dead_timer(mail_id: str, *, now: datetime) -> Timer:
    """Set when a mail is given up."""
    return Timer(TimerKind.UNDELIVERED, now, DEAD, mail_id)


def late_timer(
    mail_id: str, *, created_at: datetime, tried_at: datetime, next_at: datetime
) -> Timer | None:
    """Set by the one try after which four hours will have passed until the next; so that the
    owner hears of it once. ``tried_at`` is when this try was due.
    """
    late_at = created_at + LATE_AFTER
    if not tried_at < late_at <= next_at:
        return None
    return Timer(TimerKind.UNDELIVERED, late_at, LATE, mail_id)


def tell_of_undelivered(timer: Timer, file: CaseFile, house: House, *, now: datetime) -> Decision:
    """Nothing once the mail got through after all, or when it was such a notice itself."""
    case, mail = file.case, file.undelivered
    if mail is None or mail.cause.startswith(f"{_CAUSE}:"):
        return Decision(None, case=case)
    hears = (case.owner, house.staff.fallback_owner)
    to = next((address for address in hears if address != mail.recipient), None)
    if to is None:
        return Decision(None, case=case)
    facts = {"recipient": mail.recipient, "reason": mail.reason}
    text = say_receipt(f"alert_undelivered_{timer.target}", facts, house.locale_of(to))
    alert = send_alert(
        case,
        house,
        to=to,
        cause=f"{_CAUSE}:{timer.target}:{mail.id}",
        now=now,
        fields={"what": text, "actions": ["status"]},
    )
    return Decision(None, case=case, mails=(alert,))
