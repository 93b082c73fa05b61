"""What somebody who complains has to know about their own mail: who else may read it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.dossier import Dossier
from mailflow.core.case.people import normal_address
from mailflow.core.mail.authentication import SenderLevel
from mailflow.core.mail.words.notices import say_notice
from mailflow.core.policy.persons import addresses_of
from mailflow.core.policy.replying import to_requester

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailflow.core.case.case import Case
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import House

COPIED = "copied"
"""The heading of the advice to whoever copied the person that it is about."""
_SPEAK_UP = "speakup"


def advise_about_mailbox(case: Case, house: House, *, locale: str) -> str:
    """Where one whom the case may be about opens the mailbox it came in by: another way to write.
    "" where nobody does.
    """
    alias = house.aliases[case.mailbox]
    readers = {address for one in alias.read_by for address in addresses_of(one, house)}
    if not readers & (case.excluded | case.suspected):
        return ""
    for other in house.aliases.values():
        theirs = {address for one in other.read_by for address in addresses_of(one, house)}
        if other.channel == _SPEAK_UP and not theirs & (case.excluded | case.suspected):
            return say_notice("mailbox_read", locale, {"address": other.address})
    return say_notice("mailbox_read_only", locale)


def has_named(copied: Iterable[str], case: Case) -> bool:
    """Whether somebody who must not learn of the case was copied into the mail."""
    return not {normal_address(one) for one in copied}.isdisjoint(case.excluded | case.suspected)


def advise_about_copies(arrival: Arrival, case: Case, house: House) -> tuple[MailOrder, ...]:
    """To an employee who copied the person it is about: write to us alone, in a thread of its own,
    so that no answer to all follows from it. Nothing to a sender who is not sure.
    """
    message = arrival.message
    copied = [one.address for one in (*message.to, *message.cc)]
    is_known = house.directory.find(arrival.sender) is not None
    if not is_known or arrival.verdict.level < SenderLevel.V2 or not message.ack_ok:
        return ()
    if not has_named(copied, case) or arrival.sender not in addresses_of(case.requester, house):
        return ()
    letter = to_requester(
        case,
        house,
        Dossier(),
        cause=arrival.cause,
        due_at=arrival.now,
        fields={"text": "", "heading": COPIED},
        auto_submitted="auto-generated",
    )
    return (replace(letter, purpose="advice"),)
