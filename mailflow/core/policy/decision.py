"""What a use case decided, as a value: facts to record, mails to send, timers to set."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.case.dossier import Dossier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.case.events import Event
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.case.participant import Participant, ParticipantRole
    from mailflow.core.case.reply_address import Audience, Purpose
    from mailflow.core.mail.authentication import SenderVerdict
    from mailflow.core.mail.message import Message
    from mailflow.core.policy.house import Alias, House
    from mailflow.core.policy.ownership import Workload
    from mailflow.core.policy.rules.classification import Classification
    from mailflow.core.policy.rules.facts import Claim


class Disposition(StrEnum):
    """What became of a received mail; the word in the ledger."""

    CASE = "case"
    REPLY = "reply"
    NOTE = "note"
    COMMAND = "command"
    AUTO_REPLY = "auto_reply"
    AUTO_GENERATED = "auto_generated"
    BOUNCE = "bounce"
    LIST = "list"
    REPORT = "report"
    DUPLICATE = "duplicate"
    HELD = "held"
    QUARANTINED = "quarantined"
    VANISHED = "vanished"


@dataclass(frozen=True)
class NewCaseIds:
    """The ids a case would have if this mail opened it; derived from its fingerprint."""

    uid: str
    ref: str


class Acceptance(StrEnum):
    """Why a held mail is looked at again: its sender answered a challenge, or the owner took it."""

    CONFIRMED = "confirmed"
    BY_OWNER = "by_owner"


@dataclass(frozen=True)
class Foreseen:
    """What the rules say of a mail, asked before its turn came and as of a new conversation.

    It holds for this message in this house, both by identity.
    """

    message: Message
    house: House
    found: Classification


@dataclass(frozen=True)
class Arrival:
    """One received mail. ``cause`` is its fingerprint in hex; ``received_at`` is the server's
    receipt (INTERNALDATE), never the Date field. ``acks_left`` tells whether the budgets of
    acknowledgements allow one more to this sender, ``challenges_left`` the same of challenges.
    ``accepted`` says that the mail was held before and a person let it through; ``more_ids`` are
    for cases that its commands open. ``claim`` is the category that a portal names.
    """

    inbound_id: str
    alias: Alias
    message: Message
    verdict: SenderVerdict
    received_at: datetime
    now: datetime
    cause: str
    ids: NewCaseIds
    acks_left: bool = True
    challenges_left: bool = True
    accepted: Acceptance | None = None
    foreseen: Foreseen | None = None
    more_ids: tuple[NewCaseIds, ...] = ()
    claim: Claim | None = None

    @property
    def sender(self) -> str:
        """The From address in normal form, "" when it is malformed."""
        return self.verdict.address or ""


@dataclass(frozen=True)
class TokenUse:
    """A good reply address that the mail was sent to: whose it is, and what for."""

    participant: Participant
    purpose: Purpose


class Ending(StrEnum):
    """Why a reply address of ours is good no more: taken from its holder, of a key number that
    is believed no more, or its case ended long ago.
    """

    REVOKED = "revoked"
    KEY_REVOKED = "key_revoked"
    EXPIRED = "expired"


@dataclass(frozen=True)
class SpentAddress:
    """A reply address that was ours to give and has ended: where it led, and whose it was."""

    file: CaseFile
    holder: Participant
    ending: Ending


@dataclass(frozen=True)
class BouncedMail:
    """A mail of ours that came back: which, to whom, and why it was sent."""

    outbox_id: str
    purpose: str
    recipient: str


@dataclass(frozen=True)
class Confirmation:
    """The good reply address of a challenge: whose it is and which held mail it lets through."""

    address: str
    inbound_id: str
    handle: int


@dataclass(frozen=True)
class Thread:
    """What the mail belongs to, as far as addresses and Message-IDs tell.

    ``file`` is the case that a token or a known Message-ID leads to. ``token`` is None when only
    a Message-ID does. ``is_torn`` says that it carries reply addresses of two cases; ``spent`` is
    a reply address that routes no more.
    """

    file: CaseFile | None = None
    token: TokenUse | None = None
    is_torn: bool = False
    duplicate_of: str | None = None
    bounced: BouncedMail | None = None
    confirms: Confirmation | None = None
    spent: SpentAddress | None = None


@dataclass(frozen=True)
class Joining:
    """Somebody who joins a case by this decision. ``address`` is in normal form."""

    address: str
    name: str | None
    role: ParticipantRole
    audience: Audience


@dataclass(frozen=True)
class RecentCase:
    """A case that somebody opened lately, and the subject of the mail that opened it."""

    case: Case
    subject: str


@dataclass(frozen=True)
class Situation:
    """What is true around the mail while it is decided. ``dossier`` is there for staff mails;
    ``recent`` are cases of anybody who wrote lately.
    """

    workload: Workload
    dossier: Dossier = field(default_factory=Dossier)
    recent: tuple[RecentCase, ...] = ()


@dataclass(frozen=True)
class FiledText:
    """A text that joins a case's conversation beside, or in the place of, the whole mail.

    ``direction`` is "in" or "note"; ``is_whole`` keeps the mail's attachments with it.
    """

    direction: str
    sender: str
    sender_name: str | None
    subject: str
    text: str
    is_whole: bool = False
    copied: tuple[str, ...] = ()


@dataclass(frozen=True)
class Absence:
    """``delegate`` stands in; "" for whoever the team has."""

    address: str
    until: date
    delegate: str


@dataclass(frozen=True)
class Decision:
    """``disposition`` is None when no mail, but time, gave rise to the decision.

    ``case`` is the case afterwards; None when the mail touches none.
    ``files_as`` is "in" or "note" when the mail becomes part of the conversation.
    ``changed_clocks`` are (before, after); ``dropped`` are targets whose timers are forgotten;
    ``filed`` is what is filed in the place of the mail itself (the original of a forward), with
    the sender's own lines as ``note``; ``texts`` join the conversation beside it.
    ``held_because`` puts the mail aside until somebody accepts it. ``cancels`` are outbox mails
    to be stopped, ``releases`` and ``rejects`` held mails to be looked at again or left out,
    ``renews`` addresses of participants who get new reply addresses; ``answers`` are mails that
    belong to no case; ``trained`` is the address of somebody who agreed to the rules of
    confidentiality for another year; ``also`` are decisions about other cases in the same
    transaction.
    """

    disposition: Disposition | None
    reason: str = ""
    case: Case | None = None
    opens_case: bool = False
    files_as: str | None = None
    filed: Message | None = None
    note: str = ""
    held_because: str | None = None
    joining: tuple[Joining, ...] = ()
    new_clocks: tuple[CaseClock, ...] = ()
    changed_clocks: tuple[tuple[CaseClock, CaseClock], ...] = ()
    timers: tuple[Timer, ...] = ()
    dropped: tuple[str, ...] = ()
    mails: tuple[MailOrder, ...] = ()
    events: tuple[Event, ...] = ()
    classification: Classification | None = None
    workload: Mapping[str, int] = field(default_factory=dict)
    texts: tuple[FiledText, ...] = ()
    cancels: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()
    confirmed_handle: int | None = None
    absence: Absence | None = None
    answers: tuple[MailOrder, ...] = ()
    renews: tuple[str, ...] = ()
    also: tuple[Decision, ...] = ()
    trained: str | None = None
