from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mailflow.core.case.access import Action, Person, may, may_own
from mailflow.core.case.case import Case, CaseClass, Risk, State
from mailflow.core.case.people import Role, StaffMember

_TODAY = date(2026, 11, 24)
_TRAINED = date(2027, 6, 30)
_WHO = "robin.reader@acme.example"
_RISK = {
    CaseClass.LOW: Risk.LOW,
    CaseClass.MODERATE: Risk.MODERATE,
    CaseClass.ER: Risk.HIGH,
    CaseClass.CONFIDENTIAL: Risk.CONFIDENTIAL,
}
_CASE = Case(
    uid="0" * 32,
    ref="HR-7K2Q9M",
    state=State.WORKING,
    risk=Risk.LOW,
    case_class=CaseClass.LOW,
    category="policy_clarification",
    team="payroll",
    owner="olga.owner@acme.example",
    requester="ana.alvarez@acme.example",
    opened_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
    mailbox="hr",
)
_CLASSES = tuple(CaseClass)
_ALL = frozenset({Action.READ, Action.WRITE, Action.SEE, Action.REFER})
_SEES = frozenset({Action.SEE, Action.REFER})
_IDS = frozenset({Action.REFER})
_NONE = frozenset[Action]()

# SECURITY section 4, read aloud. Columns: low, moderate, employee relations, confidential.
# Rows: what a person of the role, not assigned and of another team / of the case's team /
# assigned, may do besides being told.
_MATRIX: dict[Role | str, dict[str, tuple[frozenset[Action], ...]]] = {
    "provider": {
        "elsewhere": (_NONE, _NONE, _NONE, _NONE),
        "queue": (_ALL, _NONE, _NONE, _NONE),
        "assigned": (_NONE, _NONE, _NONE, _NONE),
        "queue and assigned": (_ALL, _ALL, _NONE, _NONE),
    },
    Role.HANDLER: {
        "elsewhere": (_NONE, _NONE, _NONE, _NONE),
        "queue": (_ALL, _ALL, _NONE, _NONE),
        "assigned": (_ALL, _ALL, _ALL, _NONE),
        "queue and assigned": (_ALL, _ALL, _ALL, _NONE),
    },
    Role.INVESTIGATOR: {
        "elsewhere": (_NONE, _NONE, _NONE, _NONE),
        "queue": (_NONE, _NONE, _NONE, _NONE),
        "assigned": (_NONE, _ALL, _ALL, _ALL),
        "queue and assigned": (_NONE, _ALL, _ALL, _ALL),
    },
    Role.LEAD: {
        "elsewhere": (_ALL, _ALL, _ALL, _SEES),
        "queue": (_ALL, _ALL, _ALL, _SEES),
        "assigned": (_ALL, _ALL, _ALL, _ALL),
        "queue and assigned": (_ALL, _ALL, _ALL, _ALL),
    },
    Role.ADMIN: dict.fromkeys(
        ("elsewhere", "queue", "assigned", "queue and assigned"), (_SEES,) * 4
    ),
    Role.AUDITOR: dict.fromkeys(
        ("elsewhere", "queue", "assigned", "queue and assigned"), (_IDS,) * 4
    ),
    Role.CUSTODIAN: dict.fromkeys(
        ("elsewhere", "queue", "assigned", "queue and assigned"), (_NONE,) * 4
    ),
}
_MATRIX[Role.TRIAGE] = _MATRIX[Role.HANDLER]
_MATRIX[Role.LEGAL] = _MATRIX[Role.INVESTIGATOR]

_CELLS = [
    pytest.param(role, place, case_class, action, id=f"{role} {place} {case_class} {action}")
    for role, places in _MATRIX.items()
    for place in places
    for case_class in CaseClass
    for action in (Action.READ, Action.WRITE, Action.SEE, Action.REFER)
]


def _staff(role: Role | str, *, team: str | None = None) -> StaffMember:
    provider = role == "provider"
    return StaffMember(
        name="Robin Reader",
        email=_WHO,
        other_emails=("r.reader@acme.example",),
        roles=frozenset({Role.HANDLER if provider else Role(role)}),
        team=team,
        training_until=_TRAINED,
        provider=provider,
    )


def _of(case_class: CaseClass, **changes: object) -> Case:
    return replace(_CASE, case_class=case_class, risk=_RISK[case_class], **changes)  # type: ignore[arg-type]  # the fields of a case are of many types


