from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mailflow.core.case.access import Person
from mailflow.core.case.case import Case, CaseClass, Risk, State
from mailflow.core.case.content import class_to_show
from mailflow.core.case.people import Directory, Employee, HandledBy, Role, Staff, StaffMember, Team
from mailflow.core.policy.escalation import escalate
from mailflow.core.policy.ownership import Ownership, Workload, accountable_owner, pick_owner

_TODAY = date(2026, 11, 24)
_IDLE = Workload({}, {})


def _member(name: str, *roles: Role, team: str = "er", **more: object) -> StaffMember:
    fields: dict[str, object] = {"training_until": date(2027, 1, 1), **more}
    return StaffMember(
        name=name,
        email=f"{name}@acme.example",
        roles=frozenset(roles),
        team=team,
        **fields,  # type: ignore[arg-type]  # the fields are of many types
    )


_ANN = _member("ann", Role.HANDLER)
_BOB = _member("bob", Role.HANDLER)
_LEA = _member("lea", Role.LEAD)
_FAY = _member("fay", Role.LEAD, team="top")
_PAM = _member("pam", Role.HANDLER, team="desk", provider=True, training_until=None)
_STAFF = Staff(
    people=(_ANN, _BOB, _LEA, _FAY, _PAM),
    teams={
        "er": Team("er", _LEA.email, (_ANN.email, _BOB.email)),
        "desk": Team("desk", _LEA.email, (_PAM.email,), handled_by=HandledBy.PROVIDER),
        "led-outside": Team("led-outside", _PAM.email, (), handled_by=HandledBy.PROVIDER),
    },
    fallback_owner=_FAY.email,
    independent_contact="counsel@lawfirm.example",
)
_CASE = Case(
    uid="0" * 32,
    ref="HR-7K2Q9M",
    state=State.NEW,
    risk=Risk.HIGH,
    case_class=CaseClass.ER,
    category="harassment_discrimination",
    team="er",
    owner="",
    requester="zoe@acme.example",
    opened_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
    mailbox="hr",
)


def _excluding(*people: StaffMember, case: Case = _CASE) -> Case:
    return replace(case, excluded=frozenset(a for one in people for a in one.addresses))


def _pick(case: Case, *, staff: Staff = _STAFF, policy: str = "least_loaded") -> Ownership:
    return pick_owner(
        case, staff, policy=policy, workload=_IDLE, today=_TODAY, directory=Directory()
    )


def _without_training(*names: StaffMember) -> Staff:
    people = tuple(
        replace(one, training_until=None) if one in names else one for one in _STAFF.people
    )
    return replace(_STAFF, people=people)


@pytest.mark.parametrize(
    ("case", "owner"),
    [
        (_CASE, Ownership(_ANN.email, "team")),
        (_excluding(_ANN), Ownership(_BOB.email, "team")),
        (_excluding(_ANN, _BOB), Ownership(_LEA.email, "lead")),
        (_excluding(_ANN, _BOB, _LEA), Ownership(_FAY.email, "fallback")),
        (
            _excluding(_ANN, _BOB, _LEA, _FAY),
            Ownership("counsel@lawfirm.example", "independent_contact"),
        ),
        (replace(_CASE, requester=_ANN.email), Ownership(_BOB.email, "team")),
        (replace(_CASE, suspected=frozenset({_ANN.email})), Ownership(_BOB.email, "team")),
        (replace(_CASE, team=None), Ownership(_FAY.email, "fallback")),
    ],
)
def test_the_owner_is_the_nearest_person_without_a_conflict(case: Case, owner: Ownership) -> None:
    assert _pick(case) == owner


def test_a_named_owner_who_is_excluded_is_passed_over() -> None:
    assert _pick(_CASE, policy=_BOB.email) == Ownership(_BOB.email, "named")
    assert _pick(_excluding(_BOB), policy=_BOB.email) == Ownership(_ANN.email, "team")


