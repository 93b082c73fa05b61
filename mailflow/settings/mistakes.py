"""Pydantic's errors in the words and at the places of the file that a person edits."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from mailflow.located import Entry, Leaf, Node, Series, Table, nearest, plain, unknown_name
from mailflow.settings.model import Settings

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from mailflow.errors import Mistake

Path = tuple[int | str, ...]

_SENTENCES = {
    "string_type": "must be a text; put it in quotes if it looks like something else",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list: [one, another]",
    "model_type": 'must be a section: lines "key: value" below it, or {key: value}',
    "path_type": "must be a path",
    "byte_size": 'must be a size, like "200 MiB"',
    "byte_size_unit": 'must be a size, like "200 MiB"',
    "string_pattern_mismatch": 'must be a language tag, like "en" or "de-CH"',
}

# These only say that something else is wrong already.
_FOLLOWING = ("default_factory_not_called",)
URL_KEYS = ("database", "broker")
_LITERAL = re.compile(r"(?:password|client_secret)\s*:\s*[^\s{]|://[^\s/:]*:[^\s/@]*@")


def locate_mistakes(error: ValidationError, table: Table) -> tuple[Mistake, ...]:
    """Every error as a mistake at its key, in the order of the file."""
    details = [d for d in error.errors(include_url=False) if d["type"] not in _FOLLOWING]
    mistyped = {_meant(detail) for detail in details if detail["type"] == "extra_forbidden"}
    mistakes = [
        _mistake(detail, table)
        for detail in details
        if detail["type"] != "missing" or detail["loc"] not in mistyped
    ]
    return tuple(sorted(mistakes, key=lambda m: (m.file, m.line, m.column)))


def hide_secrets(mistakes: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    """The same mistakes, without the lines of the file on which a secret stands as a literal."""
    return tuple(
        replace(mistake, source_line="") if _LITERAL.search(mistake.source_line) else mistake
        for mistake in mistakes
    )


def _mistake(detail: ErrorDetails, table: Table) -> Mistake:
    path = detail["loc"]
    entry, node, depth = _walk(table, path)
    name = str(path[-1]) if path else ""
    kind = detail["type"]
    place = entry.place if isinstance(entry, Entry) else node.place
    width = len(entry.key) if isinstance(entry, Entry) else 1
    if kind == "extra_forbidden":
        known = _model_at(path[:-1]).model_fields
        return place.mistake("unknown-key", unknown_name(name, known, what="key"), width=width)
    if kind == "missing" or depth < len(path):
        return place.mistake("missing", _missing(detail), width=width)
    code = "secret" if kind == "secret_literal" else "value"
    return place.mistake(code, f"{_dotted(path)}: {_sentence(detail, node)}", width=width)


def _meant(detail: ErrorDetails) -> Path:
    """The key that was most likely meant by an unknown one."""
    *parents, key = detail["loc"]
    return (*parents, nearest(str(key), _model_at(tuple(parents)).model_fields) or "")


def _missing(detail: ErrorDetails) -> str:
    path = detail["loc"]
    if detail["type"] == "missing":
        return f'"{_dotted(path)}" is missing: add {path[-1]}: …'
    return f'"{_dotted(path)}" is missing: {_without_prefix(detail)}'


def _sentence(detail: ErrorDetails, node: Node) -> str:
    if isinstance(node, Leaf) and node.value is None and detail["type"] != "value_error":
        return "has no value: fill it in or delete the line"
    if detail["type"] == "enum":
        wanted = _model_at(detail["loc"][:-1]).model_fields[str(detail["loc"][-1])].annotation
        return unknown_name(
            str(plain(node)), [str(choice) for choice in wanted or ()], what="choice"
        )
    return _SENTENCES.get(detail["type"]) or _without_prefix(detail)


def _without_prefix(detail: ErrorDetails) -> str:
    message = detail["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:] if detail["type"] != "value_error" else message


def _walk(table: Table, path: Path) -> tuple[Entry | None, Node, int]:
    """The deepest entry and value on the path that stand in the file, and how deep that is."""
    entry: Entry | None = None
    node: Node = table
    for depth, step in enumerate(path):
        if isinstance(node, Table) and isinstance(step, str):
            found = next((candidate for candidate in node if candidate.key == step), None)
            if found is None:
                return entry, node, depth
            entry, node = found, found.value
        elif isinstance(node, Series) and isinstance(step, int):
            entry, node = None, node.items[step]
        else:
            return entry, node, depth
    return entry, node, len(path)


def _dotted(path: Path) -> str:
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return words.removeprefix(".")


def _model_at(path: Path) -> type[BaseModel]:
    model: type[BaseModel] = Settings
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = _model_in(model.model_fields[step].annotation) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = (_model_in(part) for part in get_args(annotation))
    return next((model for model in models if model), None)
