"""Opening a case for a mail: what it is, whose it is, who must know, what was promised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.case.case import Case, Risk, State, case_class
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.participant import ParticipantRole
from mailflow.core.case.reply_address import Audience
from mailflow.core.mail.authentication import Reason, SenderLevel
from mailflow.core.mail.compose import is_sendable
from mailflow.core.policy.advising import advise_about_copies
from mailflow.core.policy.climbing import climb_timers
from mailflow.core.policy.clocks import ClockSet, close, start_clocks
from mailflow.core.policy.conflict_of_interest import NAMED_HR, apply_conflict, name_conflict
from mailflow.core.policy.deciding_words import deciding_words
from mailflow.core.policy.decision import Arrival, Decision, Disposition, Joining, Situation
from mailflow.core.policy.escalation import Escalation, escalate
from mailflow.core.policy.mails import acknowledge, notify, tell_of_escalation
from mailflow.core.policy.notices import tell_accountable, tell_of_gap
from mailflow.core.policy.ownership import Ownership, accountable_owner, pick_owner
from mailflow.core.policy.similar_cases import hint_at_similar
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.policy.house import House
    from mailflow.core.policy.rules.classification import Classification

IMMINENT_DANGER = "imminent_danger"
FORGED = "maybe_forged"


def open_case(
    arrival: Arrival,
    found: Classification,
    house: House,
    situation: Situation,
    *,
    no_acknowledgement: str | None = None,
) -> Decision:
    """A new case with an owner, clocks, an acknowledgement and, where it must not wait, an
    escalation, all in one decision.

    ``no_acknowledgement`` is the reason why the sender gets none; None sends one.
    """
    case = _classified(arrival, found, house)
    ownership = pick_owner(
        case,
        house.staff,
        policy=found.owner,
        workload=situation.workload,
        today=_today(arrival, house),
        directory=house.directory,
    )
    case = replace(case, owner=ownership.owner)
    accountable = accountable_owner(case, house.staff)
    escalation = escalate_at_once(case, found, house, arrival=arrival)
    inside = frozenset(_inside(escalation.recipients, house))
    case = replace(case, assigned=inside | ({accountable} if accountable else frozenset()))
    clocks = start_clocks(case, house, found.slas, at=arrival.received_at)
    clocks = _without_acknowledgement(clocks, arrival, no_acknowledgement)
    hint = hint_at_similar(
        case, arrival.message.subject, situation.recent, house, today=_today(arrival, house)
    )
    told = _Told(case, ownership, escalation, clocks, no_acknowledgement, accountable, hint)
    return Decision(
        disposition=Disposition.CASE,
        reason=no_acknowledgement or "",
        case=case,
        opens_case=True,
        files_as="in",
        joining=_joining(told, house),
        new_clocks=clocks.clocks,
        timers=(*clocks.timers, *_climb_timers(case, escalation, arrival)),
        mails=tuple(_mails(arrival, told, found, house)),
        events=_events(arrival, told, found),
        classification=found,
        workload={case.owner: 1},
    )


@dataclass(frozen=True)
class _Told:
    """The pieces of the decision that its mails and events speak of."""

    case: Case
    ownership: Ownership
    escalation: Escalation
    clocks: ClockSet
    no_acknowledgement: str | None
    accountable: str | None
    hint: str = ""


def _classified(arrival: Arrival, found: Classification, house: House) -> Case:
    category = house.bundle.categories.get(found.category)
    group = category.group if category else None
    flags = frozenset(found.flags)
    if arrival.verdict.level is SenderLevel.V0:
        flags |= {FORGED}
    case = Case(
        uid=arrival.ids.uid,
        ref=arrival.ids.ref,
        state=State.ASSIGNED,
        risk=found.risk,
        case_class=case_class(found.risk, group),
        category=found.category,
        team=found.team,
        owner="",
        requester=arrival.sender or "unknown",
        opened_at=arrival.received_at,
        mailbox=arrival.alias.name,
        flags=flags,
    )
    if _needs_a_look(case, found, arrival, house):
        case = replace(case, state=State.TRIAGE)
    return apply_conflict(case, arrival, house)


def _needs_a_look(case: Case, found: Classification, arrival: Arrival, house: House) -> bool:
    """Nothing sure, a sender nobody knows, or danger: a person looks first."""
    known = house.directory.find(arrival.sender) or house.staff.member(arrival.sender)
    names_hr = NAMED_HR in case.flags and case.case_class.is_sealed
    doubtful = {FORGED, IMMINENT_DANGER} & case.flags
    return found.is_triage or known is None or names_hr or bool(doubtful)


def escalate_at_once(
    case: Case, found: Classification, house: House, *, arrival: Arrival
) -> Escalation:
    """At high or confidential risk to all of the category's targets and to those of flags that
    the rules did not set, else to a flag's own.
    """
    flags = [house.bundle.flags[f] for f in sorted(case.flags) if f in house.bundle.flags]
    own_targets = tuple(target for flag in flags for target in flag.escalate_to)
    targets = own_targets
    if case.risk.is_urgent:
        targets = tuple(dict.fromkeys((*found.escalate_to, *own_targets)))
    elif not targets:
        return Escalation(())
    return escalate(
        case,
        house.staff,
        targets=targets,
        alternates=found.escalate_to_alternate,
        today=_today(arrival, house),
    )


def _climb_timers(case: Case, escalation: Escalation, arrival: Arrival) -> tuple[Timer, ...]:
    return climb_timers(case, at=arrival.now) if escalation.recipients else ()


def _inside(addresses: Iterable[str], house: House) -> list[str]:
    return [address for address in addresses if house.staff.member(address)]


def _today(arrival: Arrival, house: House) -> date:
    return arrival.now.astimezone(house.zone).date()


def _without_acknowledgement(clocks: ClockSet, arrival: Arrival, reason: str | None) -> ClockSet:
    """Where nothing is sent on purpose the clock does not apply; it never just stands still.

    A known employee who is over the budget keeps the clock: the owner is nudged instead.
    """
    if reason is None or reason == "over_budget":
        return clocks
    kept: list[CaseClock] = []
    events = list(clocks.events)
    for clock in clocks.clocks:
        if clock.target != Target.ACKNOWLEDGE.value:
            kept.append(clock)
            continue
        closed, said = close(clock, at=arrival.now, reason=f"not_applicable({reason})")
        kept.append(closed)
        events += said
    timers = tuple(t for t in clocks.timers if t.target != Target.ACKNOWLEDGE.value)
    return ClockSet(tuple(kept), timers, tuple(events))


def _joining(told: _Told, house: House) -> tuple[Joining, ...]:
    people: dict[str, Joining] = {}

    def join(address: str, name: str | None, role: ParticipantRole, audience: Audience) -> None:
        if address and address not in people:
            people[address] = Joining(address, name, role, audience)

    requester = house.directory.find(told.case.requester)
    join(
        told.case.requester,
        requester.name if requester else None,
        ParticipantRole.REQUESTER,
        Audience.REQUESTER if requester else Audience.EXTERNAL,
    )
    for address, role in (
        (told.case.owner, ParticipantRole.OWNER),
        (told.accountable or "", ParticipantRole.STAFF),
        *((address, ParticipantRole.STAFF) for address in told.escalation.recipients),
    ):
        member = house.staff.member(address)
        audience = Audience.STAFF if member else Audience.EXTERNAL
        join(address, member.name if member else None, role, audience)
    return tuple(people.values())


def _mails(
    arrival: Arrival, told: _Told, found: Classification, house: House
) -> Iterable[MailOrder]:
    case = told.case
    if told.no_acknowledgement is None and is_sendable(case.requester):
        yield acknowledge(arrival, case, house)
        yield from advise_about_copies(arrival, case, house)
    fields: dict[str, object] = {
        "is_new": True,
        "why": list(deciding_words(arrival.message, found)),
        "unverified": _is_doubtful(arrival, house),
        "bcc": _is_blind_copy(arrival, house),
    }
    if told.hint:
        fields["similar"] = told.hint
    yield notify(arrival, case, house, to=case.owner, fields=fields)
    for address in told.escalation.recipients:
        if address != case.owner:
            yield tell_of_escalation(case, house, to=address, cause=arrival.cause, now=arrival.now)
    if told.accountable:
        yield tell_accountable(
            case, house, to=told.accountable, now=arrival.now, cause=arrival.cause
        )
    for gap in told.escalation.gaps:
        yield tell_of_gap(case, house, target=gap, now=arrival.now, cause=arrival.cause)


def _is_blind_copy(arrival: Arrival, house: House) -> bool:
    """Whether others got the mail who cannot see that we did."""
    others = [one.address for one in (*arrival.message.to, *arrival.message.cc)]
    is_ours = any(house.is_ours(address) for address in others)
    return bool(others) and not is_ours and not arrival.alias.list_ids


def _is_doubtful(arrival: Arrival, house: House) -> bool:
    """Nothing proves the sender, on a site where honest mail brings proof."""
    if arrival.verdict.reason is Reason.NAMED_BY_PORTAL:
        return False
    return house.authentication.calibrated and arrival.verdict.level <= SenderLevel.V1


def _events(arrival: Arrival, told: _Told, found: Classification) -> tuple[Event, ...]:
    case, now = told.case, arrival.now
    events = [
        Event(
            EventKind.CASE_OPENED,
            arrival.received_at,
            actor=case.requester,
            data={"channel": arrival.alias.channel, "message": arrival.inbound_id},
        ),
        Event(
            EventKind.CATEGORISED,
            now,
            data={
                "category": case.category,
                "risk": case.risk,
                "flags": sorted(case.flags),
                "certainty": found.certainty,
                "bundle": found.bundle,
                "rules": list(found.rules),
            },
        ),
        Event(
            EventKind.OWNER_ASSIGNED,
            now,
            data={"owner": case.owner, "by": told.ownership.reason},
        ),
    ]
    events += name_conflict(case, now=now)
    if told.escalation.recipients:
        to = list(told.escalation.recipients)
        events.append(Event(EventKind.ESCALATED, now, data={"to": to, "because": _because(case)}))
    events += [
        Event(EventKind.ESCALATION_GAP, now, data={"target": gap}) for gap in told.escalation.gaps
    ]
    if told.no_acknowledgement:
        data = {"reason": told.no_acknowledgement}
        events.append(Event(EventKind.NOT_ACKNOWLEDGED, now, data=data))
    return (*events, *told.clocks.events)


def _because(case: Case) -> str:
    return "risk" if case.risk in (Risk.HIGH, Risk.CONFIDENTIAL) else "flag"
