"""`when:` of a rule, from located YAML to conditions. The words are read by read_words.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.conditions import (
    TEXT_FIELDS,
    AddressTest,
    AllOf,
    AnyOf,
    AttachmentTest,
    Condition,
    FactTest,
    NoneOf,
)
from mailflow.core.policy.rules.fact_tests import WEEKDAYS
from mailflow.core.policy.rules.facts import ThreadPosition
from mailflow.core.policy.rules.keys import (
    ATTACHMENT_KEYS,
    BLOCK_KEYS,
    RECEIVED_KEYS,
    SENDER_KEYS,
    WHEN_KEYS,
)
from mailflow.located import Entry, Node, Series, Table

if TYPE_CHECKING:
    from collections.abc import Collection

    from mailflow.core.policy.rules.findings import Findings, Named
    from mailflow.core.policy.rules.read_words import WordReader

MOST_NESTED_BLOCKS = 5
_BYTES = {"kb": 1000, "mb": 1000**2, "gb": 1000**3, "b": 1}


@dataclass(frozen=True)
class ConditionReader:
    """Reads the conditions of one rule. ``calendars`` is None when nobody knows their names."""

    findings: Findings
    words: WordReader
    what: str
    calendars: Collection[str] | None = None

    def block(self, node: Node, depth: int = 1) -> Condition | None:
        """Keys side by side mean all of them."""
        table = self.findings.table(node, f"{self.what}: a condition", WHEN_KEYS)
        if table is None:
            return None
        if depth > MOST_NESTED_BLOCKS:
            message = f"{self.what}: all, any and none may nest {MOST_NESTED_BLOCKS} deep at most"
            self.findings.error(node.place, "too-deep", message)
            return None
        if not table.entries:
            self.findings.error(node.place, "empty", f"{self.what}: this block asks for nothing")
        parts: list[Condition] = []
        for entry in table:
            if entry.key in BLOCK_KEYS:
                parts.extend(self._blocks(entry, depth))
            elif entry.key in WHEN_KEYS:
                part = self._field(entry)
                if part is not None:
                    parts.append(part)
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _blocks(self, entry: Entry, depth: int) -> list[Condition]:
        items = entry.value.items if isinstance(entry.value, Series) else (entry.value,)
        parts = tuple(part for item in items if (part := self.block(item, depth + 1)) is not None)
        if not parts:
            return []
        if entry.key == "all":
            return [AllOf(parts)]
        return [AnyOf(parts)] if entry.key == "any" else [NoneOf(parts)]

    def _field(self, entry: Entry) -> Condition | None:
        key, node = entry.key, entry.value
        if key in TEXT_FIELDS:
            return self.words.text_test(node, key, TEXT_FIELDS[key])
        if key in ("from", "to", "cc", "alias"):
            return self._addresses(node, key)
        readers = {
            "attachments": self._attachments,
            "header": self._headers,
            "sender": self._sender,
            "received": self._received,
        }
        if key in readers:
            return readers[key](node)
        return self._fact(node, key)

    def _addresses(self, node: Node, key: str) -> Condition | None:
        """Addresses, ``*@domain`` and domains; other words are looked for in the sender's name."""
        addresses: list[str] = []
        names: list[Node] = []
        for item in node.items if isinstance(node, Series) else (node,):
            named = self.findings.text(item, f"{self.what}: {key}")
            if named is None:
                continue
            if "@" in named.text or ("." in named.text and " " not in named.text):
                addresses.append(named.text.lower())
            elif key == "from":
                names.append(item)
            else:
                message = (
                    f'{self.what}: "{named.text}" is no address: write name@domain or *@domain'
                )
                self.findings.error(named.place, "address", message, width=len(named.text))
        parts: list[Condition] = [AddressTest(key, tuple(addresses))] if addresses else []
        if names:
            series = Series(tuple(names), node.place)
            test = self.words.text_test(series, key, ("sender_name",))
            parts.extend([test] if test else [])
        return _any_of(parts)

    def _attachments(self, node: Node) -> Condition | None:
        table = self.findings.table(node, f"{self.what}: attachments", ATTACHMENT_KEYS)
        if table is None:
            return None
        names = self.findings.texts(table.get("name"), f"{self.what}: name")
        types = self.findings.texts(table.get("type"), f"{self.what}: type")
        return AttachmentTest(
            names=tuple(_glob(one.text) for one in names),
            types=tuple(one.text.lower() for one in types),
            larger_than=self._size(table.get("larger_than")),
            none_allowed=self.findings.yes_no(
                table.get("none_allowed"), f"{self.what}: none_allowed"
            ),
        )

    def _size(self, node: Node | None) -> int | None:
        named = self.findings.text(node, f"{self.what}: larger_than")
        if named is None:
            return None
        digits, unit = named.text.rstrip("bBkKmMgG").strip(), named.text.lstrip("0123456789 ")
        if digits.isdigit() and unit.lower() in _BYTES:
            return int(digits) * _BYTES[unit.lower()]
        message = f'{self.what}: "{named.text}" is no size: write it like 5 MB'
        self.findings.error(named.place, "wrong-type", message, width=len(named.text))
        return None

    def _headers(self, node: Node) -> Condition | None:
        if not isinstance(node, Table):
            message = f"{self.what}: header needs NAME: words"
            self.findings.error(node.place, "wrong-type", message)
            return None
        tests = (
            self.words.text_test(
                entry.value, f"header {entry.key}", (f"header:{entry.key.lower()}",)
            )
            for entry in node
        )
        return _all_of([test for test in tests if test is not None])

    def _sender(self, node: Node) -> Condition | None:
        table = self.findings.table(node, f"{self.what}: sender", SENDER_KEYS)
        if table is None:
            return None
        parts: list[Condition] = []
        for entry in table:
            what = f"{self.what}: {entry.key}"
            if entry.key in ("department", "title"):
                test = self.words.text_test(entry.value, f"sender {entry.key}", (entry.key,))
                parts.extend([test] if test else [])
            elif entry.key == "domain":
                domains = self.findings.texts(entry.value, what)
                parts.append(AddressTest("domain", tuple(one.text.lower() for one in domains)))
            elif entry.key == "country":
                countries = self.findings.texts(entry.value, what)
                wanted = frozenset(one.text.lower() for one in countries)
                parts.append(FactTest("sender.country", wanted))
            elif entry.key in SENDER_KEYS:
                wanted = frozenset((_word(yes=self.findings.yes_no(entry.value, what)),))
                parts.append(FactTest(f"sender.{entry.key}", wanted))
        return _all_of(parts)

    def _received(self, node: Node) -> Condition | None:
        table = self.findings.table(node, f"{self.what}: received", RECEIVED_KEYS)
        if table is None:
            return None
        parts: list[Condition] = []
        calendar = self.findings.text(table.get("calendar"), f"{self.what}: calendar")
        if calendar is not None and self.calendars is not None:
            self.findings.known(calendar, self.calendars, what="calendar")
        if table.get("working_hours") is not None:
            within = self.findings.yes_no(table.get("working_hours"), f"{self.what}: working_hours")
            name = calendar.text if calendar else ""
            wanted = frozenset((_word(yes=within),))
            parts.append(FactTest("received.working_hours", wanted, name))
        days = self.findings.texts(table.get("weekday"), f"{self.what}: weekday")
        if days:
            wanted = frozenset(day for one in days for day in self._weekdays(one))
            parts.append(FactTest("received.weekday", wanted))
        return _all_of(parts)

    def _weekdays(self, named: Named) -> list[str]:
        """``mon``, ``Monday`` or ``mon-fri``."""
        first, _, last = named.text.lower().partition("-")
        days = [day[:3] for day in (first, last or first)]
        for day in days:
            if day not in WEEKDAYS:
                message = f'{self.what}: "{named.text}" is no weekday: write mon, tue … or mon-fri'
                self.findings.error(named.place, "wrong-type", message, width=len(named.text))
                return []
        start, stop = (WEEKDAYS.index(day) for day in days)
        return [WEEKDAYS[place % 7] for place in range(start, start + (stop - start) % 7 + 1)]

    def _fact(self, node: Node, key: str) -> Condition | None:
        if key == "auto_submitted":
            yes = self.findings.yes_no(node, f"{self.what}: auto_submitted")
            return FactTest(key, frozenset((_word(yes=yes),)))
        values = self.findings.texts(node, f"{self.what}: {key}")
        if key == "thread":
            kinds = [kind.value for kind in ThreadPosition]
            if not all(self.findings.known(one, kinds, what="thread kind") for one in values):
                return None
        return FactTest(key, frozenset(one.text.lower() for one in values))


def _glob(text: str) -> str:
    """A file name without a star may stand anywhere in the name."""
    return text.lower() if "*" in text else f"*{text.lower()}*"


def _word(*, yes: bool) -> str:
    return "true" if yes else "false"


def _any_of(parts: list[Condition]) -> Condition | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _all_of(parts: list[Condition]) -> Condition | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))
