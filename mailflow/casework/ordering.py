"""A mail that a decision orders, as a row of the outbox: its Message-ID, its reply address and
reverse-path, and the thread it belongs to.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mailflow.core.case.reply_address import LIFE_AFTER_END, Audience, Purpose
from mailflow.keys.message_ids import make_message_id
from mailflow.keys.tokens import TokenSubject, mint_token
from mailflow.store import outbox, reply_tokens
from mailflow.store.outbox import Addressing
from mailflow.store.session import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.casework.desk import Desk
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.case.participant import Participant
    from mailflow.store.batch import Batch
    from mailflow.store.cases import LoadedCase


def order_mail(
    batch: Batch,
    desk: Desk,
    order: MailOrder,
    *,
    who: Participant,
    loaded: LoadedCase,
    now: datetime,
) -> tuple[str, str]:
    """The Message-ID, without brackets, and the id of the row."""
    vault = loaded.vault
    uid = vault.case_uid
    has_ended = loaded.case.ended_at is not None
    prolong_to = now + LIFE_AFTER_END if has_ended else None
    if who.audience is Audience.STAFF:
        order = _in_one_thread(desk, uid, who, order)
    message_id = _message_id(desk, uid, who, purpose=order.purpose, cause=order.cause)
    mail_id = new_id(now)
    outbox.add_mail(
        batch,
        desk.office.keyring,
        order,
        mail_id=mail_id,
        vault=vault,
        participant_id=who.id,
        addressing=Addressing(
            message_id=message_id,
            reply_token=_token(batch, desk, uid, who, order.reply_purpose, prolong_to=prolong_to),
            bounce_token=_token(batch, desk, uid, who, Purpose.BOUNCE),
        ),
        now=now,
    )
    desk.mails_ordered = True
    return message_id, mail_id


def _in_one_thread(desk: Desk, uid: str, who: Participant, order: MailOrder) -> MailOrder:
    """Mail clients join what shares an ancestor: all mails to one person about one case name
    the same one, which was never sent.
    """
    root = _message_id(desk, uid, who, purpose="thread", cause=uid)
    references = (root, *(known for known in order.references if known != root))
    return replace(order, references=references, in_reply_to=order.in_reply_to or root)


def _message_id(desk: Desk, uid: str, who: Participant, *, purpose: str, cause: str) -> str:
    made = make_message_id(
        desk.office.keyring,
        purpose=purpose,
        cause=cause,
        case_uid=uid,
        participant_id=who.id,
        id_domain=desk.office.id_domain,
    )
    return made.text.strip("<>")


def _token(
    batch: Batch,
    desk: Desk,
    uid: str,
    who: Participant,
    purpose: Purpose,
    *,
    prolong_to: datetime | None = None,
) -> str:
    """The reply address' token; its row is written once a person and purpose."""
    subject = TokenSubject(uid, who.id, who.audience, purpose, who.generation)
    token = mint_token(desk.office.keyring, subject)
    if token.handle not in desk.handles.setdefault(uid, set()):
        desk.handles[uid].add(token.handle)
        reply_tokens.add_token(batch, token, subject)
    if prolong_to is not None:
        desk.effects.append(
            partial(reply_tokens.prolong_token, handle=token.handle, until=prolong_to)
        )
    return token.text
