"""Whoever may know no more of a case parts from it: their reply addresses end, a provider gets a
stub in the place of what they had, and what a person kept out was sent goes on record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from mailflow.core.case.access import Action, may
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.participant import ParticipantRole
from mailflow.core.case.reply_address import Audience
from mailflow.core.case.transitions import ENDED
from mailflow.core.policy.decision import Joining
from mailflow.core.policy.handover import hand_to, with_changes
from mailflow.core.policy.mails import hand_over
from mailflow.core.policy.notices import tell_accountable, tell_relieved
from mailflow.core.policy.ownership import accountable_owner, pick_owner

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.access import Person
    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.policy.decision import Decision, Situation
    from mailflow.core.policy.house import House


@dataclass(frozen=True)
class _Parting:
    """Addresses of participants: ``kept_out`` must not know of it, ``pulled_back`` are a
    provider's people whom it is no longer for, ``relieved`` the owner whom it became too much.
    """

    kept_out: tuple[str, ...] = ()
    pulled_back: tuple[str, ...] = ()
    relieved: tuple[str, ...] = ()


def part_from_case(
    decision: Decision,
    file: CaseFile | None,
    house: House,
    situation: Situation,
    *,
    now: datetime,
    cause: str,
) -> Decision:
    """The decision with what follows from it for those who took part until now."""
    case = decision.case
    if file is None or case is None or decision.opens_case or case.uid != file.case.uid:
        return decision
    decision = _with_other_owner(decision, file, house, situation, now=now, cause=cause)
    case = decision.case or case
    decision = _with_accountable(decision, case, house, now=now, cause=cause)
    parting = _find_partings(decision, file, case, house)
    gone = frozenset(parting.kept_out + parting.pulled_back)
    if not gone and not parting.relieved:
        return decision
    events = list(decision.events)
    for kind, who in (
        (EventKind.EXPOSURE_FOUND, parting.kept_out),
        (EventKind.PULLED_BACK, parting.pulled_back),
    ):
        if who:
            events.append(Event(kind, now, data={"addresses": list(who)}))
    case = decision.case or case
    return replace(
        decision,
        case=replace(case, assigned=case.assigned - gone - frozenset(parting.relieved)),
        events=tuple(events),
        mails=(*decision.mails, *_stubs(decision, parting, house, now=now, cause=cause)),
        renews=tuple(dict.fromkeys((*decision.renews, *sorted(gone)))),
    )


def _with_other_owner(
    decision: Decision,
    file: CaseFile,
    house: House,
    situation: Situation,
    *,
    now: datetime,
    cause: str,
) -> Decision:
    """Nobody who is kept out of a case goes on owning it."""
    case = decision.case
    if case is None or not house.person(case.owner).addresses & (case.excluded | case.suspected):
        return decision
    category = house.bundle.categories.get(case.category)
    owner = pick_owner(
        case,
        house.staff,
        policy=category.owner if category else "",
        workload=situation.workload,
        today=now.astimezone(house.zone).date(),
        directory=house.directory,
    ).owner
    freed = replace(case, record=replace(case.record, stands_in_for=""))
    present = with_changes(file, decision.changed_clocks)
    taken = hand_to(present, freed, owner, house, now=now, by="conflict")
    if case.state in ENDED:
        taken = replace(taken, started=(), timers=())
    last = situation.dossier.last_received
    word = hand_over(
        taken.case,
        house,
        to=owner,
        cause=cause,
        now=now,
        shows=last.id if last else None,
        fields={"is_new": True},
    )
    after = taken.added_to(decision)
    return replace(after, mails=(*after.mails, word))


def _find_partings(decision: Decision, file: CaseFile, after: Case, house: House) -> _Parting:
    before = file.case
    was_out = before.excluded | before.suspected
    kept_out: list[str] = []
    pulled_back: list[str] = []
    relieved: list[str] = []
    for who in file.participants:
        person = house.person(who.address)
        member = person.staff
        if member is None or who.audience is not Audience.STAFF:
            continue
        if person.addresses & (after.excluded | after.suspected):
            kept_out += [] if person.addresses & was_out else [who.address]
        elif member.provider and not _may_know(person, after) and _may_know(person, before):
            pulled_back.append(who.address)
        elif before.owner in member.addresses and _is_taken_away(decision):
            relieved.append(who.address)
    return _Parting(tuple(kept_out), tuple(pulled_back), tuple(relieved))


def _may_know(person: Person, case: Case) -> bool:
    """Of a provider's people; training decides nothing about them, so the day does not either."""
    return may(person, case, Action.BE_TOLD, today=date.min).allowed


def _is_taken_away(decision: Decision) -> bool:
    """Whether the case has another owner because the present one may not have its like."""
    kind = EventKind.OWNER_ASSIGNED
    return any(one.kind is kind and one.data.get("by") == "class" for one in decision.events)


def _stubs(
    decision: Decision, parting: _Parting, house: House, *, now: datetime, cause: str
) -> tuple[MailOrder, ...]:
    case = decision.case
    assert case is not None  # noqa: S101 (part_from_case has looked)
    to = (*parting.pulled_back, *parting.relieved)
    return tuple(tell_relieved(case, house, to=one, now=now, cause=cause) for one in to)


def _with_accountable(
    decision: Decision, case: Case, house: House, *, now: datetime, cause: str
) -> Decision:
    """Somebody inside who answers for it, as soon as a provider's person owns a case."""
    accountable = accountable_owner(case, house.staff)
    if accountable is None or accountable in case.assigned:
        return decision
    member = house.staff.member(accountable)
    inside = frozenset((accountable,)) if member else frozenset[str]()
    joining = Joining(
        accountable,
        member.name if member else None,
        ParticipantRole.STAFF,
        Audience.STAFF if member else Audience.EXTERNAL,
    )
    return replace(
        decision,
        case=replace(case, assigned=case.assigned | inside),
        joining=(*decision.joining, joining),
        mails=(
            *decision.mails,
            tell_accountable(case, house, to=accountable, now=now, cause=cause),
        ),
    )
