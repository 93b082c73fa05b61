"""The likely next steps that a mail offers as links: to staff by verb, to employees by wish."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mailflow.core.case.case import CaseClass, State
from mailflow.core.case.content import Template
from mailflow.core.case.transitions import ENDED, WAITING

if TYPE_CHECKING:
    from mailflow.core.case.case import Case

# What a link's mail says below the verb, to be filled in.
BODIES = {
    "ack": "#ack",
    "take": "#take",
    "assign": "#assign ",
    "escalate": "#escalate reason: ",
    "status": "#status",
    "history": "#history",
    "reply": "#reply\n\n",
    "note": "#note\n\n",
    "cancel": "#cancel",
    "category": "#category ",
    "risk": "#risk high reason: ",
    "wait": "#wait employee until: +5d q: ",
    "resume": "#resume",
    "begin": "#begin plan: ",
    "trigger": "#trigger at: ",
    "close": "#close outcome: resolved resolution: ",
    "accept": "#accept",
    "reject": "#reject",
    "not_hr": "#cancel-case reason: not for HR",
    "help": "#help",
}
_ABOUT_PEOPLE = {
    "exclude": "#conflict {}",
    "clear_conflict": "#clear-conflict {} reason: somebody else is meant",
}
DELETE_DATA = "delete_data"
WISHES = ("status", "settled", "not_settled", "keep_from_manager", DELETE_DATA)
RATINGS = ("rate1", "rate2", "rate3", "rate4", "rate5")
_WISH = re.compile(r"\[([a-z_]{4,20}[1-5]?) HR-[0-9A-Z]{6}\]")


def body_of(action: str) -> str:
    """``send 3`` is the verb with its number, ``exclude a@b`` with a person; every other action
    is one of BODIES.
    """
    verb, _, person = action.partition(" ")
    if verb in _ABOUT_PEOPLE:
        return _ABOUT_PEOPLE[verb].format(person)
    return BODIES.get(action, f"#{action}")


def staff_steps(template: Template, case: Case) -> tuple[str, ...]:
    """What a person who got this mail most likely does next."""
    if template is Template.ESCALATION:
        return ("take", "status")
    if template is Template.NUDGE:
        return ("resume" if case.state in WAITING else "wait", "close", "status")
    if template is not Template.NOTIFICATION:
        return ()
    first = "ack" if case.state in (State.TRIAGE, State.ASSIGNED) else "reply"
    if case.case_class is CaseClass.CONFIDENTIAL:
        return ("ack" if first == "ack" else "status", "begin", "escalate")
    if case.case_class is CaseClass.ER:
        return (first, "begin", "wait", "assign", "escalate", "close")
    return (first, "wait", "assign", "category", "risk", "close")


def employee_wishes(template: Template, case: Case, *, is_outcome: bool = False) -> tuple[str, ...]:
    """Links of a mail to the employee. With the outcome they are asked how it was, but never
    after a complaint.
    """
    if template is Template.ACKNOWLEDGEMENT:
        sealed = case.case_class.is_sealed
        return ("status", "keep_from_manager") if sealed else ("status", "settled")
    if template is not Template.REPLY:
        return ()
    if is_outcome or case.state in ENDED:
        ratings = () if case.case_class.is_sealed else tuple(reversed(RATINGS))
        return ("not_settled", *ratings, DELETE_DATA)
    return ("settled", "not_settled", "status")


def mark_wish(label: str, wish: str, ref: str) -> str:
    """The subject of an employee's link; the mark in brackets says the wish, whatever language."""
    return f"{label} [{wish} {ref}]"


def read_wish(subject: str) -> str | None:
    """The wish that a subject carries. It says what is wished, never who may wish it."""
    found = _WISH.search(subject)
    word = found.group(1) if found else None
    return word if word in (*WISHES, *RATINGS) else None
