"""A mail that continues a case: from the person it is about, from staff, or from a machine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.access import may_own
from mailflow.core.case.case import State, case_class
from mailflow.core.case.events import Event, EventKind
from mailflow.core.policy.advising import advise_about_copies
from mailflow.core.policy.climbing import climb_timers
from mailflow.core.policy.clocks import meet, promises_of, start_clock, start_clocks
from mailflow.core.policy.conflict_of_interest import apply_conflict, name_conflict
from mailflow.core.policy.deciding_words import deciding_words
from mailflow.core.policy.decision import Decision, Disposition
from mailflow.core.policy.handover import hand_to, with_changes
from mailflow.core.policy.mails import notify, tell_of_escalation
from mailflow.core.policy.opening import escalate_at_once
from mailflow.core.policy.ownership import pick_owner
from mailflow.core.policy.reclassify import reclassify_clocks
from mailflow.core.policy.reopening import next_generation
from mailflow.core.policy.rules.ratchet import follow_up_category
from mailflow.core.policy.standing_in import cover_absent_owner
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.policy.decision import Arrival, Situation
    from mailflow.core.policy.house import House
    from mailflow.core.policy.rules.classification import Classification

RULES_DISAGREE = "rules_disagree"
"""The flag of a case that the rules would sort higher than a person did."""

_WAITING = (State.WAITING_EMPLOYEE, State.WAITING_THIRD_PARTY, State.WAITING_INTERNAL)


def append_reply(
    arrival: Arrival,
    file: CaseFile,
    found: Classification,
    house: House,
    situation: Situation,
    *,
    is_verified: bool,
) -> Decision:
    """The requester or a participant wrote again: the owner gets it, a clock starts for the
    answer, and what they wrote may raise the risk but never lower it.
    """
    before = file.case
    case = _reconsider(before, found, arrival, house)
    if case.state in _WAITING:
        case = replace(case, state=State.WORKING)
    received = Event(
        EventKind.MESSAGE_RECEIVED,
        arrival.received_at,
        actor=arrival.sender,
        data={"message": arrival.inbound_id, "verified": is_verified},
    )
    clocks, timers = _answer_owed(arrival, file, case, house)
    decision = Decision(
        disposition=Disposition.REPLY,
        case=case,
        files_as="in",
        new_clocks=clocks,
        timers=timers,
        events=(received, *_say_reconsidered(before, case, now=arrival.now)),
        classification=found if _is_news(before, case) else None,
    )
    if _is_moved(before, case) or _has_new_targets(before, case, house):
        decision = _with_rise(decision, before, file, found, arrival, house)
    elif case.flags != before.flags or case.category != before.category:
        decision = _with_new_clocks(decision, file, arrival, house)
    decision = _with_owner(decision, file, found, arrival, house, situation)
    decision = replace(
        decision, events=(*decision.events, *name_conflict(case, before, now=arrival.now))
    )
    words = deciding_words(arrival.message, found) if RULES_DISAGREE in case.flags else ()
    return _with_word(decision, arrival, house, is_verified=is_verified, words=words)


def _is_moved(before: Case, after: Case) -> bool:
    return after.risk is not before.risk or after.category != before.category


def _is_news(before: Case, after: Case) -> bool:
    """Whether the rules had a say that an auditor may ask about."""
    return _is_moved(before, after) or after.flags != before.flags


def _with_rise(
    decision: Decision,
    before: Case,
    file: CaseFile,
    found: Classification,
    arrival: Arrival,
    house: House,
) -> Decision:
    """The clocks of the higher risk, and word to whoever must hear of it at once."""
    case = decision.case
    assert case is not None  # noqa: S101 (append_reply has just put it there)
    escalation = escalate_at_once(case, found, house, arrival=arrival)
    inside = (a for a in escalation.recipients if house.staff.member(a))
    case = replace(case, assigned=case.assigned | frozenset(inside))
    moved = reclassify_clocks(file, case, house, found.slas, at=arrival.now)
    mails = tuple(
        tell_of_escalation(case, house, to=address, cause=arrival.cause, now=arrival.now)
        for address in escalation.recipients
        if address != case.owner
    )
    return replace(
        decision,
        case=case,
        new_clocks=(*decision.new_clocks, *moved.started),
        changed_clocks=moved.changed,
        dropped=moved.dropped,
        timers=(
            *decision.timers,
            *moved.timers,
            *(climb_timers(case, at=arrival.now) if escalation.recipients else ()),
        ),
        mails=mails,
        events=(
            *decision.events,
            *_rise_events(before, case, escalation.recipients, arrival),
            *moved.events,
        ),
        classification=found,
    )


def _with_new_clocks(
    decision: Decision, file: CaseFile, arrival: Arrival, house: House
) -> Decision:
    """What the case is promised now and was not before: a flag may bring a date set by law."""
    case = decision.case
    assert case is not None  # noqa: S101 (append_reply has just put it there)
    category = house.bundle.categories.get(case.category)
    slas = (category.sla,) if category else ()
    fresh = start_clocks(case, house, slas, at=arrival.received_at, already=file)
    return replace(
        decision,
        new_clocks=(*decision.new_clocks, *fresh.clocks),
        timers=(*decision.timers, *fresh.timers),
        events=(*decision.events, *fresh.events),
    )


def _with_owner(
    decision: Decision,
    file: CaseFile,
    found: Classification,
    arrival: Arrival,
    house: House,
    situation: Situation,
) -> Decision:
    """Another owner where the present one must not know of it, may not have it, or is away."""
    case = decision.case
    assert case is not None  # noqa: S101 (append_reply has just put it there)
    present = with_changes(file, decision.changed_clocks)
    successor = _find_fit_owner(case, found, house, situation, now=arrival.now)
    if successor == case.owner:
        taken = cover_absent_owner(present, case, house, situation.workload, now=arrival.now)
        return taken.added_to(decision) if taken is not None else decision
    is_kept_out = case.owner in case.excluded | case.suspected
    by = "conflict" if is_kept_out else "class"
    return hand_to(present, case, successor, house, now=arrival.now, by=by).added_to(decision)


def _find_fit_owner(
    case: Case, found: Classification, house: House, situation: Situation, *, now: datetime
) -> str:
    """The present owner as long as they may have it."""
    today = now.astimezone(house.zone).date()
    owner = house.staff.member(case.owner)
    if owner is None or may_own(owner, case, today=today):
        return case.owner
    return pick_owner(
        case,
        house.staff,
        policy=found.owner,
        workload=situation.workload,
        today=today,
        directory=house.directory,
    ).owner


def _has_new_targets(before: Case, after: Case, house: House) -> bool:
    """Whether a flag that this mail brought has somebody to be told of it."""
    new = (house.bundle.flags.get(flag) for flag in after.flags - before.flags)
    return any(flag.escalate_to for flag in new if flag)


def _with_word(
    decision: Decision,
    arrival: Arrival,
    house: House,
    *,
    is_verified: bool,
    words: tuple[str, ...],
) -> Decision:
    """What was written, for the owner; ``words`` are those that speak against their category."""
    case = decision.case
    assert case is not None  # noqa: S101 (append_reply has just put it there)
    fields: dict[str, object] = {"is_new": False, "unverified": not is_verified}
    fields |= {"why": list(words)} if words else {}
    word = notify(arrival, case, house, to=case.owner, fields=fields)
    others = tuple(mail for mail in decision.mails if mail.recipient != case.owner)
    advice = advise_about_copies(arrival, case, house)
    return replace(decision, mails=(word, *others, *advice))


def _reconsider(before: Case, found: Classification, arrival: Arrival, house: House) -> Case:
    """Risk only rises; the category moves only upwards in rank, and not against a person."""
    said = follow_up_category(
        house.bundle,
        found,
        category=before.category,
        risk=before.risk,
        decided_by_person=before.record.is_sorted_by_hand,
    )
    flags = before.flags | frozenset(found.flags)
    known = house.bundle.categories.get(said.category)
    after = replace(
        before,
        risk=said.risk,
        category=said.category,
        team=found.team if said.category != before.category else before.team,
        flags=flags | {RULES_DISAGREE} if said.is_disputed else flags,
        case_class=case_class(said.risk, known.group if known else None),
    )
    return apply_conflict(after, arrival, house)


def _say_reconsidered(before: Case, after: Case, *, now: datetime) -> Iterator[Event]:
    if after.category != before.category:
        data = {
            "category": after.category,
            "risk": after.risk,
            "team": after.team,
            "before": before.category,
            "by": "rules",
        }
        yield Event(EventKind.CATEGORISED, now, data=data)
    if RULES_DISAGREE in after.flags - before.flags:
        yield Event(EventKind.FLAG_ADDED, now, data={"flag": RULES_DISAGREE, "risk": after.risk})


def _rise_events(
    before: Case, after: Case, recipients: tuple[str, ...], arrival: Arrival
) -> list[Event]:
    has_risen = after.risk is not before.risk
    events: list[Event] = []
    if has_risen:
        data = {"from": before.risk, "to": after.risk, "category": after.category}
        events.append(Event(EventKind.RISK_RAISED, arrival.now, data=data))
    if recipients:
        told = {"to": list(recipients), "because": "risk" if has_risen else "flag"}
        events.append(Event(EventKind.ESCALATED, arrival.now, data=told))
    return events


def _answer_owed(
    arrival: Arrival, file: CaseFile, case: Case, house: House
) -> tuple[tuple[CaseClock, ...], tuple[Timer, ...]]:
    """An answer is owed to this message, unless one is owed already."""
    if file.running(Target.FIRST_RESPONSE) or file.running(Target.NEXT_RESPONSE):
        return (), ()
    generation = next_generation(file, Target.NEXT_RESPONSE)
    for promise in promises_of(case, house, (case.category,)):
        if promise.name == Target.NEXT_RESPONSE:
            clock, timer = start_clock(
                promise, house, at=arrival.received_at, generation=generation
            )
            return (clock,), (timer,) if timer else ()
    return (), ()


def add_note(arrival: Arrival, file: CaseFile, house: House) -> Decision:
    """Staff wrote to an internal address: kept for staff, sent to nobody. The owner's first
    act confirms the ownership.
    """
    case = file.case
    member = house.staff.member(arrival.sender)
    is_owner = member is not None and case.owner in member.addresses
    events = [
        Event(
            EventKind.NOTE_ADDED,
            arrival.now,
            actor=member.email if member else arrival.sender,
            data={"message": arrival.inbound_id},
        )
    ]
    changed: list[tuple[CaseClock, CaseClock]] = []
    running = file.running(Target.CONFIRM_OWNER)
    if is_owner and running is not None:
        met, said = meet(running, at=arrival.now)
        changed.append((running, met))
        events += said
    if is_owner and case.state is State.ASSIGNED:
        case = replace(case, state=State.WORKING)
    return Decision(
        disposition=Disposition.NOTE,
        case=case,
        files_as="note",
        changed_clocks=tuple(changed),
        dropped=tuple(before.target for before, _ in changed),
        events=tuple(events),
    )


def note_automatic(arrival: Arrival, file: CaseFile, disposition: Disposition) -> Decision:
    """A machine answered: on record, but no reply, no clock, no answer."""
    event = Event(
        EventKind.AUTOMATIC_MAIL_RECEIVED,
        arrival.received_at,
        actor=arrival.sender or "unknown",
        data={"message": arrival.inbound_id, "kind": disposition},
    )
    return Decision(disposition=disposition, case=file.case, events=(event,))


def note_bounce(
    arrival: Arrival, file: CaseFile, house: House, *, purpose: str, recipient: str
) -> Decision:
    """One of our mails came back: it surfaces on its case, and the owner hears of it. A bounced
    acknowledgement is a broken promise, not a kept one.
    """
    bounce = arrival.message.bounce
    is_permanent = bounce is None or bounce.permanent is not False
    case = file.case
    data = {"purpose": purpose, "to": recipient, "permanent": is_permanent}
    events = [Event(EventKind.MAIL_BOUNCED, arrival.received_at, data=data)]
    changed: list[tuple[CaseClock, CaseClock]] = []
    if not is_permanent:
        return Decision(disposition=Disposition.BOUNCE, case=case, events=tuple(events))
    for clock in file.clocks:
        if purpose == "acknowledgement" and clock.target == Target.ACKNOWLEDGE:
            broken = replace(
                clock, met_at=None, breached_at=clock.breached_at or arrival.received_at
            )
            changed.append((clock, broken))
            breach = {"target": clock.target, "because": "bounced"}
            events.append(Event(EventKind.CLOCK_BREACHED, arrival.received_at, data=breach))
    to = case.owner if case.owner != recipient else house.staff.fallback_owner
    fields: dict[str, object] = {"is_new": False, "bounced": purpose}
    return Decision(
        disposition=Disposition.BOUNCE,
        case=case,
        files_as="note",
        changed_clocks=tuple(changed),
        mails=(notify(arrival, case, house, to=to, fields=fields),),
        events=tuple(events),
    )
