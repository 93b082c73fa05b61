"""Whom a command means: an address, a full name, or an unambiguous part of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.name_words import name_words
from mailflow.core.case.people import normal_address

if TYPE_CHECKING:
    from mailflow.core.case.people import Employee, StaffMember
    from mailflow.core.policy.house import House


def find_member(text: str, house: House) -> StaffMember | None:
    """The one staff member meant; None when there is none, or more than one."""
    if "@" in text:
        return house.staff.member(_address(text))
    found = [person for person in house.staff.people if _is_named(person.name, text)]
    return found[0] if len(found) == 1 else None


def find_employee(text: str, house: House) -> Employee | None:
    if "@" in text:
        return house.directory.find(_address(text))
    found = [person for person in house.directory.employees if _is_named(person.name, text)]
    return found[0] if len(found) == 1 else None


def find_addresses(text: str, house: House) -> frozenset[str]:
    """All addresses of the person meant, staff or not; an unknown address stands for itself."""
    member, employee = find_member(text, house), find_employee(text, house)
    found: set[str] = set()
    for person in (member, employee):
        for address in person.addresses if person else ():
            found |= {address, *addresses_of(address, house)}
    if not found and "@" in text:
        found.add(_address(text))
    return frozenset(found)


def addresses_of(address: str, house: House) -> frozenset[str]:
    """Every address of the person who has this one."""
    member, employee = house.staff.member(address), house.directory.find(address)
    own = (*(member.addresses if member else ()), *(employee.addresses if employee else ()))
    return frozenset((normal_address(address), *own))


def name_of(address: str, house: House) -> str:
    person = house.staff.member(address) or house.directory.find(address)
    return person.name if person else address


def _address(text: str) -> str:
    return normal_address(text.strip().strip("<>"))


def _is_named(name: str, text: str) -> bool:
    words = name_words(name)
    wanted = name_words(text)
    return bool(wanted) and all(word in words for word in wanted)