def test_without_training_a_case_goes_up_and_in_the_end_to_anybody_unconflicted() -> None:
    assert _pick(_CASE, staff=_without_training(_ANN, _BOB)).reason == "lead"
    assert _pick(_CASE, staff=_without_training(_ANN, _BOB, _LEA)).reason == "fallback"
    nobody = _without_training(_ANN, _BOB, _LEA, _FAY)
    assert _pick(_CASE, staff=nobody) == Ownership(_LEA.email, "lead")


def test_who_reports_to_an_excluded_person_comes_last() -> None:
    directory = Directory(
        (
            Employee("Ann", _ANN.email, manager=_FAY.email),
            Employee("Bob", _BOB.email, manager=_LEA.email),
        )
    )

    def pick(case: Case) -> str:
        return pick_owner(
            case, _STAFF, policy="", workload=_IDLE, today=_TODAY, directory=directory
        ).owner

    assert pick(_CASE) == _ANN.email
    assert pick(_excluding(_FAY)) == _BOB.email
    assert pick(_excluding(_FAY, _BOB)) == _ANN.email


def test_sensitive_matters_of_a_providers_team_stay_inside() -> None:
    case = replace(_CASE, team="desk")
    assert _pick(case) == Ownership(_LEA.email, "lead")
    low = replace(case, risk=Risk.LOW, case_class=CaseClass.LOW)
    assert _pick(low) == Ownership(_PAM.email, "team")


@pytest.mark.parametrize(
    ("team", "owner", "excluded", "accountable"),
    [
        ("desk", _PAM, (), _LEA.email),
        ("desk", _PAM, (_LEA,), _FAY.email),
        ("desk", _PAM, (_LEA, _FAY), "counsel@lawfirm.example"),
        ("led-outside", _PAM, (), _FAY.email),
        ("none", _PAM, (), _FAY.email),
        ("er", _ANN, (), None),
    ],
)
def test_somebody_inside_answers_for_every_case_of_a_provider(
    team: str, owner: StaffMember, excluded: tuple[StaffMember, ...], accountable: str | None
) -> None:
    case = replace(_excluding(*excluded), team=team, owner=owner.email)
    assert accountable_owner(case, _STAFF) == accountable


@pytest.mark.parametrize(
    ("case", "targets", "alternates", "told", "gaps"),
    [
        (_CASE, ("er",), (), ("lea", "ann", "bob"), ()),
        (_excluding(_LEA), ("er",), (), ("ann", "bob"), ()),
        (_excluding(_LEA, _ANN, _BOB), ("er",), (_FAY.email,), ("fay",), ()),
        (_excluding(_LEA, _ANN, _BOB), ("er",), (), ("fay",), ()),
        (_excluding(_LEA, _ANN, _BOB, _FAY), ("er",), (), ("counsel",), ()),
        (replace(_CASE, requester=_LEA.email), (_LEA.email,), ("er",), ("ann", "bob"), ()),
        (_excluding(_ANN), ("list@acme.example", _LEA.email), (), ("lea",), ("list@acme.example",)),
        (_CASE, ("list@acme.example",), (), ("fay",), ("list@acme.example",)),
    ],
)  # fmt: skip
def test_an_escalation_climbs_past_everybody_who_is_excluded_and_never_goes_to_a_list(
    case: Case,
    targets: tuple[str, ...],
    alternates: tuple[str, ...],
    told: tuple[str, ...],
    gaps: tuple[str, ...],
) -> None:
    found = escalate(case, _STAFF, targets=targets, alternates=alternates, today=_TODAY)
    assert tuple(a.partition("@")[0] for a in found.recipients) == told
    assert found.gaps == gaps


@pytest.mark.parametrize(
    ("member", "shown"),
    [
        (_LEA, CaseClass.ER),
        (replace(_LEA, assistant_reads=True), CaseClass.CONFIDENTIAL),
        (replace(_LEA, training_until=None), CaseClass.CONFIDENTIAL),
        (_ANN, CaseClass.CONFIDENTIAL),
    ],
)
def test_a_mail_says_the_least_to_whom_the_case_is_closed(
    member: StaffMember, shown: CaseClass
) -> None:
    assert class_to_show(Person(member.email, member), _CASE, today=_TODAY) is shown
