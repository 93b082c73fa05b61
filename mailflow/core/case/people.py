"""The people of an organisation: HR staff and teams (staff.yaml), employees (the directory)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Role(StrEnum):
    TRIAGE = "triage"
    HANDLER = "handler"
    INVESTIGATOR = "investigator"
    LEAD = "lead"
    LEGAL = "legal"
    AUDITOR = "auditor"
    ADMIN = "admin"
    CUSTODIAN = "custodian"


class HandledBy(StrEnum):
    INTERNAL = "internal"
    PROVIDER = "provider"


def normal_address(address: str) -> str:
    """The form in which addresses are compared: ASCII lower case, nothing else folded."""
    stripped = address.strip()
    if stripped.isascii():
        return stripped.lower()
    return "".join(c.lower() if c.isascii() else c for c in stripped)


@dataclass(frozen=True)
class StaffMember:
    """One row of ``people`` in staff.yaml. Addresses are in normal form."""

    name: str
    email: str
    other_emails: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()
    team: str | None = None
    training_until: date | None = None
    provider: bool = False
    delegate: str | None = None
    assistant_reads: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.email, *self.other_emails)


@dataclass(frozen=True)
class Team:
    name: str
    lead: str
    members: tuple[str, ...]
    calendar: str | None = None
    handled_by: HandledBy = HandledBy.INTERNAL


@dataclass(frozen=True)
class Staff:
    """staff.yaml as values. ``fallback_owner`` is one of the people; the contact may be outside."""

    people: tuple[StaffMember, ...]
    teams: Mapping[str, Team]
    fallback_owner: str
    independent_contact: str
    rules_admins: tuple[str, ...] = ()
    auditor: str | None = None
    left: Mapping[str, str] = field(default_factory=dict)
    """Who works here no more, and who takes over what they still own."""

    @cached_property
    def _by_address(self) -> dict[str, StaffMember]:
        return {address: person for person in self.people for address in person.addresses}

    def member(self, address: str) -> StaffMember | None:
        """The staff member who owns this address, first or other."""
        return self._by_address.get(normal_address(address))

    def expand(self, target: str) -> tuple[StaffMember, ...] | None:
        """The people behind a team's name or a person's address; None when it is neither."""
        team = self.teams.get(target)
        if team is not None:
            names = dict.fromkeys((team.lead, *team.members))
            return tuple(person for name in names if (person := self.member(name)))
        person = self.member(target)
        return (person,) if person else None


@dataclass(frozen=True)
class Employee:
    """One row of the directory, as the HRIS exports it. Addresses are in normal form."""

    name: str
    email: str
    other_emails: tuple[str, ...] = ()
    manager: str | None = None
    title: str | None = None
    department: str | None = None
    site: str | None = None
    country: str | None = None
    locale: str | None = None
    timezone: str | None = None
    payroll_group: str | None = None
    status: str = "active"
    executive: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.email, *self.other_emails)


@dataclass(frozen=True)
class Directory:
    employees: tuple[Employee, ...] = ()
    _index: dict[str, Employee] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for employee in self.employees:
            for address in employee.addresses:
                self._index[address] = employee

    def find(self, address: str) -> Employee | None:
        return self._index.get(normal_address(address))

    @cached_property
    def managers(self) -> frozenset[str]:
        """Addresses of everybody who is somebody's manager."""
        return frozenset(employee.manager for employee in self.employees if employee.manager)

    def manager_chain(self, address: str) -> tuple[Employee, ...]:
        """The managers above a person, nearest first; a loop in the data ends the chain."""
        chain: list[Employee] = []
        person = self.find(address)
        while person is not None and person.manager:
            person = self.find(person.manager)
            if person is None or person in chain:
                break
            chain.append(person)
        return tuple(chain)
