"""A hint to the owner of a new case: the same person wrote of much the same some days ago."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.access import Action, may
from mailflow.core.case.transitions import OPEN
from mailflow.core.mail import words
from mailflow.core.mail.similar_subject import are_similar, subject_words
from mailflow.core.mail.words.notices import say_notice
from mailflow.core.policy.linking import would_widen
from mailflow.core.policy.persons import addresses_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from mailflow.core.case.case import Case
    from mailflow.core.policy.decision import RecentCase
    from mailflow.core.policy.house import House

LOOKS_BACK = timedelta(days=3)
"""How far apart two cases may have been opened."""

_FORGED = "maybe_forged"


def hint_at_similar(
    case: Case, subject: str, recent: Iterable[RecentCase], house: House, *, today: date
) -> str:
    """One sentence for the case's owner that names the newest similar case; "" without one that
    they may work on, and that this one could be merged into.
    """
    similar = _find_similar(case, subject, recent, house, today=today)
    if similar is None:
        return ""
    locale = house.locale_of(case.owner)
    day = words.say_day(similar.opened_at.astimezone(house.zone).date(), locale=locale)
    return say_notice("similar_case", locale, {"ref": similar.ref, "day": day})


def _find_similar(
    case: Case, subject: str, recent: Iterable[RecentCase], house: House, *, today: date
) -> Case | None:
    wanted = subject_words(subject)
    if not wanted or _FORGED in case.flags:
        return None
    own = addresses_of(case.requester, house)
    found = [
        one.case
        for one in recent
        if one.case.requester in own
        and abs(case.opened_at - one.case.opened_at) <= LOOKS_BACK
        and are_similar(wanted, subject_words(one.subject))
        and _may_be_named(one.case, case, house, today=today)
    ]
    return max(found, key=lambda other: other.opened_at, default=None)


def _may_be_named(other: Case, case: Case, house: House, *, today: date) -> bool:
    """A sealed case is not named beside one that more people read."""
    if other.uid == case.uid or other.state not in OPEN or would_widen(case, other):
        return False
    if other.case_class.is_sealed and not case.case_class.is_sealed:
        return False
    owner = house.person(case.owner)
    return may(owner, other, Action.WRITE, today=today).allowed
