"""A case and the words for its state, risk and class."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.case.case_record import CaseRecord

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mailflow.core.case.waits import Waiting


class State(StrEnum):
    NEW = "new"
    TRIAGE = "triage"
    ASSIGNED = "assigned"
    WORKING = "working"
    WAITING_EMPLOYEE = "waiting_employee"
    WAITING_THIRD_PARTY = "waiting_third_party"
    WAITING_INTERNAL = "waiting_internal"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Risk(StrEnum):
    """The guide's four classes, low to high; ``rank`` orders them."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    CONFIDENTIAL = "confidential"

    @property
    def rank(self) -> int:
        return _RISK_ORDER[self]

    @property
    def is_urgent(self) -> bool:
        return self in (Risk.HIGH, Risk.CONFIDENTIAL)


_RISK_ORDER = {risk: position for position, risk in enumerate(Risk)}


def highest(risks: Iterable[Risk], *, floor: Risk = Risk.LOW) -> Risk:
    return max((floor, *risks), key=lambda risk: risk.rank)


class CaseClass(StrEnum):
    """For access and content: what kind of secret the case is."""

    LOW = "low"
    MODERATE = "moderate"
    ER = "er"
    CONFIDENTIAL = "confidential"

    @property
    def is_sealed(self) -> bool:
        """Whether even the category is kept sealed."""
        return self in (CaseClass.ER, CaseClass.CONFIDENTIAL)


class Group(StrEnum):
    """The four groups of case types."""

    ADMINISTRATION = "administration"
    POLICY = "policy"
    EMPLOYEE_RELATIONS = "employee_relations"
    COMPLIANCE_AND_RISK = "compliance_and_risk"


def case_class(risk: Risk, group: Group | None) -> CaseClass:
    """Confidential by risk; employee relations by high risk or by group; else the risk itself."""
    if risk is Risk.CONFIDENTIAL:
        return CaseClass.CONFIDENTIAL
    if risk is Risk.HIGH or group in (Group.EMPLOYEE_RELATIONS, Group.COMPLIANCE_AND_RISK):
        return CaseClass.ER
    return CaseClass(risk.value)


TRIAGE = "triage"

CATEGORY_RANK: tuple[str, ...] = (
    "whistleblower_report",
    "regulatory_complaint",
    "harassment_discrimination",
    "safety_incident",
    "investigation",
    "conduct_concern",
    "manager_complaint",
    "accommodation_request",
    "workplace_conflict",
    "payroll_discrepancy",
    "leave_request",
    "benefits_enrollment",
    "expense_reimbursement",
    "employment_verification",
    "documentation_update",
    "time_off_eligibility",
    "remote_work",
    "policy_clarification",
    TRIAGE,
)


@dataclass(frozen=True)
class Case:
    """One case as the decisions see it. Addresses are in normal form, times aware UTC.

    ``uid`` is 32 hex digits, ``ref`` the public reference (HR-7K2Q9M). ``excluded`` are the
    addresses of people who must not learn of the case; ``suspected`` of people who may be meant
    by it and are kept away until somebody excludes or clears them; ``version`` counts saved
    changes, ``handovers`` how often an owner who did not confirm was replaced.
    """

    uid: str
    ref: str
    state: State
    risk: Risk
    case_class: CaseClass
    category: str
    team: str | None
    owner: str
    requester: str
    opened_at: datetime
    mailbox: str
    flags: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()
    suspected: frozenset[str] = frozenset()
    merged_into: str | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0
    record: CaseRecord = field(default_factory=CaseRecord)
    waits: tuple[Waiting, ...] = ()
    handovers: int = 0

    @property
    def ended_at(self) -> datetime | None:
        """When it was closed or cancelled; None while there is still something to do."""
        return self.closed_at if self.state in (State.CLOSED, State.CANCELLED) else None
