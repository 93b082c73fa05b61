"""Nudges of one person that are due together go out as one mail, at most one an hour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.case.content import Template
from mailflow.core.mail import words
from mailflow.core.policy.nudging import may_send_at
from mailflow.keys.token_addresses import reply_address
from mailflow.store import cases, instance, outbox, outbox_claims
from mailflow.store.people import address_index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.core.case.case_file import CaseFile
    from mailflow.delivery.pages import Pages
    from mailflow.delivery.post_room import PostRoom
    from mailflow.store.outbox import OutboxMail

MOST_LINES = 50


@dataclass
class Digests:
    """``lines`` are what the mail with this id lists beside its own case; a mail in ``left_out``
    is not sent by itself.
    """

    lines: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)


def put_together(
    connection: Connection, room: PostRoom, pages: Pages, mails: Sequence[OutboxMail]
) -> Digests:
    """Group the nudges among claimed mails by person. Urgent ones always go alone and at once.

    Within the hour after a person's last digest their nudges are put off to its end; otherwise
    all that are due for them join the one whose clock is due first.
    """
    digests = Digests()
    every = room.house().sla.nudge_mail.digest_every
    groups: dict[str, list[OutboxMail]] = {}
    for mail in mails:
        if _may_wait(mail, pages):
            groups.setdefault(mail.order.recipient, []).append(mail)
    for recipient, group in groups.items():
        word = f"digest:{address_index(room.keyring, recipient).hex()}"
        last = instance.heartbeat_at(connection, word)
        if last is not None and pages.now - last < every:
            for mail in group:
                pages.put_off(mail, until=_after_quiet_hours(mail, pages, last + every))
                digests.left_out.add(mail.id)
            continue
        others = _others_due(connection, room, pages, recipient, group)
        _join([*group, *others], pages, digests)
        instance.beat(connection, word, now=pages.now)
    return digests


def _after_quiet_hours(mail: OutboxMail, pages: Pages, moment: datetime) -> datetime:
    file = pages.file(mail)
    if file is None:
        return moment
    return may_send_at(file.case, mail.order.recipient, pages.room.house(), at=moment)


def _may_wait(mail: OutboxMail, pages: Pages) -> bool:
    file = pages.file(mail)
    if mail.order.template is not Template.NUDGE or mail.body is not None or file is None:
        return False
    urgent_from = pages.room.house().sla.nudge_mail.urgent_from
    return file.case.risk.rank < urgent_from.rank


def _others_due(
    connection: Connection,
    room: PostRoom,
    pages: Pages,
    recipient: str,
    group: Sequence[OutboxMail],
) -> list[OutboxMail]:
    """Due nudges of the same person beyond the claimed batch, claimed as well."""
    rows = outbox_claims.claim_nudges_to(
        connection,
        address_index(room.keyring, recipient),
        besides=[mail.id for mail in group],
        now=pages.now,
        limit=MOST_LINES,
    )
    pages.add_files(
        cases.load_cases(
            connection,
            room.keyring,
            {row["case_uid"] for row in rows} - pages.files.keys(),
        )
    )
    vaults = {uid: loaded.vault for uid, loaded in pages.files.items()}
    opened = outbox.open_claimed(connection, room.keyring, rows, vaults)
    kept: list[OutboxMail] = []
    for mail in opened:
        refusal = pages.refusal(mail)
        if refusal is not None:
            pages.cancel(mail, refusal)
        elif _may_wait(mail, pages):
            kept.append(mail)
        else:
            pages.put_off(mail, until=pages.now)
    return kept


def _join(group: list[OutboxMail], pages: Pages, digests: Digests) -> None:
    """The nudge that is due first carries the others as lines; each clock is listed once."""
    ordered = sorted(group, key=lambda mail: (_due(mail, pages), mail.id))
    carrier, *others = ordered
    listed = {(carrier.case_uid, carrier.order.fields.get("target"))}
    for mail in others:
        digests.left_out.add(mail.id)
        pages.cancel(mail, "in_digest")
        target = mail.order.fields.get("target")
        if (mail.case_uid, target) in listed:
            continue
        listed.add((mail.case_uid, target))
        digests.lines.setdefault(carrier.id, []).append(_line(mail, pages, carrier.order.locale))


def _due(mail: OutboxMail, pages: Pages) -> datetime:
    file = pages.file(mail)
    clock = file.running(str(mail.order.fields.get("target"))) if file else None
    return clock.due_at if clock and clock.due_at else mail.due_at


def _line(mail: OutboxMail, pages: Pages, locale: str) -> dict[str, str]:
    """Reference and due time; what it waits for only where the class lets a mail say so."""
    house = pages.room.house()
    file = pages.file(mail)
    if file is None:
        return {}
    alias = house.aliases[file.case.mailbox].address
    address = reply_address(alias, mail.addressing.reply_token, pages.room.reply_domain)
    due = words.say_time(_due(mail, pages), zone=house.zone, locale=locale, now=pages.now)
    return {
        "ref": file.case.ref,
        "what": _what(mail, file, locale),
        "when": due,
        "href": f"mailto:{address}?subject=HR%20case%20{file.case.ref}",
    }


def _what(mail: OutboxMail, file: CaseFile, locale: str) -> str:
    if file.case.case_class.is_sealed:
        return ""
    return words.target_words(str(mail.order.fields.get("target")), locale)
