"""A portal's or an HRIS' notification mail: the case is of the person it names, and typed.

Whoever can write as the portal can speak in everybody's name. So only mail that is proven to be
the portal's own is believed, and what it says is never a command.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.case.events import Event, EventKind
from mailflow.core.mail.authentication import Reason, SenderLevel, SenderVerdict, may_command
from mailflow.core.mail.compose import is_sendable
from mailflow.core.mail.message import Address, Kind
from mailflow.core.policy.decision import Disposition
from mailflow.core.policy.hearing import hear_words
from mailflow.core.policy.joining import note_automatic
from mailflow.core.policy.opening import open_case
from mailflow.core.policy.rule_facts import facts_for_rules
from mailflow.core.policy.rules.adapter import adapt_mail
from mailflow.core.policy.rules.facts import ThreadPosition
from mailflow.core.policy.sorting import classify_arrival

if TYPE_CHECKING:
    from mailflow.core.mail.message import Message
    from mailflow.core.policy.decision import Arrival, Decision, Situation, Thread
    from mailflow.core.policy.house import House
    from mailflow.core.policy.rules.adapter import AdaptedMail

_NEVER = frozenset({Kind.BOUNCE, Kind.REPORT})


@dataclass(frozen=True)
class PortalMail:
    """``request`` is the mail as the named person would have sent it; None when the portal's mail
    is not to be believed, or names nobody: a person must look.
    """

    adapted: AdaptedMail
    request: Arrival | None
    doubt: str = ""


def read_portal_mail(arrival: Arrival, house: House) -> PortalMail | None:
    """None when no adapter knows the mail, and for one that is surely forged."""
    if arrival.message.kind in _NEVER or not _may_be_portal(arrival, house):
        return None
    facts = facts_for_rules(
        arrival.message,
        house,
        alias=arrival.alias.address,
        thread=ThreadPosition.NEW,
        received_at=arrival.received_at,
    )
    adapted = adapt_mail(house.bundle, facts)
    if adapted is None:
        return None
    if not may_command(arrival.verdict, house.authentication):
        return PortalMail(adapted, None, "portal_not_verified")
    requester = adapted.requester
    if requester is None or not is_sendable(requester) or house.is_ours(requester):
        return PortalMail(adapted, None, "portal_names_nobody")
    return PortalMail(adapted, _as_from(requester, adapted, arrival, house))


def take_portal_mail(
    portal: PortalMail, arrival: Arrival, thread: Thread, house: House, situation: Situation
) -> Decision:
    """A case for the person named, or more words in theirs."""
    file, request = thread.file, portal.request
    if request is None:
        if file is not None:
            return note_automatic(arrival, file, Disposition.AUTO_GENERATED)
        found = classify_arrival(arrival, house, ThreadPosition.NEW)
        return open_case(arrival, found, house, situation, no_acknowledgement=portal.doubt)
    participant = file.participant(request.sender) if file is not None else None
    if file is not None and participant is not None and participant.takes_part:
        found = classify_arrival(request, house, ThreadPosition.REPLY)
        heard = hear_words(request, file, found, house, situation, is_verified=True)
        return _file_request(heard, portal, arrival, request)
    opened = open_case(
        request,
        classify_arrival(request, house, ThreadPosition.NEW),
        house,
        situation,
        no_acknowledgement=_why_not_acknowledged(request),
    )
    return _file_request(opened, portal, arrival, request)


def _may_be_portal(arrival: Arrival, house: House) -> bool:
    """A colleague is no portal, and neither are we."""
    if not any(arrival.sender in adapter.senders for adapter in house.bundle.adapters):
        return False
    if arrival.verdict.level is SenderLevel.V0 or house.is_ours(arrival.sender):
        return False
    return (
        house.staff.member(arrival.sender) is None and house.directory.find(arrival.sender) is None
    )


def _as_from(requester: str, adapted: AdaptedMail, arrival: Arrival, house: House) -> Arrival:
    """Nobody vouches for the person but the portal: the level is V1."""
    employee = house.directory.find(requester)
    address = employee.email if employee else requester
    message: Message = replace(
        arrival.message,
        message_id=None,
        in_reply_to=None,
        references=(),
        sender=Address(employee.name if employee else None, address),
        reply_to=(),
        subject=adapted.subject,
        text=adapted.text,
        new_text=adapted.text,
        signature=None,
        forwarded=None,
        kind=Kind.PERSON,
        ack_ok=employee is not None,
    )
    verdict = SenderVerdict(SenderLevel.V1, address, Reason.NAMED_BY_PORTAL)
    return replace(arrival, message=message, verdict=verdict, claim=adapted.claim)


def _why_not_acknowledged(request: Arrival) -> str | None:
    if not request.message.ack_ok:
        return "sender_unknown"
    return None if request.acks_left else "over_budget"


def _file_request(
    decision: Decision, portal: PortalMail, arrival: Arrival, request: Arrival
) -> Decision:
    """The request is filed; the portal's own ids stay with it, so that its next mail finds it."""
    filed = replace(
        request.message,
        message_id=arrival.message.message_id,
        references=arrival.message.references,
    )
    data = {"portal": portal.adapted.adapter, "fields": dict(portal.adapted.fields)}
    event = Event(EventKind.PORTAL_REQUEST_READ, arrival.now, actor=arrival.sender, data=data)
    return replace(decision, filed=filed, events=(*decision.events, event))
