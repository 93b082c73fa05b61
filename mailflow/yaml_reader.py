"""YAML 1.2 text to located values. The only place that knows ruamel.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from mailflow.errors import InvalidFilesError, Mistake
from mailflow.located import Entry, Leaf, Node, Place, Scalar, Series, Table

if TYPE_CHECKING:
    from ruamel.yaml.error import StreamMark
    from ruamel.yaml.nodes import Node as YamlNode

_LARGEST_FILE = 1024 * 1024
_NULL = "tag:yaml.org,2002:null"


def read_yaml(text: str, file: str) -> tuple[Node | None, tuple[Mistake, ...]]:
    """Read one document. ``file`` is the name that mistakes carry.

    An empty document gives None without a mistake. Aliases, tags, duplicate keys and non-text
    keys are mistakes; the value is None when the text is no YAML at all.
    """
    reader = _Reader(file, text.splitlines())
    if len(text.encode()) > _LARGEST_FILE:
        return None, (Mistake(file, 0, 0, "too-large", "a file may have 1 MiB at most"),)
    tab = reader.first_tab()
    if tab is not None:
        return None, (tab,)
    yaml = YAML(typ="rt")
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        return None, (reader.syntax_mistake(error),)
    except YAMLError as error:
        return None, (Mistake(file, 0, 0, "syntax", str(error).splitlines()[0]),)
    if root is None:
        return None, ()
    node = reader.convert(root)
    return node, tuple(reader.mistakes)


def require_yaml(text: str, file: str) -> Node | None:
    """Like read_yaml, but raises InvalidFilesError when there is any mistake."""
    node, mistakes = read_yaml(text, file)
    if mistakes:
        raise InvalidFilesError(mistakes)
    return node


class _Reader:
    """Converts composed nodes; collects mistakes instead of stopping at the first."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self._file = file
        self._lines = lines
        self._seen: set[int] = set()
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

    def convert(self, node: YamlNode) -> Node:
        place = self._place(node.start_mark)
        if id(node) in self._seen and not isinstance(node, ScalarNode):
            self.mistakes.append(place.mistake("alias", "YAML aliases are not understood here"))
            return Leaf(None, place)
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._table(node, place)
        if isinstance(node, SequenceNode):
            return Series(tuple(self.convert(item) for item in node.value), place)
        if not isinstance(node, ScalarNode):
            self.mistakes.append(place.mistake("alias", "YAML aliases are not understood here"))
            return Leaf(None, place)
        return Leaf(_scalar(node), place, quoted=node.style in ("'", '"'))

    def _table(self, node: MappingNode, place: Place) -> Table:
        entries: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            key_place = self._place(key_node.start_mark)
            if not isinstance(key_node, ScalarNode):
                self.mistakes.append(key_place.mistake("key", "a key must be a single word"))
                continue
            key = str(key_node.value)
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
            entries[key] = Entry(key, key_place, self.convert(value_node))
        return Table(tuple(entries.values()), place)

    def _place(self, mark: StreamMark) -> Place:
        line = self._lines[mark.line] if mark.line < len(self._lines) else ""
        return Place(self._file, mark.line + 1, mark.column + 1, line)


def _scalar(node: ScalarNode) -> Scalar:
    text = str(node.value)
    if node.style in ("'", '"', "|", ">"):
        # The round-trip reader marks each fold of a folded text with a bell.
        return text.replace("\a", "") if node.style == ">" else text
    if text in ("", "~", "null", "Null", "NULL") or node.tag == _NULL:
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
