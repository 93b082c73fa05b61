"""`adapters:` from located YAML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.case.people import normal_address
from mailflow.core.policy.rules.adapter import Adapter
from mailflow.core.policy.rules.keys import ADAPTER_KEYS
from mailflow.core.policy.rules.read_condition import ConditionReader
from mailflow.core.policy.rules.read_words import WordReader, read_pattern
from mailflow.located import Node, Table

if TYPE_CHECKING:
    from collections.abc import Collection

    from mailflow.core.policy.rules.conditions import Pattern
    from mailflow.core.policy.rules.findings import Findings, Named
    from mailflow.core.policy.rules.phrase_book import PhraseBook

_FIELDS = ("subject", "text")


@dataclass(frozen=True)
class AdapterReader:
    findings: Findings
    book: PhraseBook
    categories: Collection[str]
    calendars: Collection[str] | None

    def read_adapters(self, node: Node, language: str) -> list[Adapter]:
        items = self.findings.series(node, "adapters")
        found = (self._adapter(item, language) for item in items)
        return [one for one in found if one is not None]

    def _adapter(self, node: Node, language: str) -> Adapter | None:
        table = self.findings.table(node, "an adapter", ADAPTER_KEYS)
        name = self.findings.text(table.get("id"), "adapter: id") if table is not None else None
        if table is None or name is None:
            self.findings.error(node.place, "no-id", "this adapter has no id")
            return None
        what = f'adapter "{name.text}"'
        when = table.get("when")
        if when is None:
            self.findings.error(
                name.place, "no-condition", f"{what} has no when: say at least from: which address"
            )
            return None
        words = WordReader(self.findings, self.book, language, what)
        condition = ConditionReader(self.findings, words, what, self.calendars).block(when)
        senders = self._senders(when, name, what)
        patterns = self._patterns(table, what)
        groups = {group for _, one in patterns for group in one.compiled.groupindex}
        requester = self._group(table, "requester", groups, what)
        if requester is None and "requester" not in groups:
            message = f"{what}: no expression has a group (?P<requester>…): whose request is it?"
            self.findings.error(name.place, "no-requester", message, width=len(name.text))
        category, source, mapping = self._category(table.get("category"), groups, what)
        if condition is None:
            return None
        return Adapter(
            id=name.text,
            place=name.place,
            senders=senders,
            condition=condition,
            patterns=patterns,
            requester=requester or "requester",
            text=self._group(table, "text", groups, what),
            subject=self._group(table, "subject", groups, what),
            category=category,
            category_from=source,
            category_map=mapping,
        )

    def _senders(self, when: Node, name: Named, what: str) -> frozenset[str]:
        """Whole addresses only: whoever may send for the portal speaks in everybody's name."""
        node = when.get("from") if isinstance(when, Table) else None
        given = self.findings.texts(node, f"{what}: from")
        for one in given:
            local, _, domain = one.text.rpartition("@")
            if "*" in one.text or not local or "." not in domain:
                message = f'{what}: "{one.text}" is no whole address: write portal@domain'
                self.findings.error(one.place, "adapter-sender", message, width=len(one.text))
        if not given:
            message = f"{what}: when has no from: which address does the portal write from?"
            self.findings.error(name.place, "adapter-sender", message, width=len(name.text))
        return frozenset(normal_address(one.text) for one in given)

    def _patterns(self, table: Table, what: str) -> tuple[tuple[str, Pattern], ...]:
        node = table.get("read")
        read = self.findings.table(node, f"{what}: read", _FIELDS) if node is not None else None
        if read is None:
            message = f"{what} reads nothing: give read: {{text: …}}"
            self.findings.error(table.place, "no-read", message)
            return ()
        found: list[tuple[str, Pattern]] = []
        for entry in read:
            for named in self.findings.texts(entry.value, f"{what}: {entry.key}"):
                pattern = read_pattern(self.findings, named, what)
                if pattern is not None and entry.key in _FIELDS:
                    found.append((entry.key, pattern))
        return tuple(found)

    def _group(self, table: Table, key: str, groups: Collection[str], what: str) -> str | None:
        named = self.findings.text(table.get(key), f"{what}: {key}")
        if named is None or not self.findings.known(named, groups, what="group"):
            return None
        return named.text

    def _category(
        self, node: Node | None, groups: Collection[str], what: str
    ) -> tuple[str | None, str | None, dict[str, str] | None]:
        """(fixed or fallback category, group, map)."""
        if node is None:
            return None, None, None
        if not isinstance(node, Table):
            return self._known_category(self.findings.text(node, f"{what}: category")), None, None
        keys = ("from", "map", "otherwise")
        if self.findings.table(node, f"{what}: category", keys) is None:
            return None, None, None
        source = self._group(node, "from", groups, what)
        mapping: dict[str, str] = {}
        entries = node.get("map")
        for entry in entries if isinstance(entries, Table) else ():
            category = self._known_category(self.findings.text(entry.value, f"{what}: map"))
            if category is not None:
                mapping[entry.key.casefold()] = category
        if not isinstance(entries, Table) or not entries.entries:
            message = f"{what}: category needs from: GROUP and map: {{value: category}}"
            self.findings.error(node.place, "wrong-type", message)
        otherwise = self.findings.text(node.get("otherwise"), f"{what}: otherwise")
        return self._known_category(otherwise), source, mapping

    def _known_category(self, named: Named | None) -> str | None:
        if named is None or not self.findings.known(named, self.categories, what="category"):
            return None
        return named.text
