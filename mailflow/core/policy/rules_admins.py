"""Who keeps the rules: they hear of every change, and may ask what the rules make of a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.people import Role

if TYPE_CHECKING:
    from mailflow.core.case.people import Staff, StaffMember


def rules_admins_of(staff: Staff) -> tuple[str, ...]:
    """``rules_admins`` of staff.yaml, else everybody in the role admin, else the fallback owner:
    somebody always hears of it.
    """
    if staff.rules_admins:
        return tuple(dict.fromkeys(staff.rules_admins))
    admins = tuple(person.email for person in staff.people if Role.ADMIN in person.roles)
    return admins or (staff.fallback_owner,)


def is_rules_admin(member: StaffMember, staff: Staff) -> bool:
    named = set(member.addresses) & set(rules_admins_of(staff))
    return bool(named) or Role.ADMIN in member.roles
