"""Whether what staff.yaml says fits together: names, addresses, and what a provider may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.people import HandledBy, Role, StaffMember
from mailflow.located import unknown_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from mailflow.casework.staff_entries import LeaverEntry, Named, PersonEntry, TeamEntry
    from mailflow.errors import Mistake

# A provider's staff never sees employee relations, investigations, identities or the audit log.
_INTERNAL_ROLES = frozenset(
    {Role.INVESTIGATOR, Role.LEGAL, Role.AUDITOR, Role.ADMIN, Role.CUSTODIAN}
)


def check_people(people: Sequence[PersonEntry], teams: Collection[str]) -> Iterator[Mistake]:
    members = index_members(people)
    yield from _find_shared_addresses(people)
    for person in people:
        team, delegate = person.names.get("team"), person.names.get("delegate")
        if team and team.text not in teams:
            yield _unknown(team, teams, what="team")
        if delegate:
            yield from _check_delegate(person.member, delegate, members)
        if person.member.provider:
            yield from _check_provider_roles(person)


def check_team(entry: TeamEntry, members: Mapping[str, StaffMember]) -> Iterator[Mistake]:
    team = entry.team
    seen: set[str] = set()
    for named in (entry.lead, *entry.members):
        member = members.get(named.text)
        if member is None:
            yield _unknown(named, members, what="person")
            continue
        if named is not entry.lead and member.email in seen:
            yield named.place.mistake("twice", f"{named.text} is in team {team.name} twice")
        if named is not entry.lead:
            seen.add(member.email)
        if member.provider and team.handled_by is HandledBy.INTERNAL:
            message = (
                f"{member.name} is a provider's, so not of the internal team {team.name}: "
                "write handled_by: provider, or take them out"
            )
            yield named.place.mistake("provider", message, width=len(named.text))
    lead = members.get(team.lead)
    if lead and lead.provider and team.handled_by is HandledBy.PROVIDER:
        message = (
            f"team {team.name} is led by the provider: name an internal lead, "
            "who stays accountable for its cases"
        )
        yield entry.lead.place.mistake("provider", message, severity="warning")


def check_membership(
    people: Sequence[PersonEntry], teams: Sequence[TeamEntry]
) -> Iterator[Mistake]:
    """Warnings: a person's team that does not list them, and escalation with nobody to go to."""
    by_name = {entry.team.name: entry.team for entry in teams}
    for person in people:
        team = by_name.get(person.member.team or "")
        if team and not set(person.member.addresses) & {team.lead, *team.members}:
            message = (
                f"{person.member.email} has team {team.name}, but is not among its members: "
                f"add them there, or they get none of its cases"
            )
            yield person.names["team"].place.mistake("membership", message, severity="warning")
    everybody = {address for team in by_name.values() for address in (team.lead, *team.members)}
    if len(by_name) > 1 and len(everybody) == 1:
        message = (
            f"{next(iter(everybody))} is every team: nobody is left to escalate to "
            "but the independent contact"
        )
        yield teams[0].place.mistake("one-person", message, severity="warning")


def check_fallback_owner(owner: Named, members: Mapping[str, StaffMember]) -> Iterator[Mistake]:
    member = members.get(owner.text)
    if member is None:
        yield _unknown(owner, members, what="person")
    elif member.provider:
        message = "fallback_owner must be of the organisation itself: it owns what nobody else may"
        yield owner.place.mistake("provider", message, width=len(owner.text))


def check_independent_contact(
    contact: Named, members: Mapping[str, StaffMember]
) -> Iterator[Mistake]:
    if contact.text in members:
        message = (
            "independent_contact is one of the people: a case about them would end with them, "
            "so name somebody outside, such as a law firm"
        )
        yield contact.place.mistake(
            "independence", message, width=len(contact.text), severity="warning"
        )


def check_left(
    left: Sequence[LeaverEntry], members: Mapping[str, StaffMember], *, contact: Named | None
) -> Iterator[Mistake]:
    seen: dict[str, int] = {}
    for leaver in left:
        width = len(leaver.email.text)
        first = seen.setdefault(leaver.email.text, leaver.email.place.line)
        if first != leaver.email.place.line:
            message = f"{leaver.email.text} stands here twice (first in line {first}): keep one"
            yield leaver.email.place.mistake("twice", message, width=width)
        if contact is not None and leaver.email.text == contact.text:
            message = (
                "the independent contact's cases are not for HR: name another "
                "independent_contact first, or take this line out"
            )
            yield leaver.email.place.mistake("independence", message, width=width)
        if leaver.email.text in members:
            message = f"{leaver.email.text} is among the people: take them out there, or here"
            yield leaver.email.place.mistake("left", message, width=width)
        if leaver.handover_to.text not in members:
            yield _unknown(leaver.handover_to, members, what="person")


def check_rules_admins(
    admins: Sequence[Named], members: Mapping[str, StaffMember]
) -> Iterator[Mistake]:
    for admin in admins:
        if admin.text not in members:
            yield _unknown(admin, members, what="person")


def index_members(people: Sequence[PersonEntry]) -> dict[str, StaffMember]:
    return {address: p.member for p in people for address in p.member.addresses}


def _find_shared_addresses(people: Sequence[PersonEntry]) -> Iterator[Mistake]:
    first: dict[str, Named] = {}
    for person in people:
        for address in person.addresses:
            if address.text in first:
                line = first[address.text].place.line
                message = f"{address.text} stands here twice (first in line {line}): keep one"
                yield address.place.mistake("twice", message, width=len(address.text))
            first.setdefault(address.text, address)


def _check_delegate(
    member: StaffMember, delegate: Named, members: Mapping[str, StaffMember]
) -> Iterator[Mistake]:
    stand_in = members.get(delegate.text)
    if stand_in is None:
        yield _unknown(delegate, members, what="person")
        return
    width = len(delegate.text)
    if stand_in is member:
        yield delegate.place.mistake("delegate", "nobody is their own delegate", width=width)
    if stand_in.provider and not member.provider:
        message = f"{stand_in.name} is a provider's and cannot stand in for {member.name}"
        yield delegate.place.mistake("provider", message, width=width)


def _check_provider_roles(person: PersonEntry) -> Iterator[Mistake]:
    refused = sorted(person.member.roles & _INTERNAL_ROLES)
    if refused:
        message = f"{person.member.name} is a provider's and cannot be {', '.join(refused)}"
        yield person.place.mistake("provider", message)


def _unknown(named: Named, known: Collection[str], *, what: str) -> Mistake:
    message = unknown_name(named.text, known, what=what)
    return named.place.mistake("unknown-name", message, width=len(named.text))