def _asked(
    staff: StaffMember | None, case: Case, action: Action, *, address: str = _WHO
) -> tuple[bool, str]:
    answer = may(Person(address, staff), case, action, today=_TODAY)
    return answer.allowed, answer.reason


@pytest.mark.parametrize(("role", "place", "case_class", "action"), _CELLS)
def test_each_cell_of_the_matrix_is_as_the_table_says(
    role: Role | str, place: str, case_class: CaseClass, action: Action
) -> None:
    staff = _staff(role, team="payroll" if "queue" in place else "leave")
    case = _of(case_class, assigned=frozenset({_WHO}) if "assigned" in place else frozenset())
    expected = action in _MATRIX[role][place][_CLASSES.index(case_class)]
    assert _asked(staff, case, action)[0] is expected


@pytest.mark.parametrize("action", tuple(Action))
@pytest.mark.parametrize("case_class", tuple(CaseClass))
def test_the_requester_reaches_the_own_case_whatever_its_class(
    case_class: CaseClass, action: Action
) -> None:
    case = _of(case_class)
    assert _asked(None, case, action, address=case.requester) == (True, "requester")


@pytest.mark.parametrize("action", tuple(Action))
@pytest.mark.parametrize("case_class", tuple(CaseClass))
@pytest.mark.parametrize("role", [*Role, "provider"])
def test_exclusion_beats_every_role_assignment_and_ownership(
    role: Role | str, case_class: CaseClass, action: Action
) -> None:
    case = _of(
        case_class,
        owner=_WHO,
        assigned=frozenset({_WHO}),
        excluded=frozenset({"r.reader@acme.example"}),
        state=State.TRIAGE,
    )
    assert _asked(_staff(role, team="payroll"), case, action) == (False, "excluded")


@pytest.mark.parametrize("action", tuple(Action))
def test_a_requester_who_was_excluded_since_reaches_nothing(action: Action) -> None:
    case = replace(_CASE, excluded=frozenset({_CASE.requester}))
    assert _asked(None, case, action, address=_CASE.requester) == (False, "excluded")


@pytest.mark.parametrize("action", tuple(Action))
def test_who_may_be_meant_is_kept_away_until_cleared(action: Action) -> None:
    case = _of(CaseClass.ER, owner=_WHO, suspected=frozenset({_WHO}))
    assert _asked(_staff(Role.LEAD), case, action) == (False, "suspected")


@pytest.mark.parametrize("kept_out", ["excluded", "suspected"])
def test_whose_mail_an_excluded_assistant_reads_is_not_written_to(kept_out: str) -> None:
    assistant = "al.assistant@acme.example"
    chief = replace(_staff(Role.LEAD), assistant_reads=True, delegate=assistant)
    case = _of(CaseClass.ER, **{kept_out: frozenset({assistant})})
    assert _asked(chief, case, Action.BE_TOLD) == (False, "assistant")
    assert not may_own(chief, case, today=_TODAY)
    assert _asked(replace(chief, assistant_reads=False), case, Action.BE_TOLD)[0]


@pytest.mark.parametrize(
    ("case_class", "until", "allowed"),
    [
        (CaseClass.MODERATE, None, True),
        (CaseClass.ER, None, False),
        (CaseClass.ER, date(2026, 11, 23), False),
        (CaseClass.ER, _TODAY, True),
        (CaseClass.CONFIDENTIAL, date(2026, 11, 23), False),
        (CaseClass.CONFIDENTIAL, _TRAINED, True),
    ],
)
def test_training_that_ran_out_closes_high_and_confidential_cases_even_to_their_owner(
    case_class: CaseClass, until: date | None, *, allowed: bool
) -> None:
    staff = replace(_staff(Role.INVESTIGATOR), training_until=until)
    case = _of(case_class, owner=_WHO)
    for action in (Action.READ, Action.WRITE):
        assert _asked(staff, case, action) == (allowed, "role" if allowed else "training")
    assert _asked(staff, case, Action.SEE)[0]
    assert may_own(staff, case, today=_TODAY) is allowed


def test_employee_relations_of_moderate_risk_ask_for_no_training() -> None:
    case = replace(_of(CaseClass.ER, owner=_WHO), risk=Risk.MODERATE)
    assert _asked(replace(_staff(Role.HANDLER), training_until=None), case, Action.READ)[0]


