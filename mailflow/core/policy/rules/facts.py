"""What the rules may look at in one mail. Nothing here reads mail or looks people up."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime


class ThreadPosition(StrEnum):
    NEW = "new"
    REPLY = "reply"


class Unreadable(StrEnum):
    """Why a mail's words cannot be trusted to tell what it is about: each sends it to triage."""

    EMPTY_TEXT = "empty_text"
    ENCRYPTED = "encrypted"
    IMAGE_ONLY = "image_only"
    UNPARSABLE = "unparsable"
    TEXT_CUT = "text_cut"


@dataclass(frozen=True)
class SenderFacts:
    """The sender as the directory knows them; ``address`` in normal form."""

    address: str = ""
    name: str = ""
    in_directory: bool = False
    department: str = ""
    title: str = ""
    country: str = ""
    is_manager: bool = False
    executive: bool = False

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True)
class Claim:
    """A category that the way of the mail speaks for, beside its words: it counts like one more
    sure rule, whose name in explanations is ``by``.

    ``is_fallback``: only where no rule finds any category.
    """

    by: str
    category: str
    is_fallback: bool = False


@dataclass(frozen=True)
class AttachmentFacts:
    """``size`` in bytes, decoded."""

    name: str
    content_type: str = ""
    size: int = 0


@dataclass(frozen=True)
class MailFacts:
    """One mail, ready to be classified.

    ``text`` is the new text, or the whole text where nothing new is left. ``headers`` has lower
    case names. ``received_at`` is in the site's local time. ``working_hours`` says for each
    calendar whether the mail came within its hours; the key "" is the site's own calendar, "*"
    answers for every calendar that is not named.
    """

    subject: str = ""
    text: str = ""
    quoted: str = ""
    forwarded: str = ""
    sender: SenderFacts = SenderFacts()
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    alias: str = ""
    attachments: tuple[AttachmentFacts, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    thread: ThreadPosition = ThreadPosition.NEW
    received_at: datetime | None = None
    working_hours: Mapping[str, bool] = field(default_factory=dict)
    auto_submitted: bool = False
    language: str | None = None
    unreadable: tuple[Unreadable, ...] = ()
    claim: Claim | None = None

    @property
    def received_on(self) -> date | None:
        return self.received_at.date() if self.received_at else None
