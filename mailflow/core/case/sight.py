"""How much of a case somebody sees, by the one gate: what lists and the command line show."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.case.access import Action, Person, may
from mailflow.core.case.people import Role

if TYPE_CHECKING:
    from datetime import date

    from mailflow.core.case.case import Case


class Sight(StrEnum):
    """NOTHING: not even that the case exists. OUTLINE: reference, state, class, risk, owner and
    times. OWN: the case that one opened oneself, as one knows it from its mails. WHOLE: all.
    """

    NOTHING = "nothing"
    OUTLINE = "outline"
    OWN = "own"
    WHOLE = "whole"

    @property
    def has_content(self) -> bool:
        return self in (Sight.OWN, Sight.WHOLE)


def sight_of(person: Person, case: Case, *, today: date) -> Sight:
    """Staff who are the requester themselves see no more of it than any employee would."""
    read = may(person, case, Action.READ, today=today)
    if read.allowed:
        return Sight.OWN if read.reason == "requester" else Sight.WHOLE
    seen = may(person, case, Action.SEE, today=today)
    return Sight.OUTLINE if seen.allowed else Sight.NOTHING


def may_handle(person: Person, case: Case, *, today: date) -> bool:
    """Whether this person may decide about a mail that waits at the case."""
    answer = may(person, case, Action.WRITE, today=today)
    return answer.allowed and answer.reason != "requester"


def may_sort(person: Person) -> bool:
    """Whether this person may see and sort mail that no case has taken."""
    staff = person.staff
    if staff is None or staff.provider:
        return False
    return bool(staff.roles & {Role.TRIAGE, Role.LEAD})