@pytest.mark.parametrize("case_class", tuple(CaseClass))
def test_triage_reads_what_lies_in_triage_and_a_handler_does_not(case_class: CaseClass) -> None:
    case = _of(case_class, state=State.TRIAGE)
    assert _asked(_staff(Role.TRIAGE, team="leave"), case, Action.READ)[0]
    assert not _asked(_staff(Role.HANDLER, team="leave"), case, Action.READ)[0]


def test_a_provider_in_triage_reads_no_more_than_its_queue() -> None:
    staff = replace(_staff(Role.TRIAGE, team="payroll"), provider=True)
    assert not _asked(staff, _of(CaseClass.ER, state=State.TRIAGE), Action.READ)[0]
    assert _asked(staff, _of(CaseClass.LOW, state=State.TRIAGE), Action.READ)[0]


def test_roles_add_up() -> None:
    staff = replace(_staff(Role.ADMIN), roles=frozenset({Role.ADMIN, Role.INVESTIGATOR}))
    case = _of(CaseClass.CONFIDENTIAL)
    assert not _asked(staff, case, Action.READ)[0]
    assert _asked(staff, replace(case, assigned=frozenset({_WHO})), Action.READ)[0]
    assert _asked(staff, case, Action.SEE)[0]


@pytest.mark.parametrize("action", tuple(Action))
@pytest.mark.parametrize("case_class", tuple(CaseClass))
def test_a_stranger_reaches_nothing(case_class: CaseClass, action: Action) -> None:
    asked = _asked(None, _of(case_class), action, address="eve@evil.example")
    assert asked == (False, "not_a_participant")


@pytest.mark.parametrize("case_class", tuple(CaseClass))
def test_the_independent_contact_is_told_always_and_reads_only_what_is_theirs(
    case_class: CaseClass,
) -> None:
    contact = Person("counsel@lawfirm.example", is_independent_contact=True)
    case = _of(case_class)
    assert may(contact, case, Action.BE_TOLD, today=_TODAY).allowed
    assert not may(contact, case, Action.READ, today=_TODAY).allowed
    theirs = replace(case, owner=contact.address)
    assert may(contact, theirs, Action.WRITE, today=_TODAY).allowed


@pytest.mark.parametrize(
    ("role", "case_class", "team", "told"),
    [
        (Role.HANDLER, CaseClass.CONFIDENTIAL, "leave", True),
        (Role.ADMIN, CaseClass.ER, "leave", True),
        (Role.CUSTODIAN, CaseClass.CONFIDENTIAL, "payroll", False),
        ("provider", CaseClass.LOW, "payroll", True),
        ("provider", CaseClass.LOW, "leave", False),
        ("provider", CaseClass.MODERATE, "payroll", False),
        ("provider", CaseClass.ER, "payroll", False),
        ("provider", CaseClass.CONFIDENTIAL, "payroll", False),
    ],
)
def test_who_is_told_that_a_case_exists(
    role: Role | str, case_class: CaseClass, team: str, *, told: bool
) -> None:
    assert _asked(_staff(role, team=team), _of(case_class), Action.BE_TOLD)[0] is told


@pytest.mark.parametrize(
    ("role", "owns"),
    [
        ("provider", (True, True, False, False)),
        (Role.HANDLER, (True, True, True, False)),
        (Role.TRIAGE, (True, True, True, False)),
        (Role.INVESTIGATOR, (False, True, True, True)),
        (Role.LEGAL, (False, True, True, True)),
        (Role.LEAD, (True, True, True, True)),
        (Role.ADMIN, (False,) * 4),
        (Role.AUDITOR, (False,) * 4),
        (Role.CUSTODIAN, (False,) * 4),
    ],
)
def test_who_may_own_a_case(role: Role | str, owns: tuple[bool, ...]) -> None:
    staff = _staff(role, team="payroll")
    assert tuple(may_own(staff, _of(c), today=_TODAY) for c in CaseClass) == owns


@pytest.mark.parametrize("kept_out", ["excluded", "suspected"])
def test_nobody_owns_a_case_that_may_be_about_them(kept_out: str) -> None:
    case = _of(CaseClass.ER, **{kept_out: frozenset({"r.reader@acme.example"})})
    assert not may_own(_staff(Role.LEAD), case, today=_TODAY)


def test_a_provider_owns_nothing_of_another_team() -> None:
    assert not may_own(_staff("provider", team="leave"), _CASE, today=_TODAY)
