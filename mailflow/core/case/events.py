"""Facts of a case, in past tense. Once written they never change."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class EventKind(StrEnum):
    CASE_OPENED = "case_opened"
    MESSAGE_RECEIVED = "message_received"
    AUTOMATIC_MAIL_RECEIVED = "automatic_mail_received"
    NOTE_ADDED = "note_added"
    CATEGORISED = "categorised"
    RISK_RAISED = "risk_raised"
    OWNER_ASSIGNED = "owner_assigned"
    PERSON_EXCLUDED = "person_excluded"
    PERSON_SUSPECTED = "person_suspected"
    ESCALATED = "escalated"
    ESCALATION_GAP = "escalation_gap"
    CLOCKS_STARTED = "clocks_started"
    CLOCK_MOVED = "clock_moved"
    CLOCK_MET = "clock_met"
    CLOCK_BREACHED = "clock_breached"
    CLOCK_CLOSED = "clock_closed"
    NUDGED = "nudged"
    MAIL_SENT = "mail_sent"
    MAIL_FAILED = "mail_failed"
    MAIL_CANCELLED = "mail_cancelled"
    MAIL_BOUNCED = "mail_bounced"
    MAIL_HELD = "mail_held"
    MAIL_ACCEPTED = "mail_accepted"
    MAIL_REJECTED = "mail_rejected"
    MAIL_QUARANTINED = "mail_quarantined"
    MAIL_RETRIED = "mail_retried"
    MAIL_DISCARDED = "mail_discarded"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    FOLLOW_UP_FAILED = "follow_up_failed"
    STATE_CHANGED = "state_changed"
    RISK_LOWERED = "risk_lowered"
    FLAG_ADDED = "flag_added"
    ACCESS_CHANGED = "access_changed"
    CLEARING_ASKED = "clearing_asked"
    CONFLICT_CLEARED = "conflict_cleared"
    WAITING_BEGAN = "waiting_began"
    WAITING_ENDED = "waiting_ended"
    EMPLOYEE_CHASED = "employee_chased"
    REMINDER_SET = "reminder_set"
    REMINDED = "reminded"
    PARTY_ADDED = "party_added"
    ALLEGATION_ADDED = "allegation_added"
    INVESTIGATION_BEGUN = "investigation_begun"
    FINDING_ADDED = "finding_added"
    ACTION_ADDED = "action_added"
    ACTION_DONE = "action_done"
    HOLD_SET = "hold_set"
    HOLD_RELEASED = "hold_released"
    RELEASE_ASKED = "release_asked"
    EXPORT_ASKED = "export_asked"
    EXPORT_APPROVED = "export_approved"
    CASE_EXPORTED = "case_exported"
    CASES_LINKED = "cases_linked"
    CASE_MERGED = "case_merged"
    CASE_SPLIT = "case_split"
    TEXT_REDACTED = "text_redacted"
    REPLY_ORDERED = "reply_ordered"
    REPLY_CANCELLED = "reply_cancelled"
    NOTE_PROMOTED = "note_promoted"
    COMMANDS_REFUSED = "commands_refused"
    REVIEWED = "reviewed"
    AGREED = "agreed"
    RATED = "rated"
    STATUS_ASKED = "status_asked"
    CASE_READ = "case_read"
    PORTAL_REQUEST_READ = "portal_request_read"
    OPENED_BY_STAFF = "opened_by_staff"
    HELD_ACCEPTED = "held_accepted"
    HELD_REJECTED = "held_rejected"
    SENDER_CHALLENGED = "sender_challenged"
    ADDRESS_RENEWED = "address_renewed"
    ADDENDUM_ADDED = "addendum_added"
    EXPOSURE_FOUND = "exposure_found"
    PULLED_BACK = "pulled_back"


SYSTEM = "mailflow"
"""The actor of what nobody did by hand."""


@dataclass(frozen=True)
class Event:
    """``actor`` is an address in normal form, or SYSTEM. ``data`` holds JSON values only."""

    kind: EventKind
    at: datetime
    actor: str = SYSTEM
    data: Mapping[str, object] = field(default_factory=dict)
