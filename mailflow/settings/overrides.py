"""Environment variables laid over the file: MAILFLOW_SMTP__HOST is the key host of smtp."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.located import Entry, Leaf, Node, Place, Series, Table, nearest, plain
from mailflow.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from mailflow.errors import Mistake

_PREFIX = "MAILFLOW_"
_NO_SETTINGS = frozenset({"home", "as"})
_SECRETS = frozenset({"password", "client_secret"})


def lay_over(
    table: Table, environ: Mapping[str, str], *, known: Collection[str]
) -> tuple[Table, tuple[Mistake, ...]]:
    """The table with every override in its place, whose file is the variable's name.

    An item of a list is named by its number or by its ``name``. A secret's own variable
    (MAILFLOW_SMTP__PASSWORD) stands for ``{env: MAILFLOW_SMTP__PASSWORD}``. Variables that name
    no key of ``known`` are other programs' and are left alone, unless they look like a slip.
    """
    mistakes: list[Mistake] = []
    for variable in sorted(environ):
        path = variable.removeprefix(_PREFIX).lower().split("__")
        if not variable.startswith(_PREFIX) or path[0] in _NO_SETTINGS:
            continue
        place = Place(variable, 0, 0)
        if path[0] not in known:
            mistakes += _slip(path[0], known, place)
            continue
        value, wrong = _read_value(path[-1], environ[variable], place)
        if wrong:
            mistakes += wrong
            continue
        try:
            changed = _put(table, path, value)
        except LookupError as error:
            mistakes.append(place.mistake("override", str(error.args[0])))
            continue
        if isinstance(changed, Table):
            table = changed
    return table, tuple(mistakes)


def _slip(word: str, known: Collection[str], place: Place) -> list[Mistake]:
    guess = nearest(word, known)
    if guess is None:
        return []
    message = f'there is no setting "{word}", did you mean {_PREFIX}{guess.upper()}?'
    return [place.mistake("unknown-key", message)]


def _read_value(key: str, text: str, place: Place) -> tuple[Node, tuple[Mistake, ...]]:
    if key in _SECRETS:
        return Table((Entry("env", place, Leaf(place.file, place)),), place), ()
    if text.lstrip().startswith(("{", "[")):
        node, mistakes = read_yaml(text, place.file)
        wrong = tuple(
            place.mistake(mistake.code, f"this is no YAML value: {mistake.message}")
            for mistake in mistakes
        )
        return (_moved(node, place) if node else Leaf(None, place)), wrong
    return Leaf(text, place, quoted=True), ()


def _moved(node: Node, place: Place) -> Node:
    """The same value, with every place in it the variable itself."""
    if isinstance(node, Leaf):
        return replace(node, place=place)
    if isinstance(node, Series):
        return Series(tuple(_moved(item, place) for item in node), place)
    return Table(tuple(Entry(e.key, place, _moved(e.value, place)) for e in node), place)


def _put(node: Node | None, path: list[str], value: Node) -> Node:
    if not path:
        return value
    if isinstance(node, Series):
        return _put_item(node, path, value)
    entries = node.entries if isinstance(node, Table) else ()
    place = node.place if isinstance(node, Table) else value.place
    old = next((entry for entry in entries if entry.key == path[0]), None)
    new = Entry(path[0], value.place, _put(old.value if old else None, path[1:], value))
    if old is not None and path[1:]:
        new = replace(new, place=old.place)
    kept = tuple(new if entry is old else entry for entry in entries)
    return Table(kept if old else (*kept, new), place)


def _put_item(series: Series, path: list[str], value: Node) -> Series:
    names = [_name_of(item, index) for index, item in enumerate(series)]
    wanted = int(path[0]) if path[0].isdecimal() else None
    index = wanted if wanted is not None else names.index(path[0]) if path[0] in names else None
    if index is None or index >= len(series.items):
        raise LookupError(f'there is no item "{path[0]}" here; there are: {", ".join(names)}')
    items = list(series.items)
    items[index] = _put(items[index], path[1:], value)
    return Series(tuple(items), series.place)


def _name_of(item: Node, index: int) -> str:
    value = plain(item)
    name = value.get("name") if isinstance(value, dict) else None
    return str(name).lower().replace("-", "_") if name else str(index)
