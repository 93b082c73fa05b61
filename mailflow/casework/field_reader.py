"""Reads fields out of located YAML nodes and collects what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from mailflow.located import Leaf, Node, Place, Series, Table, unknown_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from mailflow.errors import Mistake


@dataclass
class FieldReader:
    """Every method answers None (or nothing) for a field that is wrong, and notes the mistake."""

    mistakes: list[Mistake] = field(default_factory=list)

    def note(self, place: Place, code: str, message: str, *, width: int = 1) -> None:
        self.mistakes.append(place.mistake(code, message, width=width))

    def table(self, node: Node, *, what: str) -> Table | None:
        if isinstance(node, Table):
            return node
        self.note(node.place, "wrong-type", f'{what} must be a mapping of "name: value" pairs')
        return None

    def known_keys(self, table: Table, known: Collection[str], *, what: str) -> None:
        for entry in table:
            if entry.key not in known:
                message = f"{what}: {unknown_name(entry.key, known, what='key')}"
                self.note(entry.place, "unknown-key", message, width=len(entry.key))

    def text(self, node: Node, *, what: str) -> str | None:
        if isinstance(node, Leaf) and isinstance(node.value, str):
            return node.value
        if isinstance(node, Leaf) and isinstance(node.value, int | float):
            return str(node.value)
        self.note(node.place, "wrong-type", f"{what} must be a text")
        return None

    def texts(self, node: Node, *, what: str) -> tuple[tuple[str, Place], ...]:
        """A list of texts, or one text alone, each with its place."""
        items = node.items if isinstance(node, Series) else (node,)
        found = ((self.text(item, what=what), item.place) for item in items)
        return tuple((text, place) for text, place in found if text is not None)

    def whole_number(self, node: Node, *, what: str, least: int, most: int) -> int | None:
        value = node.value if isinstance(node, Leaf) else None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.note(node.place, "wrong-value", f"{what} must be a whole number, {least} to {most}")
        return None

    def choice(self, node: Node, known: Collection[str], *, what: str) -> str | None:
        text = self.text(node, what=what)
        if text is None or text in known:
            return text
        self.note(node.place, "unknown-name", unknown_name(text, known, what=what), width=len(text))
        return None

    def day(self, text: str, place: Place, *, what: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            message = f'{what}: "{text}" is no date: write year-month-day, for example 2026-12-24'
            self.note(place, "wrong-date", message, width=len(text))
            return None

    def days(self, node: Node, *, what: str) -> frozenset[date]:
        found = (self.day(text, place, what=what) for text, place in self.texts(node, what=what))
        return frozenset(day for day in found if day is not None)
