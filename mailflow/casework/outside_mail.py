"""Mails that belong to no case, as rows: answers outside one, challenges, news of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.keys.case_ids import participant_id
from mailflow.keys.message_ids import make_message_id
from mailflow.store import outbox
from mailflow.store.outbox import Addressing
from mailflow.store.session import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.casework.office import Office
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.store.batch import Batch


def outside_id(office: Office, address: str) -> str:
    """What stands for a person's participant id where there is no case."""
    return participant_id(office.keyring, "", address)


def order_outside(
    batch: Batch, office: Office, order: MailOrder, *, now: datetime, token: str = ""
) -> None:
    """Without a token a reply to the mail goes to the alias itself."""
    made = make_message_id(
        office.keyring,
        purpose=order.purpose,
        cause=order.cause,
        case_uid="",
        participant_id=outside_id(office, order.recipient),
        id_domain=office.id_domain,
    )
    outbox.add_mail(
        batch,
        office.keyring,
        order,
        mail_id=new_id(now),
        vault=None,
        participant_id=None,
        addressing=Addressing(made.text.strip("<>"), token, ""),
        now=now,
    )
