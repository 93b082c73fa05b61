"""What an employee wishes by a link of our mails: where is my case, settled, not settled, keep it
from my manager, delete my data, a rating.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.case_record import Closing
from mailflow.core.case.commands import Outcome
from mailflow.core.case.dossier import Dossier
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.next_steps import RATINGS
from mailflow.core.mail import words
from mailflow.core.mail.authentication import SenderLevel
from mailflow.core.policy.decision import Decision, Disposition
from mailflow.core.policy.mails import send_alert
from mailflow.core.policy.persons import addresses_of
from mailflow.core.policy.replying import to_requester
from mailflow.core.policy.settling import OUTCOME, settle_timer

if TYPE_CHECKING:
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import House


def meet_wish(wish: str, arrival: Arrival, file: CaseFile, house: House) -> Decision | None:
    """None where the wish is a message like any other: the owner hears it and a clock runs."""
    if arrival.sender not in addresses_of(file.case.requester, house):
        return None
    if wish == "status":
        return _say_where(arrival, file, house)
    if wish == "settled":
        return _settle(arrival, file)
    if wish == "keep_from_manager":
        return _keep_from_manager(arrival, file, house)
    if wish in RATINGS:
        return _noted(arrival, file, EventKind.RATED, rating=int(wish[-1]))
    return None


def _noted(arrival: Arrival, file: CaseFile, kind: EventKind, **data: object) -> Decision:
    facts = {"message": arrival.inbound_id, **data}
    event = Event(kind, arrival.received_at, actor=arrival.sender, data=facts)
    return Decision(disposition=Disposition.REPLY, case=file.case, files_as="in", events=(event,))


def _say_where(arrival: Arrival, file: CaseFile, house: House) -> Decision:
    """State and promise, nothing that was written; to the address in the directory."""
    case = file.case
    locale = house.locale_of(case.requester)
    due = min((c.due_at for c in file.clocks if c.is_running and c.due_at), default=None)
    text = words.state_words(case.state, locale)
    if due is not None and due > arrival.now and not case.case_class.is_sealed:
        text = f"{text} · {words.say_promise(due, zone=house.zone, locale=locale)}"
    letter = to_requester(
        case,
        house,
        Dossier(),
        cause=arrival.cause,
        due_at=arrival.now,
        fields={"text": text, "heading": "status"},
        auto_submitted="auto-replied",
    )
    letter = replace(
        letter,
        purpose="status",
        in_reply_to=arrival.message.message_id,
        references=arrival.message.references,
    )
    asked = _noted(arrival, file, EventKind.STATUS_ASKED)
    return replace(asked, mails=(letter,))


def _settle(arrival: Arrival, file: CaseFile) -> Decision | None:
    """Whoever opened a case of low or moderate risk may end it; a serious one is looked into."""
    case = file.case
    if case.risk.is_urgent or case.case_class.is_sealed:
        return None
    if case.state in (State.RESOLVED, State.CLOSED, State.CANCELLED):
        return _noted(arrival, file, EventKind.MESSAGE_RECEIVED)
    if arrival.verdict.level < SenderLevel.V2:
        return None
    closing = Closing(
        outcome=Outcome.RESOLVED,
        resolution="the employee says that it is settled",
        date=arrival.now.date(),
        by=arrival.sender,
        cause=arrival.cause,
    )
    settled = _noted(arrival, file, EventKind.MESSAGE_RECEIVED, wish="settled")
    return replace(
        settled,
        case=replace(case, record=replace(case.record, pending=closing)),
        timers=(settle_timer(arrival.cause, now=arrival.now),),
        dropped=(OUTCOME,),
    )


def _keep_from_manager(arrival: Arrival, file: CaseFile, house: House) -> Decision:
    case = file.case
    kept = {
        address
        for manager in house.directory.manager_chain(case.requester)
        for address in addresses_of(manager.email, house)
    }
    after = replace(case, excluded=case.excluded | kept)
    noted = _noted(arrival, file, EventKind.PERSON_EXCLUDED, addresses=sorted(kept), because="wish")
    text = words.link_label("keep_from_manager", house.locale_of(case.owner))
    alert = send_alert(
        after,
        house,
        to=case.owner,
        cause=arrival.cause,
        now=arrival.now,
        fields={"what": text, "actions": ["status"]},
    )
    return replace(noted, case=after, mails=(alert,))
