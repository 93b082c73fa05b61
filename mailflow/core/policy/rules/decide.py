"""From the rules that match to category, risk and targets, by laws that know no order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.case.case import TRIAGE, highest
from mailflow.core.policy.rules.category import Certainty
from mailflow.core.policy.rules.classification import (
    Candidate,
    Classification,
    RiskStep,
    TriageReason,
    Why,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.category import Category
    from mailflow.core.policy.rules.evaluate import Hits
    from mailflow.core.policy.rules.rule import Rule


@dataclass(frozen=True)
class Match:
    """A rule that matches; ``certainty`` may be lower than the rule says.

    ``masked`` are the words that but_not blanked on the way.
    """

    rule: Rule
    certainty: Certainty
    hits: Hits = ()
    masked: Hits = ()


@dataclass(frozen=True)
class _Found:
    """The categories by rank: ``sure``, and those only hinted that still stand."""

    sure: tuple[Category, ...]
    hinted: tuple[Category, ...]
    candidates: tuple[Candidate, ...]

    @property
    def all(self) -> tuple[Category, ...]:
        return tuple(sorted((*self.sure, *self.hinted), key=lambda one: one.rank))


WhysOf = Callable[["Rule", "Hits"], tuple[Why, ...]]


def decide(
    bundle: Bundle,
    matches: Iterable[Match],
    reasons: Iterable[TriageReason],
    whys_of: WhysOf,
) -> Classification:
    """``reasons`` are those outside the rules that send a mail to triage."""
    ordered = sorted(_that_count(matches), key=lambda match: _match_order(bundle, match))
    found = _found(bundle, ordered)
    why_triage = (*reasons, *_doubts(found))
    category = _category(bundle, found, why_triage)
    steps = _risk_steps(bundle, found, ordered, why_triage)
    owners = _concerned(found, category, why_triage)
    flags = [bundle.flags[name] for name in _added(ordered, "flags", bundle.flags)]
    rule_targets = _added(ordered, "escalate_to")
    team = category.team
    if why_triage and TriageReason.NOTHING_MATCHED not in why_triage:
        team = bundle.defaults.unsure_team or team
    return Classification(
        category=category.id,
        risk=highest(step.risk for step in steps),
        certainty=_certainty(found, why_triage),
        team=team,
        owner=category.owner,
        slas=_slas(category, owners, ordered),
        bundle=bundle.id,
        secondary=tuple(one.id for one in found.sure if one.id != category.id),
        flags=tuple(flag.id for flag in flags),
        tags=_tags(category, ordered),
        escalate_to=_unique(
            (*_targets(category, owners), *(t for flag in flags for t in flag.escalate_to)),
            rule_targets,
        ),
        escalate_to_alternate=_alternates(bundle, owners),
        notify=_added(ordered, "notify"),
        reply=None if why_triage else category.reply,
        candidates=found.candidates,
        why=tuple(why for match in ordered for why in whys_of(match.rule, match.hits)),
        ignored=tuple(why for match in ordered for why in whys_of(match.rule, match.masked)),
        rules=tuple(match.rule.id for match in ordered),
        risk_steps=steps,
        triage_reasons=why_triage,
    )


def _that_count(matches: Iterable[Match]) -> tuple[Match, ...]:
    """All but the rules that speak alone, where some category but triage is sure."""
    found = tuple(matches)
    is_sure = any(
        match.certainty is Certainty.SURE and set(match.rule.categories) - {TRIAGE}
        for match in found
        if not match.rule.speaks_alone
    )
    if not is_sure:
        return found
    return tuple(match for match in found if not match.rule.speaks_alone)


def _match_order(bundle: Bundle, match: Match) -> tuple[int, str]:
    ranks = [bundle.rank(category) for category in match.rule.categories]
    return min(ranks, default=len(bundle.categories)), match.rule.id


def _found(bundle: Bundle, matches: list[Match]) -> _Found:
    sure = {
        category
        for match in matches
        if match.certainty is Certainty.SURE
        for category in match.rule.categories
    }
    candidates: dict[Candidate, None] = {}
    for match in matches:
        is_settled = len(match.rule.categories) > 1 and sure & set(match.rule.categories)
        if match.certainty is Certainty.HINT and is_settled:
            continue  # it said "one of these", and one of these it is
        for category in match.rule.categories:
            candidates[Candidate(category, match.certainty, match.rule.id)] = None
    hinted = {candidate.category for candidate in candidates} - sure
    return _Found(
        sure=_by_rank(bundle, sure),
        hinted=_by_rank(bundle, hinted),
        candidates=tuple(sorted(candidates, key=lambda one: (bundle.rank(one.category), one.rule))),
    )


def _by_rank(bundle: Bundle, names: set[str]) -> tuple[Category, ...]:
    return tuple(sorted((bundle.categories[name] for name in names), key=lambda one: one.rank))


def _doubts(found: _Found) -> tuple[TriageReason, ...]:
    """Why a person must look, as far as the rules tell."""
    if not found.sure and not found.hinted:
        return (TriageReason.NOTHING_MATCHED,)
    sensitive = [one for one in found.hinted if one.sensitive]
    if not found.sure:
        return (TriageReason.SENSITIVE_HINT if sensitive else TriageReason.ONLY_HINTS,)
    if sensitive and sensitive[0].rank < found.sure[0].rank:
        return (TriageReason.SENSITIVE_HINT,)
    return ()


def _category(bundle: Bundle, found: _Found, doubts: tuple[TriageReason, ...]) -> Category:
    if not doubts:
        return found.sure[0]
    if doubts == (TriageReason.NOTHING_MATCHED,):
        return bundle.categories[bundle.defaults.nothing_category]
    return bundle.categories[TRIAGE]


def _certainty(found: _Found, doubts: tuple[TriageReason, ...]) -> Certainty:
    if not doubts:
        return Certainty.SURE
    return Certainty.HINT if found.all else Certainty.NONE


def _risk_steps(
    bundle: Bundle, found: _Found, matches: list[Match], doubts: tuple[TriageReason, ...]
) -> tuple[RiskStep, ...]:
    """Every floor that applies, lowest first; the risk is the highest of them."""
    steps = [RiskStep(bundle.defaults.risk, "defaults")]
    steps.extend(RiskStep(one.risk, f"category {one.id}") for one in found.sure)
    if doubts:
        steps.extend(RiskStep(one.risk, f"candidate {one.id}") for one in found.hinted)
    if not found.all:
        steps.append(RiskStep(bundle.defaults.nothing_risk, "nothing matched"))
    steps.extend(
        RiskStep(match.rule.risk, f"rule {match.rule.id}")
        for match in matches
        if match.rule.risk is not None
    )
    for name in _added(matches, "flags", bundle.flags):
        risk = bundle.flags[name].risk
        if risk is not None:
            steps.append(RiskStep(risk, f"flag {name}"))
    return tuple(sorted(steps, key=lambda step: step.risk.rank))


def _concerned(
    found: _Found, category: Category, doubts: tuple[TriageReason, ...]
) -> tuple[Category, ...]:
    """Whose targets are told: the case's own, other sure sensitive ones, and in doubt all."""
    if doubts:
        sensitive = [one for one in found.all if one.sensitive]
        return tuple(sensitive) or found.sure[:1]
    others = [one for one in found.sure if one.sensitive and one.id != category.id]
    return (category, *others)


