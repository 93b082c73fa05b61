"""Values that remember where in a file they stood, so that a mistake can name its place."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.errors import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAMES_SHOWN = 12

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Place:
    """A position in a file; ``line`` and ``column`` count from 1."""

    file: str
    line: int
    column: int
    source_line: str = ""

    def mistake(
        self, code: str, message: str, *, width: int = 1, severity: str = "error"
    ) -> Mistake:
        return Mistake(
            file=self.file,
            line=self.line,
            column=self.column,
            code=code,
            message=message,
            source_line=self.source_line,
            width=width,
            severity=severity,
        )


@dataclass(frozen=True)
class Leaf:
    """A scalar. ``quoted`` tells whether it stood in quotes, so that a typing slip can be seen."""

    value: Scalar
    place: Place
    quoted: bool = False


@dataclass(frozen=True)
class Entry:
    """One ``key: value`` of a mapping, with the place of the key."""

    key: str
    place: Place
    value: Node


@dataclass(frozen=True)
class Table:
    """A YAML mapping, in the order of the file."""

    entries: tuple[Entry, ...]
    place: Place

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def get(self, key: str) -> Node | None:
        return next((entry.value for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True)
class Series:
    """A YAML sequence."""

    items: tuple[Node, ...]
    place: Place

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)


Node = Leaf | Table | Series


def plain(node: Node) -> object:
    """The same value without places: dict, list, scalar."""
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, Series):
        return [plain(item) for item in node.items]
    return {entry.key: plain(entry.value) for entry in node.entries}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that was most likely meant, or None when nothing is close."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def unknown_name(word: str, known: Iterable[str], *, what: str) -> str:
    """The sentence for a name that does not exist, with the nearest one that does."""
    names = sorted(known)
    guess = nearest(word, names)
    if guess:
        return f'unknown {what} "{word}", did you mean "{guess}"?'
    listed = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
    return f'unknown {what} "{word}"; known are: {listed}'
