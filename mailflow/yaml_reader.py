"""YAML 1.2 text to located values. The only place that knows ruamel.yaml.

libyaml reads what it can, seventeen times faster than the reader in Python. That one is asked
where libyaml refuses: it knows YAML 1.2 to the letter and says better what is wrong. And where a
character stands that only YAML 1.1 takes for a line break.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.cyaml import CBaseLoader
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from mailflow.errors import InvalidFilesError, Mistake
from mailflow.located import Entry, Leaf, Node, Place, Scalar, Series, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ruamel.yaml.error import StreamMark
    from ruamel.yaml.events import Event

_LARGEST_FILE = 1024 * 1024
_DEEPEST = 60
_BREAKS_OF_YAML_1_1 = frozenset("\x85\u2028\u2029")
_VALUES = (AliasEvent, ScalarEvent, SequenceStartEvent, MappingStartEvent)


def read_yaml(text: str, file: str) -> tuple[Node | None, tuple[Mistake, ...]]:
    """Read one document. ``file`` is the name that mistakes carry.

    An empty document gives None without a mistake. Aliases, tags, duplicate keys and non-text
    keys are mistakes; the value is None when the text is no YAML at all.
    """
    reader = _Reader(file, text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if len(text.encode()) > _LARGEST_FILE:
        return None, (Mistake(file, 0, 0, "too-large", "a file may have 1 MiB at most"),)
    tab = reader.first_tab()
    if tab is not None:
        return None, (tab,)
    try:
        events = _events(text)
    except MarkedYAMLError as error:
        return None, (reader.syntax_mistake(error),)
    except YAMLError as error:
        return None, (Mistake(file, 0, 0, "syntax", str(error).splitlines()[0]),)
    root = reader.document(events)
    return root, tuple(reader.mistakes)


def _events(text: str) -> list[Event]:
    """What stands in the text, in order, up to the first thing that lies too deep."""
    if not _BREAKS_OF_YAML_1_1.isdisjoint(text):
        return _read_slowly(text)
    loader = CBaseLoader(text)
    try:
        return list(_until_too_deep(iter(loader.get_event, None)))
    except YAMLError:
        return _read_slowly(text)
    finally:
        loader.dispose()


def _read_slowly(text: str) -> list[Event]:
    return list(_until_too_deep(YAML(typ="rt").parse(text)))


def _until_too_deep(events: Iterator[Event]) -> Iterator[Event]:
    """Both readers need time with the square of the depth."""
    depth = 0
    for event in events:
        yield event
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            return


def require_yaml(text: str, file: str) -> Node | None:
    """Like read_yaml, but raises InvalidFilesError when there is any mistake."""
    node, mistakes = read_yaml(text, file)
    if mistakes:
        raise InvalidFilesError(mistakes)
    return node


class _Reader:
    """Makes values of events; collects mistakes instead of stopping at the first."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self._file = file
        self._lines = lines
        self.mistakes: list[Mistake] = []

    def first_tab(self) -> Mistake | None:
        for number, line in enumerate(self._lines, start=1):
            indent = line[: len(line) - len(line.lstrip())]
            if "\t" in indent:
                place = Place(self._file, number, indent.index("\t") + 1, line)
                return place.mistake("tab", "a tab cannot indent YAML: use spaces")
        return None

    def syntax_mistake(self, error: MarkedYAMLError) -> Mistake:
        mark = error.problem_mark or error.context_mark
        problem = (error.problem or error.context or "not YAML").strip()
        if mark is None:
            return Mistake(self._file, 0, 0, "syntax", problem)
        odd = self._first_odd_blank(mark)
        if odd is not None:
            return odd
        place = self._place(mark)
        if "mapping values are not allowed" in problem:
            return place.mistake("second-colon", "a text with a colon in it must stand in quotes")
        if "alias" in problem:
            return place.mistake(
                "alias", 'a word that starts with "*" must stand in quotes ("*" alone is an alias)'
            )
        return place.mistake("syntax", problem)

    def _first_odd_blank(self, mark: StreamMark) -> Mistake | None:
        """In the line of the mistake, or the one before: blanks that come from Word or the web."""
        for number in (mark.line, mark.line - 1):
            line = self._lines[number] if 0 <= number < len(self._lines) else ""
            column = next((at for at, c in enumerate(line) if c != " " and c.isspace()), None)
            if column is not None:
                place = Place(self._file, number + 1, column + 1, line)
                message = "this blank is no ordinary space: delete it and type a space"
                return place.mistake("odd-blank", message)
        return None

    def document(self, events: list[Event]) -> Node | None:
        starts = [event for event in events if isinstance(event, DocumentStartEvent)]
        if len(starts) > 1:
            place = self._place(starts[1].start_mark)
            self.mistakes.append(place.mistake("documents", "one file is one document: delete ---"))
            return None
        if events and isinstance(events[-1], CollectionStartEvent):
            place = self._place(events[-1].start_mark)
            message = f"this stands inside more than {_DEEPEST} others"
            self.mistakes.append(place.mistake("too-deep", message))
            return None
        rest = iter(events)
        root = next((event for event in rest if isinstance(event, _VALUES)), None)
        node = None if root is None else self._node(root, rest)
        return None if any(mistake.code == "alias" for mistake in self.mistakes) else node

    def _node(self, event: Event, rest: Iterator[Event]) -> Node:
        """The value that starts with ``event``; takes what belongs to it from ``rest``."""
        place = self._place(event.start_mark)
        if getattr(event, "tag", None) is not None:
            self.mistakes.append(place.mistake("tag", "YAML tags (!) are not understood here"))
        if isinstance(event, MappingStartEvent):
            return self._table(rest, place)
        if isinstance(event, SequenceStartEvent):
            return Series(tuple(self._items(rest)), place)
        if isinstance(event, ScalarEvent):
            return Leaf(_scalar(event), place, quoted=event.style in ("'", '"'))
        self.mistakes.append(place.mistake("alias", "YAML aliases are not understood here"))
        return Leaf(None, place)

    def _items(self, rest: Iterator[Event]) -> Iterator[Node]:
        for event in rest:
            if isinstance(event, CollectionEndEvent):
                return
            yield self._node(event, rest)

    def _table(self, rest: Iterator[Event], place: Place) -> Table:
        entries: dict[str, Entry] = {}
        for event in rest:
            if isinstance(event, CollectionEndEvent):
                break
            key_place = self._place(event.start_mark)
            known = len(self.mistakes)
            self._node(event, rest)
            value = self._node(next(rest), rest)
            if not isinstance(event, ScalarEvent):
                del self.mistakes[known:]
                self.mistakes.append(key_place.mistake("key", "a key must be a single word"))
                continue
            key = str(event.value)
            if key in entries:
                first = entries[key].place.line
                self.mistakes.append(
                    key_place.mistake(
                        "duplicate-key",
                        f'"{key}" stands here twice (first in line {first})',
                        width=len(key),
                    )
                )
                continue
            entries[key] = Entry(key, key_place, value)
        return Table(tuple(entries.values()), place)

    def _place(self, mark: StreamMark) -> Place:
        line = self._lines[mark.line] if mark.line < len(self._lines) else ""
        return Place(self._file, mark.line + 1, mark.column + 1, line)


def _scalar(node: ScalarEvent) -> Scalar:
    text = str(node.value)
    if node.style in ("'", '"', "|", ">"):
        # The round-trip reader marks each fold of a folded text with a bell.
        return text.replace("\a", "") if node.style == ">" else text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    try:
        return int(text) if text.lstrip("+-").isdigit() else _decimal(text)
    except ValueError:
        return text


def _decimal(text: str) -> Scalar:
    digits = text.lstrip("+-").replace(".", "", 1)
    return float(text) if digits.isdigit() and "." in text else text
