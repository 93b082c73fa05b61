"""Keeping a person out of a case from now on, by command or because they became a party of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.events import EventKind

if TYPE_CHECKING:
    from mailflow.core.policy.case_sheet import CaseSheet


def exclude(sheet: CaseSheet, addresses: frozenset[str], *, because: str) -> None:
    """Access ends here. That the case moves if it was theirs, what they were sent, and their
    reply addresses are seen to for every decision (core/policy/parting.py).
    """
    new = addresses - sheet.case.excluded
    if not new:
        return
    before = sheet.case
    sheet.case = replace(
        before,
        excluded=before.excluded | new,
        suspected=before.suspected - new,
        assigned=before.assigned - new,
    )
    sheet.note(EventKind.PERSON_EXCLUDED, addresses=sorted(new), because=because)
