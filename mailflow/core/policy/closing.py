"""Closing a case: the gates that the record must pass, the outcome mail, and what follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.case_record import Closing
from mailflow.core.case.commands import Outcome, PartyRole
from mailflow.core.case.transitions import may_go
from mailflow.core.mail.compose import is_sendable
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.ending import end_case
from mailflow.core.policy.moments import date_of
from mailflow.core.policy.replying import order_reply
from mailflow.core.policy.settling import grace_timer

if TYPE_CHECKING:
    from datetime import date

    from mailflow.core.case import commands as c
    from mailflow.core.case.case import Case
    from mailflow.core.policy.case_sheet import CaseSheet

_FINDINGS = frozenset(
    {
        Outcome.SUBSTANTIATED,
        Outcome.PARTIALLY_SUBSTANTIATED,
        Outcome.UNSUBSTANTIATED,
        Outcome.INCONCLUSIVE,
    }
)


def close(command: c.Close, sheet: CaseSheet, *, letter: str = "") -> Said:
    """``letter`` is the answer in the same mail: it is the outcome mail then. The state changes
    when the outcome mail has left.
    """
    if not may_go(sheet.case.state, State.RESOLVED) or sheet.case.state is State.RESOLVED:
        return refused("state_forbids", state=sheet.case.state)
    day = date_of(command.date, sheet.case, sheet.house, now=sheet.now) if command.date else None
    if command.outcome in _FINDINGS and not sheet.case.case_class.is_sealed:
        return refused("outcome_not_here", outcome=command.outcome)
    missing = find_missing(command, sheet.case, will_answer=bool(letter))
    if missing:
        return refused("close_missing", missing=", ".join(missing), block=_block(command, missing))
    wrong = _wrong_date(day, sheet)
    if wrong is not None:
        return wrong
    closing = Closing(
        outcome=str(command.outcome),
        resolution=command.resolution,
        date=day or sheet.today,
        by=sheet.member.email,
        cause=sheet.arrival.cause,
        facts={name: value for name in _ASKED if (value := getattr(command, name))},
    )
    return _end_with(closing, sheet, letter=letter)


_ASKED = ("complainant", "subject", "corrective", "hold", "aftercare")


def _end_with(closing: Closing, sheet: CaseSheet, *, letter: str) -> Said:
    if not is_sendable(sheet.case.requester):
        sheet.change_record(closing=closing)
        end_case(sheet, State.RESOLVED, why="no_address")
        sheet.timers.append(grace_timer(sheet.case, sheet.house, now=sheet.now))
        return done("close_done")
    sheet.change_record(pending=closing)
    if letter:
        return done("close_ordered")
    text = "" if sheet.case.case_class.is_sealed else closing.resolution
    order_reply(sheet, text or " ", cause=closing.cause, heading="settled")
    return done("close_ordered")


def _wrong_date(day: date | None, sheet: CaseSheet) -> Said | None:
    received = sheet.case.opened_at.astimezone(sheet.house.zone).date()
    if day is not None and not received <= day <= sheet.today:
        return refused("close_date", first=received.isoformat(), last=sheet.today.isoformat())
    return None


def find_missing(command: c.Close, case: Case, *, will_answer: bool) -> tuple[str, ...]:
    """What the gates of the case's class still ask for, by the key that answers it."""
    record = case.record
    missing = []
    if command.outcome is None:
        missing.append("outcome")
    if not command.resolution:
        missing.append("resolution")
    has_action = record.actions or record.has_answer or record.begun_at or will_answer
    if not has_action and not command.resolution:
        missing.append("action")
    if case.case_class.is_sealed:
        missing += _find_missing_of_investigation(command, case, will_answer=will_answer)
    return tuple(missing)


def _find_missing_of_investigation(command: c.Close, case: Case, *, will_answer: bool) -> list[str]:
    record = case.record
    missing = [f"finding {number}" for number in record.undecided]
    if command.outcome in _FINDINGS and not record.allegations:
        missing.insert(0, "allegation")
    if not (record.has_answer or will_answer or command.complainant):
        missing.append("complainant")
    has_subject = any(party.role is PartyRole.SUBJECT for party in record.parties)
    if (has_subject or record.allegations) and not command.subject:
        missing.append("subject")
    if not record.actions and not command.corrective:
        missing.append("corrective")
    if not record.hold and not command.hold:
        missing.append("hold")
    if not command.aftercare:
        missing.append("aftercare")
    return missing


_EXAMPLES = {
    "outcome": "resolved",
    "resolution": "…",
    "complainant": "told on …",
    "subject": "told on …",
    "corrective": "none",
    "hold": "none",
    "aftercare": "none",
}


def _block(command: c.Close, missing: tuple[str, ...]) -> str:
    """The lines to copy, fill in and send, with what was given already."""
    lines = []
    if "allegation" in missing:
        lines.append("#allegation type: … text: …")
    lines += [f"#{one} substantiated basis: …" for one in missing if one.startswith("finding ")]
    if "action" in missing:
        lines.append("#action text: …")
    given = {
        "outcome": str(command.outcome or ""),
        "resolution": command.resolution,
        **{name: getattr(command, name) for name in _ASKED},
    }
    words = [
        f"{name}: {given[name] or _EXAMPLES[name]}"
        for name in _EXAMPLES
        if given[name] or name in missing
    ]
    lines.append("#close " + "\n ".join(words))
    return "\n".join(lines)


def cancel_case(command: c.CancelCase, sheet: CaseSheet) -> Said:
    """Not a case after all. A complaint that was withdrawn is still looked into."""
    if not may_go(sheet.case.state, State.CANCELLED) or sheet.case.state is State.CANCELLED:
        return refused("state_forbids", state=sheet.case.state)
    if "withdr" in command.reason.casefold() and sheet.case.risk.is_urgent:
        return refused("withdrawn_not_cancelled")
    end_case(sheet, State.CANCELLED, why=command.reason)
    return done("cancel_case_done")
