"""What was written in a case, as far as staff commands need it: fetched for their mails only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mailflow.core.case.case_file import CaseFile


@dataclass(frozen=True)
class WrittenText:
    """One message or note. ``number`` counts its kind from 1, oldest first; ``source`` is the id
    of the stored mail that its attachments lie in.
    """

    number: int
    id: str
    author: str
    at: datetime
    text: str = field(repr=False)
    subject: str = field(repr=False, default="")
    message_id: str | None = None
    references: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    source: str | None = None
    is_verified: bool = False


@dataclass(frozen=True)
class PendingReply:
    """A mail to the employee that has not left yet. ``cause`` is the mail that ordered it."""

    outbox_id: str
    cause: str
    to: str
    due_at: datetime
    by: str
    state: str = "queued"


@dataclass(frozen=True)
class HeldMail:
    """A mail put aside. ``id`` is the stored mail's; ``number`` counts from 1, oldest first."""

    number: int
    id: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Dossier:
    """``promoted`` are numbers of notes that went to the employee already; ``is_answered`` says
    that a person's mail has reached them. ``merged`` is what was written in cases that were merged
    into this one, each with its direction. ``others`` are cases by reference that the mail names,
    ``mine`` the sender's own open ones; ``clearing_asked`` says by address of a person who is
    kept out who has asked to let them in again.
    """

    received: tuple[WrittenText, ...] = ()
    sent: tuple[WrittenText, ...] = ()
    notes: tuple[WrittenText, ...] = ()
    merged: tuple[tuple[str, WrittenText], ...] = ()
    pending: tuple[PendingReply, ...] = ()
    held: tuple[HeldMail, ...] = ()
    promoted: frozenset[int] = frozenset()
    is_answered: bool = False
    others: Mapping[str, CaseFile] = field(default_factory=dict)
    mine: tuple[CaseFile, ...] = ()
    clearing_asked: Mapping[str, str] = field(default_factory=dict)

    def note(self, number: int) -> WrittenText | None:
        return next((one for one in self.notes if one.number == number), None)

    def newest_note_of(self, author: str) -> WrittenText | None:
        """Somebody's own last note, by their address."""
        return next((one for one in reversed(self.notes) if one.author == author), None)

    @property
    def last_received(self) -> WrittenText | None:
        return self.received[-1] if self.received else None
