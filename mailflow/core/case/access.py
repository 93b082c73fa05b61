"""The one gate: may this person do this with this case? (SECURITY: roles by classes.)

Every send, list, command-line read and report asks here; nothing else decides access.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.case.case import Case, CaseClass, State
from mailflow.core.case.people import Role, StaffMember, normal_address

if TYPE_CHECKING:
    from datetime import date


class Action(StrEnum):
    """READ: see what was written. WRITE: answer or command. SEE: reference, state, class, risk,
    owner and times. REFER: the reference alone, as the audit log names it. BE_TOLD: receive a
    mail without content that says the case exists.
    """

    READ = "read"
    WRITE = "write"
    SEE = "see"
    REFER = "refer"
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
    IDS = "ids"


# A role may reach further into a case it is assigned to than into the others of the class.
_SCOPES: dict[Role, dict[CaseClass, frozenset[_Scope]]] = {
    Role.HANDLER: {
        CaseClass.LOW: frozenset({_Scope.QUEUE}),
        CaseClass.MODERATE: frozenset({_Scope.QUEUE}),
        CaseClass.ER: frozenset({_Scope.ASSIGNED}),
        CaseClass.CONFIDENTIAL: frozenset(),
    },
    Role.INVESTIGATOR: {
        CaseClass.LOW: frozenset(),
        CaseClass.MODERATE: frozenset({_Scope.ASSIGNED}),
        CaseClass.ER: frozenset({_Scope.ASSIGNED}),
        CaseClass.CONFIDENTIAL: frozenset({_Scope.ASSIGNED}),
    },
    Role.LEAD: {
        CaseClass.LOW: frozenset({_Scope.ALL}),
        CaseClass.MODERATE: frozenset({_Scope.ALL}),
        CaseClass.ER: frozenset({_Scope.ALL}),
        CaseClass.CONFIDENTIAL: frozenset({_Scope.ASSIGNED, _Scope.METADATA}),
    },
    Role.ADMIN: dict.fromkeys(CaseClass, frozenset({_Scope.METADATA})),
    Role.AUDITOR: dict.fromkeys(CaseClass, frozenset({_Scope.IDS})),
    # The custodian opens a reporter's identity, never a case.
    Role.CUSTODIAN: dict.fromkeys(CaseClass, frozenset()),
}
_SCOPES[Role.TRIAGE] = _SCOPES[Role.HANDLER]
_SCOPES[Role.LEGAL] = _SCOPES[Role.INVESTIGATOR]

_PROVIDER: dict[CaseClass, frozenset[_Scope]] = {
    CaseClass.LOW: frozenset({_Scope.QUEUE}),
    CaseClass.MODERATE: frozenset({_Scope.ASSIGNED}),
    CaseClass.ER: frozenset(),
    CaseClass.CONFIDENTIAL: frozenset(),
}
_CONTENT = frozenset({_Scope.ALL, _Scope.QUEUE, _Scope.ASSIGNED})


def may(person: Person, case: Case, action: Action, *, today: date) -> Answer:
    """Exclusion beats every right; the requester always reaches the own case."""
    if person.addresses & case.excluded:
        return Answer(allowed=False, reason="excluded")
    if normal_address(case.requester) in person.addresses:
        return Answer(allowed=True, reason="requester")
    doubt = _doubt_about(person, case)
    if doubt is not None:
        return Answer(allowed=False, reason=doubt)
    if person.is_independent_contact:
        allowed = action is Action.BE_TOLD or case.owner in person.addresses
        return Answer(allowed=allowed, reason="independent_contact")
    if person.staff is None:
        return Answer(allowed=False, reason="not_a_participant")
    return _staff_may(person.staff, case, action, today=today)


def is_trained(staff: StaffMember, *, today: date) -> bool:
    """Confidentiality training that has not run out; none on record counts as none."""
    return staff.training_until is not None and staff.training_until >= today


def may_own(staff: StaffMember, case: Case, *, today: date) -> bool:
    """Whether this person could be given the case: unconflicted, in role, trained where it asks."""
    # Nobody decides about a request of their own.
    kept_out = case.excluded | case.suspected | {normal_address(case.requester)}
    if kept_out & frozenset(staff.addresses) or _is_read_by_someone_kept_out(staff, case):
        return False
    if case.risk.is_urgent and not is_trained(staff, today=today):
        return False
    if staff.provider and staff.team != case.team:
        return False
    return bool(_scopes_of(staff, case) & _CONTENT)


def _doubt_about(person: Person, case: Case) -> str | None:
    """Why the person is kept away though nobody has excluded them."""
    if person.addresses & case.suspected:
        return "suspected"
    if person.staff and _is_read_by_someone_kept_out(person.staff, case):
        return "assistant"
    return None


def _is_read_by_someone_kept_out(staff: StaffMember, case: Case) -> bool:
    """Whoever opens a chief's mailbox learns what its mails say."""
    if not staff.assistant_reads or not staff.delegate:
        return False
    return normal_address(staff.delegate) in case.excluded | case.suspected


def _staff_may(staff: StaffMember, case: Case, action: Action, *, today: date) -> Answer:
    scopes = _scopes_of(staff, case)
    if action is Action.BE_TOLD:
        return _may_be_told(staff, case, scopes)
    if not _reaches(staff, case, scopes):
        return _may_see_outline(scopes, action)
    if action in (Action.READ, Action.WRITE) and case.risk.is_urgent:
        trained = is_trained(staff, today=today)
        return Answer(allowed=trained, reason="role" if trained else "training")
    return Answer(allowed=True, reason="role")


def _scopes_of(staff: StaffMember, case: Case) -> frozenset[_Scope]:
    if staff.provider:
        return _PROVIDER[case.case_class]
    return frozenset(scope for role in staff.roles for scope in _SCOPES[role][case.case_class])


def _reaches(staff: StaffMember, case: Case, scopes: frozenset[_Scope]) -> bool:
    """Whether the content lies within what the roles reach."""
    is_assigned = bool(frozenset(staff.addresses) & (case.assigned | {case.owner}))
    in_queue = staff.team is not None and staff.team == case.team
    if staff.provider and not in_queue:
        # What is kept inside, and every other provider's work, is none of theirs.
        return False
    if _Scope.ALL in scopes or (_Scope.QUEUE in scopes and (is_assigned or in_queue)):
        return True
    if _Scope.ASSIGNED in scopes and is_assigned:
        return True
    return case.state is State.TRIAGE and Role.TRIAGE in staff.roles and not staff.provider


def _may_see_outline(scopes: frozenset[_Scope], action: Action) -> Answer:
    """What is left to people whom the content does not reach."""
    if action is Action.SEE and _Scope.METADATA in scopes:
        return Answer(allowed=True, reason="metadata_only")
    if action is Action.REFER and scopes & {_Scope.METADATA, _Scope.IDS}:
        return Answer(allowed=True, reason="ids_only")
    return Answer(allowed=False, reason="role")


def _may_be_told(staff: StaffMember, case: Case, scopes: frozenset[_Scope]) -> Answer:
    """A provider is told of its own work alone; of ours, everybody who works on cases."""
    if staff.provider:
        reached = _reaches(staff, case, scopes)
        return Answer(allowed=reached, reason="role" if reached else "provider")
    works = bool(staff.roles - {Role.CUSTODIAN})
    return Answer(allowed=works, reason="staff" if works else "role")
