"""Everybody in the playground who has a mailbox, with a password made for this run."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from mailflow.core.case.people import normal_address

if TYPE_CHECKING:
    from mailflow.core.case.people import Directory, Employee, Staff, StaffMember

ALIAS = "hr@acme.example"
OUTSIDERS = (("Lena Lorenz", "lorenz@hafen-wohnen.example"),)
_CONSONANTS = "bdfgklmnprstvz"
_VOWELS = "aeiou"
_PASSWORD_SYLLABLES = 6


class Part(StrEnum):
    """What somebody is to the company, in the words of the list of accounts."""

    EMPLOYEE = "employee"
    STAFF = "HR staff"
    PROVIDER = "provider"
    OUTSIDE = "outside"
    ALIAS = "mailflow itself"


def make_password() -> str:
    """Easy to type into a mail client; good enough for servers that only this machine reaches."""
    syllables = [
        secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(_PASSWORD_SYLLABLES)
    ]
    return "-".join("".join(syllables[start : start + 2]) for start in range(0, len(syllables), 2))


@dataclass(frozen=True)
class Account:
    """One mailbox and its login. Addresses are in normal form; every one of them logs in."""

    name: str
    address: str
    part: Part
    others: tuple[str, ...] = ()
    password: str = field(default_factory=make_password, repr=False)

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.address, *self.others)


@dataclass(frozen=True)
class Company:
    accounts: tuple[Account, ...]

    @cached_property
    def _by_address(self) -> dict[str, Account]:
        return {address: account for account in self.accounts for address in account.addresses}

    def find(self, address: str) -> Account | None:
        """Whose mailbox this address reaches; what follows a plus sign does not count."""
        local, _, domain = normal_address(address).rpartition("@")
        return self._by_address.get(f"{local.partition('+')[0]}@{domain}")

    def log_in(self, address: str, password: str) -> Account | None:
        """The account, when the password is its own."""
        account = self._by_address.get(normal_address(address))
        if account and secrets.compare_digest(account.password.encode(), password.encode()):
            return account
        return None


def gather_company(staff: Staff, directory: Directory) -> Company:
    """An account for the alias, each person of the two files, and the outsiders they name."""
    members = [_staff_account(member, directory.find(member.email)) for member in staff.people]
    taken = {address for account in members for address in account.addresses}
    employees = [
        Account(employee.name, employee.email, Part.EMPLOYEE, employee.other_emails)
        for employee in directory.employees
        if employee.email not in taken
    ]
    outside = [("Counsel", staff.independent_contact), *OUTSIDERS]
    if staff.auditor:
        outside.append(("Auditor", staff.auditor))
    return Company(
        (
            Account("HR", ALIAS, Part.ALIAS),
            *members,
            *employees,
            *(
                Account(name, normal_address(address), Part.OUTSIDE)
                for name, address in outside
                if normal_address(address) not in taken
            ),
        )
    )


def _staff_account(member: StaffMember, employee: Employee | None) -> Account:
    others = (*member.other_emails, *(employee.addresses if employee else ()))
    return Account(
        member.name,
        member.email,
        Part.PROVIDER if member.provider else Part.STAFF,
        tuple(address for address in dict.fromkeys(others) if address != member.email),
    )
