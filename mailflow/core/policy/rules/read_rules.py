"""Rules and word lists, from located YAML."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.category import Certainty
from mailflow.core.policy.rules.findings import Findings, Named, texts_of
from mailflow.core.policy.rules.keys import ADD_KEYS, RULE_KEYS
from mailflow.core.policy.rules.phrase_book import ListEntry, PhraseBook
from mailflow.core.policy.rules.phrase_grammar import ListPiece
from mailflow.core.policy.rules.read_condition import ConditionReader
from mailflow.core.policy.rules.read_words import WordReader, list_names, parse_checked
from mailflow.core.policy.rules.rule import Additions, Rule
from mailflow.located import Node, Series, Table, nearest, plain, unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailflow.core.case.case import Risk
    from mailflow.core.policy.rules.category import Category, Flag
    from mailflow.core.policy.rules.known_names import KnownNames
    from mailflow.core.policy.rules.phrase_grammar import Piece
    from mailflow.core.policy.rules.read_tests import ExampleReader
    from mailflow.located import Place

Lists = dict[tuple[str, str], tuple[ListEntry, ...]]


def read_lists(findings: Findings, node: Node, language: str, lists: Lists) -> None:
    """Add the ``phrases:`` of one file to the lists."""
    if not isinstance(node, Table):
        findings.error(node.place, "wrong-type", "phrases must be a block of NAME: [words]")
        return
    for entry in node:
        key = (language, entry.key)
        if key in lists:
            message = f'the list "{entry.key}" exists already'
            findings.error(entry.place, "duplicate-id", message, width=len(entry.key))
            continue
        items = entry.value.items if isinstance(entry.value, Series) else (entry.value,)
        found = (_list_entry(findings, item, entry.key, language) for item in items)
        lists[key] = tuple(one for one in found if one is not None)


def check_lists(findings: Findings, lists: Lists) -> None:
    """Lists that refer to lists which do not exist, or to themselves."""
    names = {name for _, name in lists}
    cyclic: list[tuple[str, str]] = []
    used = _lists_used(lists)
    for key, entries in lists.items():
        for entry in entries:
            for name in list_names(entry.pieces):
                if name not in names:
                    message = unknown_name(name, names, what="list")
                    findings.error(entry.place, "unknown-list", message, width=len(entry.text))
        if _reaches_itself(key[1], used):
            place = entries[0].place
            findings.error(place, "list-cycle", f'the list "{key[1]}" contains itself')
            cyclic.append(key)
    for key in cyclic:
        lists[key] = ()


def _list_entry(findings: Findings, node: Node, name: str, language: str) -> ListEntry | None:
    what = f'list "{name}"'
    if isinstance(node, Table):
        table = findings.table(node, what, ("list",))
        other = findings.text(table.get("list"), what) if table is not None else None
        if other is None:
            return None
        return ListEntry(f"<{other.text}>", (ListPiece(other.text),), other.place)
    named = findings.text(node, what)
    pieces: tuple[Piece, ...] | None = None
    if named is not None:
        pieces = parse_checked(findings, named, language)
    return ListEntry(named.text, pieces, named.place) if named and pieces else None


def _lists_used(lists: Lists) -> dict[str, set[str]]:
    """By the name of a list the lists that its phrases refer to."""
    used: dict[str, set[str]] = {name: set() for _, name in lists}
    for (_, name), entries in lists.items():
        for entry in entries:
            used[name].update(list_names(entry.pieces))
    return used


def _reaches_itself(name: str, used: Mapping[str, set[str]]) -> bool:
    seen: set[str] = set()
    waiting = set(used.get(name, ()))
    while waiting:
        one = waiting.pop()
        if one == name:
            return True
        if one not in seen:
            seen.add(one)
            waiting |= used.get(one, set())
    return False


@dataclass
class RuleReader:
    """Reads the rules of all files of one bundle.

    ``spoiled`` are categories that some rule meant to find and missed by a typing slip: that no
    rule finds them is no news then.
    """

    findings: Findings
    known: KnownNames
    book: PhraseBook
    categories: Mapping[str, Category]
    flags: Mapping[str, Flag]
    risks: Mapping[str, Risk]
    tests: ExampleReader
    rules: dict[str, Rule] = field(default_factory=dict)
    phrase_places: dict[tuple[str, int], Place] = field(default_factory=dict)
    spoiled: set[str] = field(default_factory=set)

    def read_rules(self, node: Node, language: str) -> None:
        for item in self.findings.series(node, "rules"):
            rule = self._rule(item, language)
            if rule is None:
                continue
            other = self.rules.get(rule.id)
            if other is not None:
                first = f"{other.place.file}:{other.place.line}"
                message = f'the rule "{rule.id}" exists already ({first})'
                self.findings.error(rule.place, "duplicate-id", message, width=len(rule.id))
                continue
            self.rules[rule.id] = rule

    def _rule(self, node: Node, language: str) -> Rule | None:
        label = _label(node)
        table = self.findings.table(node, label, RULE_KEYS)
        if table is None:
            return None
        name = self.findings.text(table.get("id"), "rule: id")
        if name is None:
            self.findings.error(table.place, "no-id", "this rule has no id")
            return None
        condition_node = table.get("when")
        if condition_node is None:
            self._note_spoiled(table)
            message = f"{label} has no when: it would match every mail"
            self.findings.error(name.place, "no-condition", message, width=len(name.text))
            return None
        words = WordReader(self.findings, self.book, language, label)
        reader = ConditionReader(self.findings, words, label, self.known.calendars)
        condition = reader.block(condition_node)
        for number, place in words.places.items():
            self.phrase_places[name.text, number] = place
        certainty = self.findings.choice(
            table.get("certainty"),
            {one.value: one for one in (Certainty.SURE, Certainty.HINT)},
            what="certainty",
        )
        categories = self._categories(table, label, certainty or Certainty.SURE)
        risk = self.findings.choice(table.get("risk"), self.risks, what="risk")
        add = self._additions(table.get("add"), label)
        self._note_slips(table)
        if not categories and risk is None and add == Additions() and not self._tried(table):
            message = f"{label} has no effect: give it a category, a risk or add"
            self.findings.error(name.place, "no-effect", message, width=len(name.text))
        tests = self.tests.read_tests(table.get("tests"), name.text)
        if condition is None:
            self._note_spoiled(table)
            return None
        note = self.findings.text(table.get("note"), f"{label}: note")
        return Rule(
            id=name.text,
            place=name.place,
            language=language,
            condition=condition,
            categories=categories,
            certainty=certainty or Certainty.SURE,
            risk=risk,
            add=add,
            is_enabled=self.findings.yes_no(
                table.get("enabled"), f"{label}: enabled", default=True
            ),
            speaks_alone=self.findings.yes_no(table.get("alone"), f"{label}: alone", default=False),
            from_date=self.findings.day(table.get("from_date"), f"{label}: from_date"),
            until_date=self.findings.day(table.get("until_date"), f"{label}: until_date"),
            note=note.text if note else "",
            when=json.dumps(plain(condition_node), sort_keys=True, ensure_ascii=False),
            tests=tests,
        )

    def _tried(self, table: Table) -> bool:
        """Whether the writer named an effect, though with a mistake already noted."""
        has_unknown_key = any(entry.key not in RULE_KEYS for entry in table)
        named = any(table.get(key) is not None for key in ("category", "risk", "add"))
        return named or has_unknown_key

    def _note_spoiled(self, table: Table) -> None:
        """A rule that cannot be read finds nothing, whatever its category."""
        value = plain(table.get("category") or table)
        values = value if isinstance(value, list) else [value]
        self.spoiled |= {one for one in values if isinstance(one, str)}

    def _note_slips(self, table: Table) -> None:
        for entry in table:
            value = plain(entry.value)
            values = value if isinstance(value, list) else [value]
            names = {one for one in values if isinstance(one, str)}
            if entry.key not in RULE_KEYS:
                self.spoiled |= names
            elif entry.key == "category":
                meant = (nearest(name, self.categories) for name in names - self.categories.keys())
                self.spoiled |= {name for name in meant if name is not None}

    def _categories(self, table: Table, label: str, certainty: Certainty) -> tuple[str, ...]:
        named = self.findings.texts(table.get("category"), f"{label}: category")
        known = tuple(
            one for one in named if self.findings.known(one, self.categories, what="category")
        )
        if len(known) > 1 and certainty is Certainty.SURE:
            message = f"{label}: only a rule with certainty: hint may name several categories"
            self.findings.error(known[1].place, "several-categories", message)
        return texts_of(known)

    def _additions(self, node: Node | None, label: str) -> Additions:
        if node is None:
            return Additions()
        table = self.findings.table(node, f"{label}: add", ADD_KEYS)
        if table is None:
            return Additions()
        flags = self.findings.texts(table.get("flags"), f"{label}: flags")
        for flag in flags:
            self.findings.known(flag, self.flags, what="flag")
        slas = self.findings.texts(table.get("sla"), f"{label}: sla")
        for sla in slas:
            self.known.check_sla(self.findings, sla)
        return Additions(
            tags=texts_of(self.findings.texts(table.get("tags"), f"{label}: tags")),
            flags=texts_of(flags),
            escalate_to=self._targets(table, "escalate_to", label),
            notify=self._targets(table, "notify", label),
            slas=texts_of(slas),
        )

    def _targets(self, table: Table, key: str, label: str) -> tuple[str, ...]:
        targets: tuple[Named, ...] = self.findings.texts(table.get(key), f"{label}: {key}")
        return self.known.check_targets(self.findings, targets)


def _label(node: Node) -> str:
    name = node.get("id") if isinstance(node, Table) else None
    value = getattr(name, "value", None)
    return f'rule "{value}"' if value else "a rule"
