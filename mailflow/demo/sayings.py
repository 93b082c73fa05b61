"""How the playground puts things in few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.case import TRIAGE
from mailflow.core.mail.words import category_words, risk_words
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.demo.board import Board, CaseRow, MailIn, MailOut

_DAYS_BY_WEEKDAY = 6
_FILED = {"reply": "joins"}
_TEMPLATES = {
    "acknowledgement": "receipt",
    "notification": "notice",
    "escalation": "escalation",
    "nudge": "reminder",
    "challenge": "question",
    "receipt": "result",
}
_TARGETS: dict[str, str] = {
    Target.ACKNOWLEDGE: "receipt",
    Target.FIRST_RESPONSE: "answers",
    Target.NEXT_RESPONSE: "answers",
    Target.RESOLVE: "resolves it",
    Target.BEGIN_INVESTIGATION: "begins",
    Target.CONFIRM_OWNER: "confirms",
    Target.TRIAGE: "sorts it",
}


def say_clock(moment: datetime, board: Board) -> str:
    return f"{moment.astimezone(board.zone):%H:%M}"


def say_became(mail: MailIn) -> str:
    """What became of a mail: the case it is, the case it joined, or why it is none."""
    if mail.ref is None:
        return mail.became or "…"
    if mail.became == "case":
        return mail.ref
    return f"{_FILED.get(mail.became, mail.became)} {mail.ref}"


def say_category(case: CaseRow) -> str:
    return "not sorted yet" if case.category == TRIAGE else category_words(case.category, "en")


def say_risk(case: CaseRow) -> str:
    return risk_words(case.risk, "en").removesuffix(" risk")


def say_due(case: CaseRow, board: Board) -> str:
    """What the owner does next, and until when: "answers by Wed 11:00"."""
    if case.due is None:
        return ""
    target, moment = case.due
    words = _TARGETS.get(target, target.replace("_", " "))
    return f"{words} by {say_when(moment, board)}"


def say_when(moment: datetime, board: Board) -> str:
    """A weekday in the week to come, a date beyond."""
    local = moment.astimezone(board.zone)
    newest = board.mails_in[-1].at if board.mails_in else moment
    if (moment - newest).days < _DAYS_BY_WEEKDAY:
        return f"{local:%a %H:%M}"
    return f"{local.day} {local:%b}"


def say_template(mail: MailOut) -> str:
    return _TEMPLATES.get(mail.template, mail.template)
