"""Who owns a case. There is always somebody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.case.access import may_own

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.people import Directory, Staff, StaffMember


@dataclass(frozen=True)
class Workload:
    """``open_cases`` counts by owner address; ``last_assigned`` is when each was last given one;
    ``absent`` are those who are away, each with the delegate's address or "".
    """

    open_cases: Mapping[str, int]
    last_assigned: Mapping[str, datetime]
    absent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ownership:
    """``reason``: ``team``, ``named``, ``lead``, ``fallback`` or ``independent_contact``."""

    owner: str
    reason: str


def pick_owner(
    case: Case,
    staff: Staff,
    *,
    policy: str,
    workload: Workload,
    today: date,
    directory: Directory,
) -> Ownership:
    """The least loaded eligible member of the team, ties to the longest idle; else the lead;
    else the fallback owner; else the independent contact, who is outside every line. Whoever
    reports to somebody excluded comes after those who do not.

    ``policy`` is the category's ``owner``: round_robin, least_loaded or an address.
    """
    team = staff.teams.get(case.team or "")
    named = _present(policy, staff, workload)
    if named is not None and may_own(named, case, today=today):
        return Ownership(named.email, "named")
    members = [_present(a, staff, workload) for a in (team.members if team else ())]
    eligible = [member for member in members if member and may_own(member, case, today=today)]
    eligible = _free_of_bosses(eligible, case, directory) or eligible
    if eligible:
        return Ownership(next_in_turn(eligible, policy=policy, workload=workload).email, "team")
    last = (
        (_present(team.lead, staff, workload) if team else None, "lead"),
        (staff.member(staff.fallback_owner), "fallback"),
    )
    for is_fit in (may_own, _is_unconflicted):
        for person, reason in last:
            if person is not None and is_fit(person, case, today=today):
                return Ownership(person.email, reason)
    return Ownership(staff.independent_contact, "independent_contact")


def _present(address: str, staff: Staff, workload: Workload) -> StaffMember | None:
    """The person, or whoever stands in while they are away; None when nobody does."""
    person = staff.member(address)
    if person is None or person.email not in workload.absent:
        return person
    delegate = staff.member(workload.absent[person.email] or person.delegate or "")
    return delegate if delegate and delegate.email not in workload.absent else None


def accountable_owner(case: Case, staff: Staff) -> str | None:
    """Who answers inside for a case that a provider works on; None where staff own it already."""
    owner = staff.member(case.owner)
    if owner is None or not owner.provider:
        return None
    team = staff.teams.get(case.team or "")
    for address in (team.lead if team else "", staff.fallback_owner):
        person = staff.member(address)
        if person and not person.provider and not case.excluded & frozenset(person.addresses):
            return person.email
    return staff.independent_contact


def _is_unconflicted(person: StaffMember, case: Case, *, today: date) -> bool:
    """The last resort asks for no role and no training: a case without an owner is worse."""
    del today
    kept_out = case.excluded | case.suspected | {case.requester}
    return not person.provider and not kept_out & frozenset(person.addresses)


def _free_of_bosses(
    people: list[StaffMember], case: Case, directory: Directory
) -> list[StaffMember]:
    """Those who would not have to look into the person they report to."""
    kept_out = case.excluded | case.suspected

    def reports_to_nobody_kept_out(member: StaffMember) -> bool:
        employee = directory.find(member.email)
        return employee is None or employee.manager not in kept_out

    return [member for member in people if reports_to_nobody_kept_out(member)]


def next_in_turn(eligible: list[StaffMember], *, policy: str, workload: Workload) -> StaffMember:
    """The one with the least to do, ties to the longest idle; there must be somebody."""

    def idle_since(member: StaffMember) -> float:
        last = workload.last_assigned.get(member.email)
        return last.timestamp() if last else 0.0

    def load(member: StaffMember) -> int:
        return 0 if policy == "round_robin" else workload.open_cases.get(member.email, 0)

    return min(eligible, key=lambda member: (load(member), idle_since(member), member.email))
