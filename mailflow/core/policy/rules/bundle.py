"""All files of rules/ as one checked value. How they are split and sorted has no meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from mailflow.core.case.case import TRIAGE, Risk
from mailflow.core.policy.rules.category import Category
from mailflow.core.policy.rules.conditions import FactTest, TextTest, leaves, required_phrases
from mailflow.core.policy.rules.phrase_book import PhraseBook
from mailflow.core.policy.rules.read_categories import Defaults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mailflow.core.policy.rules.adapter import Adapter
    from mailflow.core.policy.rules.category import Flag
    from mailflow.core.policy.rules.classification import Classification
    from mailflow.core.policy.rules.conditions import Condition
    from mailflow.core.policy.rules.rule import InlineTest, Rule
    from mailflow.located import Node, Place

_ALWAYS_READ = ("subject", "text", "forwarded")


@dataclass(frozen=True)
class Bundle:
    """``id`` is 12 hex digits of the content. ``categories`` are in the order of rank.

    ``rules`` are sorted by id. ``sections`` are the parts that others read (sla, calendars,
    nudges, nudge_mail), by key. ``places`` are those of categories in the files,
    ``phrase_places`` those of phrases by rule and number; ``spoiled`` see RuleReader.
    """

    id: str
    categories: Mapping[str, Category]
    flags: Mapping[str, Flag]
    defaults: Defaults
    risk_names: Mapping[Risk, str]
    rules: tuple[Rule, ...]
    book: PhraseBook
    file_tests: tuple[InlineTest, ...] = ()
    adapters: tuple[Adapter, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict, repr=False)
    phrase_places: Mapping[tuple[str, int], Place] = field(default_factory=dict, repr=False)
    spoiled: frozenset[str] = frozenset()
    sections: Mapping[str, Node] = field(default_factory=dict)

    @property
    def triage(self) -> Category:
        return self.categories[TRIAGE]

    @property
    def tests(self) -> tuple[InlineTest, ...]:
        """The tests of all rules, by rule, then those of the files."""
        return (*(test for rule in self.rules for test in rule.tests), *self.file_tests)

    def rank(self, category: str) -> int:
        return self.categories[category].rank

    def is_sensitive(self, category: str) -> bool:
        return self.categories[category].sensitive

    def touches_sensitive(self, found: Classification) -> bool:
        """Whether a sensitive category was found, sure or as a hint."""
        names = (found.category, *found.secondary, *(one.category for one in found.candidates))
        return any(self.categories[name].sensitive for name in names if name in self.categories)

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields of a mail whose words some rule looks at."""
        used = {
            name
            for condition in self._conditions
            for test in leaves(condition)
            if isinstance(test, TextTest)
            for name in test.fields
        }
        return frozenset(used.union(_ALWAYS_READ))

    @cached_property
    def calendars(self) -> frozenset[str]:
        """The calendars whose working hours some rule asks about; "" is the site's own."""
        return frozenset(
            test.calendar
            for condition in self._conditions
            for test in leaves(condition)
            if isinstance(test, FactTest) and test.key == "received.working_hours"
        )

    def rules_for(self, present: frozenset[int]) -> list[Rule]:
        """The rules that may match a mail with these phrases."""
        always, by_phrase = self._triggers
        places = set(always)
        for number in present:
            places.update(by_phrase.get(number, ()))
        bits = sum(map((1).__lshift__, present))
        required = self._required
        return [
            self.rules[place]
            for place in sorted(places)
            if all(one & bits for one in required[place])
        ]

    @property
    def _conditions(self) -> Iterator[Condition]:
        yield from (rule.condition for rule in self.rules)
        yield from (adapter.condition for adapter in self.adapters)

    @cached_property
    def _triggers(self) -> tuple[tuple[int, ...], dict[int, tuple[int, ...]]]:
        """The rules that any mail may match, and the others by the fewest phrases they need."""
        always: list[int] = []
        by_phrase: dict[int, list[int]] = {}
        for place, rule in enumerate(self.rules):
            required = required_phrases(rule.condition)
            if not required:
                always.append(place)
                continue
            for number in min(required, key=len):
                by_phrase.setdefault(number, []).append(place)
        return tuple(always), {number: tuple(places) for number, places in by_phrase.items()}

    @cached_property
    def _required(self) -> tuple[tuple[int, ...], ...]:
        """For each rule the sets of phrases of which a mail must have one, bit n for phrase n."""
        return tuple(
            tuple(sum(map((1).__lshift__, numbers)) for numbers in required_phrases(rule.condition))
            for rule in self.rules
        )


def empty_bundle(*, team: str, sla: str = "standard") -> Bundle:
    """The bundle of a site without any good rules: every mail goes to triage at ``team``."""
    triage = Category(id=TRIAGE, rank=0, label=TRIAGE, team=team, sla=sla, risk=Risk.MODERATE)
    return Bundle(
        id="0" * 12,
        categories={TRIAGE: triage},
        flags={},
        defaults=Defaults(risk=Risk.MODERATE),
        risk_names={risk: risk.value for risk in Risk},
        rules=(),
        book=PhraseBook(),
    )
