"""Whom a case escalates to: around everybody who is excluded, never to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.case.access import Action, Person, may

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from mailflow.core.case.case import Case
    from mailflow.core.case.people import Staff
    from mailflow.core.policy.house import House


@dataclass(frozen=True)
class Escalation:
    """``gaps`` are targets that could not be reached as people: nobody behind them was told."""

    recipients: tuple[str, ...]
    gaps: tuple[str, ...] = ()


def escalate(
    case: Case,
    staff: Staff,
    *,
    targets: Iterable[str],
    alternates: Iterable[str],
    today: date,
) -> Escalation:
    """Expand the targets to people and keep those who may be told.

    When nobody is left the alternates are tried, then the fallback owner, then the independent
    contact. A target that is no known team or person is a list we cannot look into: it is never
    mailed, and named as a gap.
    """
    recipients: list[str] = []
    gaps: list[str] = []
    last_resort = (staff.fallback_owner,)
    for rung in (tuple(targets), tuple(alternates), last_resort):
        for target in rung:
            people = staff.expand(target)
            if people is None:
                gaps.append(target)
                continue
            recipients += [
                person.email
                for person in people
                if case.requester not in person.addresses
                and may(Person(person.email, person), case, Action.BE_TOLD, today=today).allowed
            ]
        if recipients:
            break
    if not recipients:
        recipients = [staff.independent_contact]
    return Escalation(tuple(dict.fromkeys(recipients)), tuple(gaps))


def find_people_above(case: Case, house: House, *, today: date) -> tuple[str, ...]:
    """Whom the case's category escalates to."""
    category = house.bundle.categories.get(case.category)
    return escalate(
        case,
        house.staff,
        targets=category.escalate_to if category else (),
        alternates=category.escalate_to_alternate if category else (),
        today=today,
    ).recipients
