"""A later mail in a case: what the rules may change, and what only a person may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.case.case import TRIAGE, highest
from mailflow.core.policy.rules.classification import TriageReason

if TYPE_CHECKING:
    from mailflow.core.case.case import Risk
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.classification import Classification

# "Thank you!" says nothing about the case: no rule matched, and that is no doubt.
_SILENT = frozenset(
    {TriageReason.NOTHING_MATCHED, TriageReason.EMPTY_TEXT, TriageReason.ONLY_HINTS}
)


@dataclass(frozen=True)
class Ratcheted:
    """What the case becomes. ``needs_person``: somebody must look at this mail.

    ``is_disputed``: the rules would go higher than a person decided: flag the case, and leave its
    category. New words may still raise the risk: the person had not read them.
    """

    category: str
    risk: Risk
    has_changed: bool = False
    needs_person: bool = False
    is_disputed: bool = False


def follow_up_category(
    bundle: Bundle,
    found: Classification,
    *,
    category: str,
    risk: Risk,
    decided_by_person: bool,
) -> Ratcheted:
    """Category moves upwards in rank only, risk only rises; a person's category stands.

    ``category`` and ``risk`` are those of the case before this mail. A category that the bundle
    no longer has counts as the lowest.
    """
    is_silent = bool(found.triage_reasons) and _SILENT.issuperset(found.triage_reasons)
    if is_silent and not bundle.touches_sensitive(found) and not found.flags:
        return Ratcheted(category, risk)
    raised = highest((found.risk,), floor=risk)
    is_higher = found.category != TRIAGE and _rank(bundle, found.category) < _rank(bundle, category)
    needs_person = bool(found.triage_reasons)
    moved = found.category if is_higher and not decided_by_person else category
    has_changed = moved != category or raised is not risk
    return Ratcheted(
        moved,
        raised,
        has_changed=has_changed,
        needs_person=needs_person,
        is_disputed=decided_by_person and (is_higher or raised is not risk),
    )


def _rank(bundle: Bundle, category: str) -> int:
    known = bundle.categories.get(category)
    return known.rank if known else len(bundle.categories)
