from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mailflow.core.case.access import Person
from mailflow.core.case.case import Case, CaseClass, Risk, State
from mailflow.core.case.people import Role, StaffMember
from mailflow.core.case.sight import Sight, may_handle, may_sort, sight_of

TODAY = date(2026, 11, 24)
CASE = Case(
    uid="0" * 32,
    ref="HR-7K2Q9M",
    state=State.ASSIGNED,
    risk=Risk.HIGH,
    case_class=CaseClass.ER,
    category="harassment_discrimination",
    team="employee-relations",
    owner="owner@acme.example",
    requester="erin@acme.example",
    opened_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    mailbox="hr",
    excluded=frozenset({"named@acme.example"}),
)


def person(address: str, *roles: Role, provider: bool = False) -> Person:
    if not roles:
        return Person(address)
    trained = date(2027, 1, 1)
    member = StaffMember(
        "Name", address, roles=frozenset(roles), training_until=trained, provider=provider
    )
    return Person(address, member)


@pytest.mark.parametrize(
    ("who", "sight"),
    [
        (person("owner@acme.example", Role.HANDLER), Sight.WHOLE),
        (person("lead@acme.example", Role.LEAD), Sight.WHOLE),
        (person("admin@acme.example", Role.ADMIN), Sight.OUTLINE),
        (person("other@acme.example", Role.HANDLER), Sight.NOTHING),
        (person("named@acme.example", Role.LEAD), Sight.NOTHING),
        (person("erin@acme.example"), Sight.OWN),
        (person("erin@acme.example", Role.LEAD), Sight.OWN),
        (person("stranger@else.example"), Sight.NOTHING),
    ],
)
def test_what_is_seen_of_a_case_hangs_on_role_assignment_and_exclusion(
    who: Person, sight: Sight
) -> None:
    assert sight_of(who, CASE, today=TODAY) is sight


@pytest.mark.parametrize(
    ("sight", "has_content"),
    [(Sight.NOTHING, 0), (Sight.OUTLINE, 0), (Sight.OWN, 1), (Sight.WHOLE, 1)],
)
def test_an_outline_holds_nothing_that_was_written(sight: Sight, has_content: int) -> None:
    assert sight.has_content is bool(has_content)


def test_the_owner_may_decide_about_held_mail_and_the_requester_may_not() -> None:
    owner = person("owner@acme.example", Role.HANDLER)
    assert may_handle(owner, CASE, today=TODAY)
    assert not may_handle(person("erin@acme.example", Role.LEAD), CASE, today=TODAY)
    excluded = replace(CASE, excluded=frozenset({"owner@acme.example"}))
    assert not may_handle(owner, excluded, today=TODAY)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (person("t@acme.example", Role.TRIAGE), True),
        (person("l@acme.example", Role.LEAD), True),
        (person("h@acme.example", Role.HANDLER), False),
        (person("p@provider.example", Role.TRIAGE, provider=True), False),
        (person("erin@acme.example"), False),
    ],
)
def test_mail_without_a_case_is_for_our_own_people_who_sort(who: Person, *, may: bool) -> None:
    assert may_sort(who) is may
