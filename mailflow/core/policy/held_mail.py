"""A mail put aside, whole, for somebody to accept or reject; and who hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.events import Event, EventKind
from mailflow.core.mail.treatment import Treatment
from mailflow.core.mail.words.receipts import say_receipt
from mailflow.core.policy.decision import Decision, Disposition
from mailflow.core.policy.mails import send_alert

if TYPE_CHECKING:
    from mailflow.core.policy.decision import Arrival, Thread
    from mailflow.core.policy.house import House

_FOREIGN = frozenset({Treatment.HOLD_AND_RENEW_TOKEN.value, Treatment.HOLD_AND_ALERT.value})


def hold_mail(arrival: Arrival, thread: Thread, house: House, *, because: str) -> Decision:
    """The owner sees that something waits; a reply address that others know is replaced."""
    file = thread.file
    data: dict[str, object] = {"message": arrival.inbound_id, "because": because}
    actor = arrival.sender or "unknown"
    events = [Event(EventKind.MAIL_HELD, arrival.now, actor=actor, data=data)]
    renews: tuple[str, ...] = ()
    holder = thread.token.participant if thread.token else None
    if holder is not None and _is_foreign_use(arrival, house, holder.address, because):
        renews = (holder.address,)
        who: dict[str, object] = {"whose": holder.address, "used_by": actor}
        events.append(Event(EventKind.ADDRESS_RENEWED, arrival.now, data=who))
    if file is None:
        return Decision(disposition=Disposition.HELD, reason=because, held_because=because)
    owner = file.case.owner
    locale = house.locale_of(owner)
    named = holder or (thread.spent.holder if thread.spent else None)
    facts = {"sender": arrival.sender or "?", "holder": named.address if named else "?"}
    code = f"alert_{because}"
    alert = send_alert(
        file.case,
        house,
        to=owner,
        cause=arrival.cause,
        now=arrival.now,
        fields={"what": say_receipt(code, facts, locale), "actions": ["accept", "reject"]},
    )
    return Decision(
        disposition=Disposition.HELD,
        reason=because,
        case=file.case,
        held_because=because,
        events=tuple(events),
        mails=(alert,),
        renews=renews,
    )


def _is_foreign_use(arrival: Arrival, house: House, holder: str, because: str) -> bool:
    member = house.staff.member(holder)
    own = member.addresses if member else (holder,)
    return because in _FOREIGN and arrival.sender not in own
