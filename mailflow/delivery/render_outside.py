"""Mails that belong to no case: answers to commands outside one, and challenges."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from mailflow.core.mail import words
from mailflow.core.mail.compose import OutgoingMail, compose
from mailflow.delivery.links import outside_links
from mailflow.delivery.post_room import SENDER_NAME
from mailflow.keys.token_addresses import reply_address

if TYPE_CHECKING:
    from mailflow.delivery.post_room import PostRoom
    from mailflow.store.outbox import OutboxMail


def render_outside(room: PostRoom, mail: OutboxMail) -> bytes:
    """The frozen bytes. Raises ValueError when the template asks for more than there is."""
    house, order = room.house(), mail.order
    alias = house.aliases.get(str(order.fields.get("mailbox"))) or next(
        iter(house.aliases.values())
    )
    local, _, domain = alias.address.partition("@")
    token = mail.addressing.reply_token
    reply_to = f"{local}+staff@{domain}"
    if token:
        reply_to = reply_address(alias.address, token, room.reply_domain)
    context: dict[str, object] = {
        "ref": "",
        "organization": house.organization,
        "sender_name": SENDER_NAME,
        "locale": order.locale,
        "is_urgent": False,
        "address": alias.address,
        "lines": order.fields.get("lines", []),
        "due": [],
        "actions": outside_links(mail, address=reply_to),
        "transcript": "",
        **{name: order.fields.get(name, "") for name in ("news", "bundle", "text", "what")},
    }
    received = order.fields.get("received_at")
    if received:
        moment = datetime.fromisoformat(str(received))
        context["received"] = words.say_time(moment, zone=house.zone, locale=order.locale)
    rendered = room.templates.render(order.template, locale=order.locale, context=context)
    return compose(
        OutgoingMail(
            message_id=mail.addressing.message_id,
            date=room.clock.now(),
            sender_name=SENDER_NAME,
            sender=alias.address,
            recipient_name=order.recipient_name,
            recipient=order.recipient,
            reply_to_name=SENDER_NAME,
            reply_to=reply_to,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            in_reply_to=order.in_reply_to,
            references=order.references,
            auto_submitted=order.auto_submitted,
        )
    )
