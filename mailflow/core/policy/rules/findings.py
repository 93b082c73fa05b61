"""Typed values out of located YAML; whatever does not fit becomes a mistake with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from mailflow.located import Entry, Leaf, Node, Place, Series, Table, nearest, unknown_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from mailflow.errors import Mistake

Chosen = TypeVar("Chosen")


_CURLY = frozenset(
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}"
)


@dataclass(frozen=True)
class Named:
    """A word or sentence of the file, with its place."""

    text: str
    place: Place


@dataclass
class Findings:
    """Mistakes and warnings in the order they were found."""

    mistakes: list[Mistake] = field(default_factory=list)

    def error(self, place: Place, code: str, message: str, *, width: int = 1) -> None:
        self.mistakes.append(place.mistake(code, message, width=width))

    def warning(self, place: Place, code: str, message: str, *, width: int = 1) -> None:
        self.mistakes.append(place.mistake(code, message, width=width, severity="warning"))

    def table(self, node: Node, what: str, keys: Collection[str]) -> Table | None:
        """The node as a mapping whose keys are all known."""
        if not isinstance(node, Table):
            self.error(node.place, "wrong-type", f"{what} must be a block of keys and values")
            return None
        for entry in node:
            if entry.key not in keys:
                self.unknown_key(entry, what, keys)
        return node

    def unknown_key(self, entry: Entry, what: str, keys: Collection[str]) -> None:
        width = len(entry.key)
        if _is_rest_of_a_sentence(entry, keys):
            message = (
                f'"{entry.key}" looks like the rest of a sentence: put text with a comma in quotes'
            )
            if _CURLY & set(entry.place.source_line):
                message += ' (straight ones, "; curly quotes are ordinary letters here)'
            self.error(entry.place, "comma-in-text", message, width=width)
            return
        message = f"{what}: {unknown_name(entry.key, keys, what='key')}"
        self.error(entry.place, "unknown-key", message, width=width)

    def series(self, node: Node, what: str) -> tuple[Node, ...]:
        if isinstance(node, Series):
            return node.items
        self.error(node.place, "wrong-type", f"{what} must be a list")
        return ()

    def text(self, node: Node | None, what: str) -> Named | None:
        """A scalar as text. A key without a value is a mistake; None stands for a missing key."""
        if node is None:
            return None
        if isinstance(node, Leaf) and node.value is not None:
            value = node.value
            text = str(value).lower() if isinstance(value, bool) else str(value)
            return Named(text, node.place)
        self.error(node.place, "wrong-type", f"{what} must be a text")
        return None

    def texts(self, node: Node | None, what: str) -> tuple[Named, ...]:
        """One text or a list of texts."""
        if node is None:
            return ()
        items = node.items if isinstance(node, Series) else (node,)
        found = (self.text(item, what) for item in items)
        return tuple(one for one in found if one is not None)

    def yes_no(self, node: Node | None, what: str, *, default: bool = False) -> bool:
        if node is None:
            return default
        if isinstance(node, Leaf) and isinstance(node.value, bool):
            return node.value
        self.error(node.place, "wrong-type", f"{what} must be true or false")
        return default

    def number(self, node: Node | None, what: str) -> int | None:
        if node is None:
            return None
        if isinstance(node, Leaf) and type(node.value) is int and node.value > 0:
            return node.value
        self.error(node.place, "wrong-type", f"{what} must be a whole number above 0")
        return None

    def day(self, node: Node | None, what: str) -> date | None:
        named = self.text(node, what)
        if named is None:
            return None
        try:
            return date.fromisoformat(named.text)
        except ValueError:
            message = f'{what} "{named.text}" is no date: write it like 2026-12-31'
            self.error(named.place, "wrong-type", message, width=len(named.text))
            return None

    def known(
        self, named: Named, names: Collection[str], *, what: str, code: str | None = None
    ) -> bool:
        """Whether the name exists; if not, a mistake that offers the nearest one."""
        if named.text in names:
            return True
        message = unknown_name(named.text, names, what=what)
        self.error(
            named.place, code or f"unknown-{what.replace(' ', '-')}", message, width=len(named.text)
        )
        return False

    def choice(
        self, node: Node | None, choices: Mapping[str, Chosen], *, what: str
    ) -> Chosen | None:
        """The value that the named choice stands for."""
        named = self.text(node, what)
        if named is None or not self.known(named, choices, what=what):
            return None
        return choices[named.text]


def texts_of(named: Iterable[Named]) -> tuple[str, ...]:
    return tuple(one.text for one in named)


def _is_rest_of_a_sentence(entry: Entry, keys: Collection[str]) -> bool:
    """In ``{text: I was hurt, again}`` YAML takes "again" for a key without a value."""
    value = entry.value
    if not isinstance(value, Leaf) or value.value is not None or value.quoted:
        return False
    return " " in entry.key or nearest(entry.key, keys) is None
