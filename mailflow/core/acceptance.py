"""What a held mail does once somebody who handles its case has vouched for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.participant import Participant, ParticipantRole
from mailflow.core.case.people import normal_address
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.mail.authentication import SenderLevel
from mailflow.core.policy.decision import Acceptance, Thread, TokenUse
from mailflow.core.policy.joining import add_note
from mailflow.core.triage import triage

if TYPE_CHECKING:
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.policy.decision import Arrival, Decision, Situation
    from mailflow.core.policy.house import House


def decide_arrival(
    arrival: Arrival, thread: Thread, house: House, situation: Situation
) -> Decision:
    """The decision about any mail: one that the owner has let through joins their case."""
    file = thread.file or (thread.spent.file if thread.spent else None)
    if arrival.accepted is Acceptance.BY_OWNER and file is not None:
        return accept_mail(arrival, file, house, situation, accepted_by=file.case.owner)
    return triage(arrival, thread, house, situation)


def accept_mail(
    arrival: Arrival, file: CaseFile, house: House, situation: Situation, *, accepted_by: str
) -> Decision:
    """The mail joins the case as if its sender were sure and the reply address their own.

    What staff wrote becomes a note: nobody's word makes a command of a mail that was not sure
    when it came. The sender gains nothing by it, now or later.
    """
    accepted = Event(
        EventKind.MAIL_ACCEPTED,
        arrival.now,
        actor=accepted_by,
        data={"message": arrival.inbound_id, "from": arrival.sender or "unknown"},
    )
    member = house.staff.member(arrival.sender)
    is_requester = normal_address(file.case.requester) == arrival.sender
    if member is not None and not is_requester:
        decision = add_note(arrival, file, house)
    else:
        sure = replace(arrival, verdict=replace(arrival.verdict, level=SenderLevel.V3))
        decision = triage(sure, _as_their_own(arrival, file), house, situation)
    return replace(decision, events=(accepted, *decision.events))


def _as_their_own(arrival: Arrival, file: CaseFile) -> Thread:
    """As if the mail had come to a reply address that was given to its sender."""
    holder = Participant(
        id="",
        address=arrival.sender,
        name=None,
        role=ParticipantRole.REQUESTER,
        audience=Audience.REQUESTER,
    )
    return Thread(file=file, token=TokenUse(holder, Purpose.REPLY))
