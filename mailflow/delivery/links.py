"""The links of a mail: each opens a mail to the reader's own reply address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.content import Template
from mailflow.core.case.next_steps import body_of, employee_wishes, mark_wish, staff_steps
from mailflow.core.case.reply_address import Audience
from mailflow.core.mail import words
from mailflow.core.mail.mailto import write_mailto
from mailflow.core.policy.settling import SETTLED

if TYPE_CHECKING:
    from collections.abc import Collection

    from mailflow.core.case.case import Case
    from mailflow.store.outbox import OutboxMail

Link = dict[str, str]


def action_links(
    mail: OutboxMail,
    case: Case,
    *,
    address: str,
    periods: Collection[str] = (),
    steps: Collection[str] = (),
) -> list[Link]:
    """For staff: the order's own actions, else the likely next steps.

    ``periods`` are those set by law whose event a person records; the link does not name them.
    ``steps`` come first in a notification.
    """
    if mail.order.audience is not Audience.STAFF:
        return []
    given = mail.order.fields.get("actions")
    actions = given if isinstance(given, list) else [*staff_steps(mail.order.template, case)]
    if periods and mail.order.template is Template.NOTIFICATION:
        actions = [*actions, "trigger"]
    if mail.order.template is Template.NOTIFICATION:
        actions = [*steps, *actions]
    subject = f"HR case {case.ref}"
    return [
        {
            "label": _label(str(action), mail.order.locale),
            "href": write_mailto(address, subject=subject, body=body_of(str(action))),
        }
        for action in actions
    ]


def outside_links(mail: OutboxMail, *, address: str) -> list[Link]:
    """For staff, in a mail that belongs to no case."""
    given = mail.order.fields.get("actions")
    return [
        {
            "label": _label(str(action), mail.order.locale),
            "href": write_mailto(address, subject="mailflow", body=body_of(str(action))),
        }
        for action in (given if isinstance(given, list) else [])
    ]


def _label(action: str, locale: str) -> str:
    """Whom a link is about stands behind it."""
    verb, _, person = action.partition(" ")
    label = words.action_label(verb, locale)
    return f"{label} ({person})" if "@" in person else label


def wish_links(mail: OutboxMail, case: Case, *, address: str) -> list[Link]:
    """For the employee."""
    if mail.order.audience is Audience.STAFF:
        return []
    links = []
    is_outcome = mail.order.fields.get("heading") == SETTLED
    for wish in employee_wishes(mail.order.template, case, is_outcome=is_outcome):
        label = words.link_label(wish, mail.order.locale)
        subject = mark_wish(label, wish, case.ref)
        links.append({"label": label, "href": write_mailto(address, subject=subject, body=label)})
    return links
