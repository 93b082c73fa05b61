"""The one gate: may this person do this with this case? (SECURITY: roles by classes.)

Every send, list, command-line read and report asks here; nothing else decides access.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.case.case import Case, CaseClass, Risk, State
from mailflow.core.case.people import Role, StaffMember, normal_address

if TYPE_CHECKING:
    from datetime import date


class Action(StrEnum):
    """READ: see what was written. WRITE: answer or command. SEE: reference, state, class, risk,
    owner and times. BE_TOLD: receive a mail without content that says the case exists.
    """

    READ = "read"
    WRITE = "write"
    SEE = "see"
    BE_TOLD = "be_told"


@dataclass(frozen=True)
class Person:
    """Who asks. ``staff`` is None for employees and outsiders; ``address`` is in normal form."""

    address: str
    staff: StaffMember | None = None
    is_independent_contact: bool = False

    @property
    def addresses(self) -> frozenset[str]:
        own = self.staff.addresses if self.staff else ()
        return frozenset((self.address, *own))


@dataclass(frozen=True)
class Answer:
    """``reason`` is a neutral code; it says why not, or by what right."""

    allowed: bool
    reason: str


class _Scope(StrEnum):
    """How far a role reaches into a class of cases."""

    ALL = "all"
    QUEUE = "queue"
    ASSIGNED = "assigned"
    METADATA = "metadata"
    NOTHING = "nothing"


_SCOPES: dict[Role, dict[CaseClass, _Scope]] = {
    Role.HANDLER: {
        CaseClass.LOW: _Scope.QUEUE,
        CaseClass.MODERATE: _Scope.QUEUE,
        CaseClass.ER: _Scope.ASSIGNED,
        CaseClass.CONFIDENTIAL: _Scope.NOTHING,
    },
    Role.INVESTIGATOR: {
        CaseClass.LOW: _Scope.NOTHING,
        CaseClass.MODERATE: _Scope.ASSIGNED,
        CaseClass.ER: _Scope.ASSIGNED,
        CaseClass.CONFIDENTIAL: _Scope.ASSIGNED,
    },
    Role.LEAD: {
        CaseClass.LOW: _Scope.ALL,
        CaseClass.MODERATE: _Scope.ALL,
        CaseClass.ER: _Scope.ALL,
        CaseClass.CONFIDENTIAL: _Scope.ASSIGNED,
    },
    Role.ADMIN: dict.fromkeys(CaseClass, _Scope.METADATA),
    Role.AUDITOR: dict.fromkeys(CaseClass, _Scope.METADATA),
    Role.CUSTODIAN: dict.fromkeys(CaseClass, _Scope.NOTHING),
}
_SCOPES[Role.TRIAGE] = _SCOPES[Role.HANDLER]
_SCOPES[Role.LEGAL] = _SCOPES[Role.INVESTIGATOR]

_PROVIDER: dict[CaseClass, _Scope] = {
    CaseClass.LOW: _Scope.QUEUE,
    CaseClass.MODERATE: _Scope.ASSIGNED,
    CaseClass.ER: _Scope.NOTHING,
    CaseClass.CONFIDENTIAL: _Scope.NOTHING,
}


def may(person: Person, case: Case, action: Action, *, today: date) -> Answer:
    """Exclusion beats every right; the requester always reaches the own case."""
    if person.addresses & case.excluded:
        return Answer(allowed=False, reason="excluded")
    if normal_address(case.requester) in person.addresses:
        return Answer(allowed=True, reason="requester")
    if action is Action.BE_TOLD:
        return _may_be_told(person, case)
    if person.staff is None:
        return Answer(allowed=False, reason="not_a_participant")
    return _staff_may(person.staff, case, action, today=today)


def is_trained(staff: StaffMember, *, today: date) -> bool:
    """Confidentiality training that has not run out; none on record counts as none."""
    return staff.training_until is not None and staff.training_until >= today


def _may_be_told(person: Person, case: Case) -> Answer:
    if person.is_independent_contact:
        return Answer(allowed=True, reason="independent_contact")
    if person.staff is None:
        return Answer(allowed=False, reason="not_staff")
    if person.staff.provider and case.case_class.is_sealed:
        return Answer(allowed=False, reason="provider")
    return Answer(allowed=True, reason="staff")


def _staff_may(staff: StaffMember, case: Case, action: Action, *, today: date) -> Answer:
    scopes = _scopes_of(staff, case)
    assigned = bool(frozenset(staff.addresses) & (case.assigned | {case.owner}))
    reaches = (
        _Scope.ALL in scopes
        or (_Scope.QUEUE in scopes and (assigned or staff.team == case.team))
        or (assigned and _Scope.ASSIGNED in scopes)
        or (Role.TRIAGE in staff.roles and case.state is State.TRIAGE and not staff.provider)
        or (assigned and case.owner in staff.addresses and not staff.provider)
    )
    if not reaches:
        sees = action is Action.SEE and (
            _Scope.METADATA in scopes or (Role.LEAD in staff.roles and not staff.provider)
        )
        return Answer(allowed=sees, reason="metadata_only" if sees else "role")
    if action is Action.SEE or not case.risk.is_urgent:
        return Answer(allowed=True, reason="role")
    if not is_trained(staff, today=today) and case.owner not in staff.addresses:
        return Answer(allowed=False, reason="training")
    return Answer(allowed=True, reason="role")


def _scopes_of(staff: StaffMember, case: Case) -> frozenset[_Scope]:
    if staff.provider:
        return frozenset((_PROVIDER[case.case_class],))
    return frozenset(_SCOPES[role][case.case_class] for role in staff.roles)


def may_own(staff: StaffMember, case: Case, *, today: date) -> bool:
    """Whether this person could be given the case: unconflicted, in role, trained where it asks."""
    if frozenset(staff.addresses) & case.excluded:
        return False
    if case.risk.is_urgent and not is_trained(staff, today=today):
        return False
    if staff.provider and (case.case_class.is_sealed or case.risk is not Risk.LOW):
        return case.case_class is CaseClass.MODERATE
    wanted = {_Scope.ALL, _Scope.QUEUE, _Scope.ASSIGNED}
    return bool(_scopes_of(staff, case) & wanted)
