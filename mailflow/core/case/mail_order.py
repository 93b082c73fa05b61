"""A mail that a decision wants sent: what, to whom, because of what. Not yet bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mailflow.core.case.content import Template
    from mailflow.core.case.reply_address import Audience, Purpose


CAUSE_LENGTH = 64
"""Characters of a cause; PostgreSQL refuses more."""


class Lane(IntEnum):
    """Order of work; the numbers are stored."""

    URGENT = 0
    PEOPLE = 1
    AUTOMATIC = 2
    BULK = 3


@dataclass(frozen=True)
class MailOrder:
    """(purpose, cause, recipient) happens once a case. ``cause`` is derived from content: a
    fingerprint or a clock's step, so that a retry and a restored backup give the same mail.

    ``shows`` is the id of the stored message whose text the mail carries, if any; ``fields`` are
    JSON values for the template. ``subject`` is None for the neutral one.
    """

    template: Template
    purpose: str
    cause: str
    recipient: str
    recipient_name: str | None
    audience: Audience
    reply_purpose: Purpose
    lane: Lane
    due_at: datetime
    subject: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    shows: str | None = None
    locale: str = "en"
    auto_submitted: str | None = "auto-generated"
    fields: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cause", bound_cause(self.cause))


def bound_cause(cause: str) -> str:
    """The cause itself, or as much of it as the column holds with a digest of the whole."""
    if len(cause) <= CAUSE_LENGTH:
        return cause
    digest = sha256(cause.encode()).hexdigest()[: CAUSE_LENGTH // 2]
    return f"{cause[: CAUSE_LENGTH - len(digest) - 1]}:{digest}"
