"""What somebody who is kept out of a case had of it before: put on record, and the owner told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.events import EventKind
from mailflow.core.policy.notices import tell_of_exposure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from mailflow.core.case.events import Event
    from mailflow.core.policy.decision import Decision
    from mailflow.core.policy.house import House


def finds_exposure(decision: Decision) -> bool:
    """Whether the events of the case have to be looked through."""
    return any(event.kind is EventKind.EXPOSURE_FOUND for event in decision.events)


def report_exposure(
    decision: Decision, past: Iterable[Event], house: House, *, now: datetime, cause: str
) -> Decision:
    """The decision with every mail and every reading of theirs in its event, and word to the
    owner of how much it was; none where it was nothing.
    """
    case = decision.case
    if case is None:
        return decision
    history = tuple(past)
    events: list[Event] = []
    mails = list(decision.mails)
    for event in decision.events:
        if event.kind is not EventKind.EXPOSURE_FOUND:
            events.append(event)
            continue
        addresses = event.data.get("addresses")
        known = _known_to(addresses if isinstance(addresses, list) else (), history)
        events.append(replace(event, data={**event.data, "known": known}))
        if known:
            mails.append(tell_of_exposure(case, house, count=len(known), now=now, cause=cause))
    return replace(decision, events=tuple(events), mails=tuple(mails))


def _known_to(addresses: Collection[object], past: Iterable[Event]) -> list[dict[str, str]]:
    """Oldest first: what was mailed to them, and what they read by command."""
    known: list[dict[str, str]] = []
    for event in past:
        at = event.at.isoformat()
        if event.kind is EventKind.MAIL_SENT and event.data.get("to") in addresses:
            known.append({"at": at, "mail": str(event.data.get("template", ""))})
        elif event.kind is EventKind.CASE_READ and event.actor in addresses:
            known.append({"at": at, "read": str(event.data.get("what", ""))})
    return known