def _targets(category: Category, concerned: tuple[Category, ...]) -> list[str]:
    targets: list[str] = []
    for one in concerned:
        if one.sensitive and one.id != category.id and not category.is_triage:
            targets.append(one.team)
        targets.extend(one.escalate_to)
    return targets


def _slas(
    category: Category, concerned: tuple[Category, ...], matches: list[Match]
) -> tuple[str, ...]:
    sensitive = [one.sla for one in concerned if one.sensitive]
    return _unique((category.sla, *sensitive), _added(matches, "slas"))


def _tags(category: Category, matches: list[Match]) -> tuple[str, ...]:
    return tuple(sorted({*category.tags, *_added(matches, "tags")}))


def _alternates(bundle: Bundle, concerned: tuple[Category, ...]) -> tuple[str, ...]:
    own = [name for one in concerned for name in one.escalate_to_alternate]
    return _unique(own or bundle.defaults.escalate_to_alternate)


def _added(matches: list[Match], what: str, order: Iterable[str] | None = None) -> tuple[str, ...]:
    """The union of what the rules add, sorted, or in the given order of names."""
    names = {name for match in matches for name in getattr(match.rule.add, what)}
    if not names:
        return ()
    return tuple(sorted(names)) if order is None else tuple(n for n in order if n in names)


def _unique(*parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts for name in part))
