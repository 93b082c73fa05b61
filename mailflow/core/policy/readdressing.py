"""Mails that bring a new reply address to those whose old one is believed no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.content import Template
from mailflow.core.case.mail_order import Lane, MailOrder
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.mail.words.receipts import say_receipt
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.mails import send_alert

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.policy.house import House


def tell_new_addresses(
    file: CaseFile, house: House, *, holders: Collection[str], cause: str, now: datetime
) -> Decision:
    """One mail for each of the ``holders`` (participant ids) who still takes part and stands in
    the directory or among the staff. An outsider gets theirs with the next mail: nobody can say
    whether the address is still theirs.
    """
    mails: list[MailOrder] = []
    for who in file.participants:
        if who.id not in holders or not who.takes_part:
            continue
        locale = house.locale_of(who.address)
        if house.staff.member(who.address) is not None:
            fields = {"what": say_receipt("alert_new_address", {}, locale)}
            mails.append(
                send_alert(file.case, house, to=who.address, cause=cause, now=now, fields=fields)
            )
        elif house.directory.find(who.address) is not None:
            mails.append(
                MailOrder(
                    template=Template.REPLY,
                    purpose="new_address",
                    cause=cause,
                    recipient=who.address,
                    recipient_name=who.name,
                    audience=Audience.REQUESTER,
                    reply_purpose=Purpose.REPLY,
                    lane=Lane.BULK,
                    due_at=now,
                    locale=locale,
                    fields={"heading": "new_address"},
                )
            )
    return Decision(disposition=None, case=file.case, mails=tuple(mails))
