"""From a parsed mail to what the rules may look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.people import normal_address
from mailflow.core.mail.message import Kind
from mailflow.core.mail.problems import Problem
from mailflow.core.policy.rules.facts import (
    AttachmentFacts,
    MailFacts,
    SenderFacts,
    ThreadPosition,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mailflow.core.case.people import Directory
    from mailflow.core.mail.message import Message

# Of these mails some words were not read, and they may be the ones that matter.
_DOUBTFUL = {
    Problem.ENCRYPTED: Unreadable.ENCRYPTED,
    Problem.UNPARSABLE: Unreadable.UNPARSABLE,
    Problem.TEXT_LIMIT: Unreadable.TEXT_CUT,
    Problem.PART_LIMIT: Unreadable.TEXT_CUT,
    Problem.DEPTH_LIMIT: Unreadable.TEXT_CUT,
    Problem.CHARSET_REFUSED: Unreadable.TEXT_CUT,
}


def facts_of_message(
    message: Message,
    *,
    sender: SenderFacts | None = None,
    alias: str = "",
    thread: ThreadPosition = ThreadPosition.NEW,
    received_at: datetime | None = None,
    working_hours: Mapping[str, bool] | None = None,
    headers: Mapping[str, str] | None = None,
    language: str | None = None,
) -> MailFacts:
    """``sender`` is who really writes (for a forward by staff: the original sender).

    A forward keeps its writer's own lines as text, however few; any other mail without new text
    is matched whole.
    """
    is_forward = message.forwarded is not None
    text = message.new_text if message.new_text.strip() or is_forward else message.text
    return MailFacts(
        subject=message.subject,
        text=text,
        quoted=_quoted(message, text),
        forwarded=message.forwarded.text if message.forwarded else "",
        sender=sender or sender_of_message(message),
        to=tuple(normal_address(one.address) for one in message.to),
        cc=tuple(normal_address(one.address) for one in message.cc),
        alias=normal_address(alias),
        attachments=tuple(
            AttachmentFacts(one.filename or "", one.content_type, one.size)
            for one in message.attachments
            if not one.inline
        ),
        headers={name.lower(): value for name, value in (headers or {}).items()},
        thread=thread,
        received_at=received_at,
        working_hours=working_hours or {},
        auto_submitted=message.kind not in (Kind.PERSON, Kind.LIST),
        language=language,
        unreadable=_unreadable(message, text),
    )


def sender_of_message(message: Message, directory: Directory | None = None) -> SenderFacts:
    """The sender as the mail names them, with what the directory knows of the address."""
    if message.sender is None:
        return SenderFacts()
    return sender_of_address(message.sender.address, directory, name=message.sender.name or "")


def sender_of_address(address: str, directory: Directory | None, *, name: str = "") -> SenderFacts:
    """What the directory knows of an address; ``name`` is what the mail says."""
    address = normal_address(address)
    employee = directory.find(address) if directory else None
    if directory is None or employee is None:
        return SenderFacts(address=address, name=name)
    return SenderFacts(
        address=address,
        name=employee.name,
        in_directory=True,
        department=employee.department or "",
        title=employee.title or "",
        country=employee.country or "",
        is_manager=employee.email in directory.managers,
        executive=employee.executive,
    )


def _quoted(message: Message, text: str) -> str:
    """What stands around the new text."""
    if not text or text == message.text:
        return ""
    before, found, after = message.text.partition(text)
    return f"{before}\n{after}".strip() if found else message.text


def _unreadable(message: Message, text: str) -> tuple[Unreadable, ...]:
    reasons = [reason for problem, reason in _DOUBTFUL.items() if problem in message.problems]
    has_words = text.strip() or (message.forwarded and message.forwarded.text.strip())
    if not has_words:
        images = any(one.content_type.startswith("image/") for one in message.attachments)
        reasons.append(Unreadable.IMAGE_ONLY if images else Unreadable.EMPTY_TEXT)
    return tuple(dict.fromkeys(reasons))
