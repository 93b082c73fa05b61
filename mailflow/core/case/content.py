"""What a mail about a case may say: the content matrix, by the recipient's side and the class.

The renderer is given these fields and no others, so a template cannot say more by mistake.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.case.access import Action, may
from mailflow.core.case.case import CaseClass

if TYPE_CHECKING:
    from datetime import date

    from mailflow.core.case.access import Person
    from mailflow.core.case.case import Case


class Template(StrEnum):
    """Neutral names: they stand in the clear in the database and in logs."""

    ACKNOWLEDGEMENT = "acknowledgement"
    NOTIFICATION = "notification"
    ESCALATION = "escalation"
    NUDGE = "nudge"
    REPLY = "reply"
    RECEIPT = "receipt"
    CHALLENGE = "challenge"
    ALERT = "alert"
    RULES = "rules"


ALWAYS = frozenset({"ref", "organization", "sender_name", "locale", "is_urgent", "address"})
"""Fields that betray nothing."""


def _in_every_class(*names: str) -> dict[CaseClass, set[str]]:
    return {case_class: set(names) for case_class in CaseClass}


_ACKNOWLEDGEMENT = {
    CaseClass.LOW: {"category_words", "promise", "greeting_name", "links", "emergency_text"},
    CaseClass.MODERATE: {"category_words", "promise", "greeting_name", "links", "emergency_text"},
    CaseClass.ER: {"promise", "links", "emergency_text", "advice"},
    CaseClass.CONFIDENTIAL: {"promise", "links", "emergency_text", "advice"},
}
_FULL_NOTIFICATION = {
    "text",
    "writer",
    "writer_known",
    "received",
    "category_words",
    "risk_words",
    "due",
    "why",
    "owner_name",
    "attachments",
    "copied",
    "warnings",
    "actions",
    "is_new",
    "is_note",
    "was_cut",
    "subject",
    "reply_reaches_employee",
}
_NOTIFICATION = {
    CaseClass.LOW: _FULL_NOTIFICATION,
    CaseClass.MODERATE: _FULL_NOTIFICATION,
    CaseClass.ER: _FULL_NOTIFICATION - {"subject"},
    CaseClass.CONFIDENTIAL: {
        "due",
        "actions",
        "is_new",
        "is_note",
        "received",
        "reply_reaches_employee",
    },
}
_NUDGE = {
    CaseClass.LOW: {
        "category_words",
        "age",
        "owner_name",
        "target_words",
        "due",
        "step",
        "actions",
        "also_due",
    },
    CaseClass.MODERATE: {
        "category_words",
        "age",
        "owner_name",
        "target_words",
        "due",
        "step",
        "actions",
        "also_due",
    },
    CaseClass.ER: {"age", "due", "step", "actions", "also_due"},
    CaseClass.CONFIDENTIAL: {"due", "step", "actions", "also_due"},
}
_ESCALATION = {
    CaseClass.LOW: {"category_words", "age", "owner_name", "due", "actions"},
    CaseClass.MODERATE: {"category_words", "age", "owner_name", "due", "actions"},
    CaseClass.ER: {"age", "due", "actions"},
    CaseClass.CONFIDENTIAL: {"due", "actions"},
}
_BY_TEMPLATE = {
    Template.ACKNOWLEDGEMENT: _ACKNOWLEDGEMENT,
    Template.NOTIFICATION: _NOTIFICATION,
    Template.NUDGE: _NUDGE,
    Template.ESCALATION: _ESCALATION,
    Template.REPLY: _in_every_class("text", "links", "attachments"),
    Template.RECEIPT: _in_every_class("lines", "actions", "due", "transcript"),
    Template.CHALLENGE: _in_every_class("received"),
    Template.ALERT: _in_every_class("what", "actions"),
    Template.RULES: _in_every_class("news", "bundle", "text"),
}


def allowed_fields(template: Template, case_class: CaseClass) -> frozenset[str]:
    """The names a template may use for a case of this class."""
    return ALWAYS | frozenset(_BY_TEMPLATE[template][case_class])


def class_to_show(person: Person, case: Case, *, today: date) -> CaseClass:
    """By which column of the matrix a mail to staff is written: the case's own, or the last one
    where the person may not read the case or somebody else opens their mailbox.
    """
    is_shared = person.staff is not None and person.staff.assistant_reads
    if is_shared or not may(person, case, Action.READ, today=today).allowed:
        return CaseClass.CONFIDENTIAL
    return case.case_class
