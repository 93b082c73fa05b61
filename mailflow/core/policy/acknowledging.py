"""Whether the sender of a mail that opens a case is told so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.mail.treatment import Speech, Treatment, decide_by_table

if TYPE_CHECKING:
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import House


def why_not_acknowledged(arrival: Arrival, house: House) -> str | None:
    """A neutral word for the case's events; None when the sender gets an acknowledgement."""
    if not arrival.message.ack_ok:
        return "may_not_be_answered"
    known = house.directory.find(arrival.sender) or house.staff.member(arrival.sender)
    speech = Speech.NEW_FROM_EMPLOYEE if known else Speech.NEW_FROM_OUTSIDER
    treatment = decide_by_table(speech, arrival.verdict.level, commands_allowed=True)
    if treatment is Treatment.CASE_FLAGGED_NO_ACK:
        return "sender_not_genuine"
    if treatment is Treatment.CASE_NO_ACK:
        return "sender_unknown"
    return None if arrival.acks_left else "over_budget"
