"""A participant writes to their case: a wait ends, an ended case opens again or is followed by a
new one, a wish of a link is met; everything else simply joins.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.case_record import CaseLink
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.next_steps import DELETE_DATA, read_wish
from mailflow.core.case.transitions import WAITING
from mailflow.core.mail.authentication import SenderLevel
from mailflow.core.mail.gratitude import is_only_thanks
from mailflow.core.mail.words.receipts import say_receipt
from mailflow.core.policy.acknowledging import why_not_acknowledged
from mailflow.core.policy.decision import Decision, Disposition
from mailflow.core.policy.handover import chain_changes
from mailflow.core.policy.joining import append_reply
from mailflow.core.policy.mails import send_alert
from mailflow.core.policy.opening import open_case
from mailflow.core.policy.reopening import is_within_window, reopen_case
from mailflow.core.policy.resuming import resume_case
from mailflow.core.policy.settling import GRACE
from mailflow.core.policy.waiting import CHASE
from mailflow.core.policy.wishes import meet_wish

if TYPE_CHECKING:
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.policy.decision import Arrival, Situation
    from mailflow.core.policy.house import House
    from mailflow.core.policy.rules.classification import Classification

RETALIATION = "retaliation"
DATA_REQUEST = "data_request"
"""Flags of the shipped rules that more hangs on than a word to the owner."""
_ENDED = (State.RESOLVED, State.CLOSED)


def hear_participant(
    arrival: Arrival,
    file: CaseFile,
    found: Classification,
    house: House,
    situation: Situation,
    *,
    is_verified: bool,
) -> Decision:
    """The decision about a mail from somebody who takes part, and may."""
    wish = read_wish(arrival.message.subject)
    if wish is not None:
        met = meet_wish(wish, arrival, file, house)
        if met is not None:
            return met
    if wish != DELETE_DATA:
        return hear_words(arrival, file, found, house, situation, is_verified=is_verified)
    asked = replace(found, flags=(*found.flags, DATA_REQUEST))
    heard = hear_words(arrival, file, asked, house, situation, is_verified=is_verified)
    return _with_word_of_law(heard, arrival, house)


def _with_word_of_law(decision: Decision, arrival: Arrival, house: House) -> Decision:
    """The owner hears what the wish to be forgotten means; its clock runs by the flag."""
    case = decision.case
    if case is None:
        return decision
    text = say_receipt("alert_delete_data", {}, house.locale_of(case.owner))
    fields = {"what": text, "actions": ["reply", "status"]}
    alert = send_alert(
        case, house, to=case.owner, cause=arrival.cause, now=arrival.now, fields=fields
    )
    return replace(decision, mails=(*decision.mails, alert))


def hear_words(
    arrival: Arrival,
    file: CaseFile,
    found: Classification,
    house: House,
    situation: Situation,
    *,
    is_verified: bool,
) -> Decision:
    """The same, whatever its subject wishes."""
    if file.case.state in _ENDED:
        return _hear_after_end(arrival, file, found, house, situation, is_verified=is_verified)
    if file.case.state not in WAITING:
        joined = append_reply(arrival, file, found, house, situation, is_verified=is_verified)
        return replace(joined, dropped=(*joined.dropped, CHASE)) if file.case.waits else joined
    resumed = resume_case(file, file.case, house, now=arrival.now, because="answer")
    after = {id(before): new for before, new in resumed.changed}
    clocks = tuple(after.get(id(clock), clock) for clock in file.clocks)
    going_on = replace(file, case=resumed.case, clocks=clocks)
    joined = append_reply(arrival, going_on, found, house, situation, is_verified=is_verified)
    return replace(
        joined,
        changed_clocks=chain_changes(resumed.changed, joined.changed_clocks),
        timers=(*_without(resumed.timers, joined.dropped), *joined.timers),
        dropped=tuple(dict.fromkeys((*resumed.dropped, *joined.dropped))),
        events=(*resumed.events, *joined.events),
    )


def _without(timers: tuple, dropped: tuple[str, ...]) -> tuple:  # type: ignore[type-arg]  # timers in, timers out
    return tuple(timer for timer in timers if timer.target not in dropped)


def _hear_after_end(
    arrival: Arrival,
    file: CaseFile,
    found: Classification,
    house: House,
    situation: Situation,
    *,
    is_verified: bool,
) -> Decision:
    if is_only_thanks(arrival.message.new_text or arrival.message.text):
        return _file_only(arrival, file, is_verified=is_verified)
    retaliates = RETALIATION in found.flags and file.case.case_class.is_sealed
    if retaliates or not is_within_window(file.case, now=arrival.now):
        return _follow_with_new(arrival, file, found, house, situation)
    again = reopen_case(
        file,
        house,
        workload=situation.workload,
        now=arrival.now,
        actor=arrival.sender,
        reason="answer",
    )
    open_file = replace(file, case=again.case, clocks=(*file.clocks, *again.clocks))
    joined = append_reply(arrival, open_file, found, house, situation, is_verified=is_verified)
    started = {id(clock) for clock in again.clocks}
    changed = tuple(pair for pair in joined.changed_clocks if id(pair[0]) not in started)
    moved = {id(before): after for before, after in joined.changed_clocks}
    workload = dict(joined.workload)
    workload[again.case.owner] = workload.get(again.case.owner, 0) + 1
    return replace(
        joined,
        new_clocks=(*(moved.get(id(c), c) for c in again.clocks), *joined.new_clocks),
        changed_clocks=changed,
        timers=(*_without(again.timers, joined.dropped), *joined.timers),
        dropped=tuple(dict.fromkeys((*joined.dropped, GRACE))),
        events=(*again.events, *joined.events),
        workload=workload,
    )


def _file_only(arrival: Arrival, file: CaseFile, *, is_verified: bool) -> Decision:
    """On record, and nobody's work."""
    event = Event(
        EventKind.MESSAGE_RECEIVED,
        arrival.received_at,
        actor=arrival.sender,
        data={"message": arrival.inbound_id, "verified": is_verified, "only_thanks": True},
    )
    return Decision(disposition=Disposition.REPLY, case=file.case, files_as="in", events=(event,))


def hear_long_after(
    arrival: Arrival,
    file: CaseFile,
    found: Classification,
    house: House,
    situation: Situation,
) -> Decision:
    """Words to a case that ended so long ago that its reply addresses route no more."""
    if is_only_thanks(arrival.message.new_text or arrival.message.text):
        return _file_only(arrival, file, is_verified=arrival.verdict.level >= SenderLevel.V2)
    return _follow_with_new(arrival, file, found, house, situation)


def _follow_with_new(
    arrival: Arrival,
    file: CaseFile,
    found: Classification,
    house: House,
    situation: Situation,
) -> Decision:
    """Too late, or too grave, to reopen: a case of its own that is linked."""
    opened = open_case(
        arrival,
        found,
        house,
        situation,
        no_acknowledgement=why_not_acknowledged(arrival, house),
    )
    case = opened.case
    if case is None:
        return opened
    old = file.case
    here = replace(case.record, links=(*case.record.links, CaseLink(old.ref, "follows")))
    there = replace(old.record, links=(*old.record.links, CaseLink(case.ref, "followed_by")))
    data = {"ref": case.ref, "kind": "followed_by"}
    event = Event(EventKind.CASES_LINKED, arrival.now, data=data)
    return replace(
        opened,
        case=replace(case, record=here, excluded=case.excluded | old.excluded),
        also=(Decision(None, case=replace(old, record=there), events=(event,)),),
    )
