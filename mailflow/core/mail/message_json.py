"""A Message back from what `as_json` wrote: how parser children hand their result over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mailflow.core.mail.message import (
    Address,
    Attachment,
    Authentication,
    Bounce,
    BouncedRecipient,
    Forward,
    Kind,
    Message,
    as_json,
)


def as_full_json(message: Message) -> dict[str, Any]:
    """The contract plus the fields that only our own stages need; file contents go beside it."""
    return {
        **as_json(message),
        "delivered_to": list(message.delivered_to),
        "list_id": message.list_id,
        "texts_differ": message.texts_differ,
    }


def from_full_json(data: dict[str, Any], contents: tuple[bytes, ...]) -> Message:
    """The message; ``contents`` are its attachments' bytes in order."""
    attachments = tuple(
        Attachment(**attachment, content=content)
        for attachment, content in zip(data["attachments"], contents, strict=True)
    )
    return Message(
        message_id=data["message_id"],
        in_reply_to=data["in_reply_to"],
        references=tuple(data["references"]),
        date=_moment(data["date"]),
        sender=_address(data["from"]),
        to=_addresses(data["to"]),
        cc=_addresses(data["cc"]),
        reply_to=_addresses(data["reply_to"]),
        subject=data["subject"],
        text=data["text"],
        new_text=data["new_text"],
        signature=data["signature"],
        kind=Kind(data["kind"]),
        ack_ok=data["ack_ok"],
        bounce=_bounce(data["bounce"]),
        forwarded=_forward(data["forwarded"]),
        attachments=attachments,
        auth=Authentication(**data["auth"]),
        problems=tuple(data["problems"]),
        delivered_to=tuple(data["delivered_to"]),
        list_id=data["list_id"],
        texts_differ=data["texts_differ"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _address(data: dict[str, Any] | None) -> Address | None:
    return Address(data["name"], data["address"]) if data else None


def _addresses(data: list[dict[str, Any]]) -> tuple[Address, ...]:
    return tuple(Address(one["name"], one["address"]) for one in data)


def _bounce(data: dict[str, Any] | None) -> Bounce | None:
    if data is None:
        return None
    return Bounce(
        tuple(BouncedRecipient(**recipient) for recipient in data["recipients"]),
        data["permanent"],
        data["original_message_id"],
    )


def _forward(data: dict[str, Any] | None) -> Forward | None:
    if data is None:
        return None
    return Forward(
        sender=_address(data["from"]),
        to=_addresses(data["to"]),
        cc=_addresses(data["cc"]),
        date=_moment(data["date"]),
        subject=data["subject"],
        text=data["text"],
    )
