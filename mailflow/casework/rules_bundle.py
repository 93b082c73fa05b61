"""The files of rules/ on disk: read, compiled, tested, and kept up to date while running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.policy.rules.compile import compile_bundle
from mailflow.core.policy.rules.known_names import KnownNames
from mailflow.errors import InvalidFilesError, Mistake
from mailflow.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.located import Node


def load_rules(
    folder: Path,
    *,
    known_teams: Collection[str] | None = None,
    known_people: Collection[str] | None = None,
    known_slas: Collection[str] | None = None,
    known_calendars: Collection[str] | None = None,
    known_templates: Collection[str] | None = None,
) -> Bundle:
    """Read all ``*.yaml`` of the folder as one bundle. The inline tests are not run.

    Names that nobody gives are not checked; SLAs and calendars default to those of the folder.
    Raises InvalidFilesError with every mistake of all files, OSError when the folder is no folder.
    """
    known = KnownNames(known_teams, known_people, known_slas, known_calendars, known_templates)
    bundle, mistakes = check_rules(folder, known)
    if bundle is None:
        raise InvalidFilesError(tuple(one for one in mistakes if one.severity == "error"))
    return bundle


def check_rules(folder: Path, known: KnownNames) -> tuple[Bundle | None, tuple[Mistake, ...]]:
    """The bundle and every mistake and warning. Raises OSError."""
    return compile_texts(read_rule_files(folder), known)


def read_rule_files(folder: Path) -> dict[str, str]:
    """The text of every ``*.yaml`` and ``*.yml`` by the name that mistakes show."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    return {
        f"{folder.name}/{path.name}": path.read_text(encoding="utf-8", errors="replace")
        for path in paths
        if path.is_file() and not path.name.startswith(".")
    }


def compile_texts(
    texts: Mapping[str, str], known: KnownNames
) -> tuple[Bundle | None, tuple[Mistake, ...]]:
    """Like compile_bundle, from the text of the files (of a folder, or kept in the store)."""
    mistakes: list[Mistake] = []
    nodes: dict[str, Node] = {}
    for name, text in texts.items():
        if name.endswith(".yml"):
            message = f"rename it to {name.removesuffix('.yml')}.yaml: only .yaml files are read"
            mistakes.append(Mistake(name, 0, 0, "yml", message))
            continue
        node, found = read_yaml(text, name)
        mistakes.extend(found)
        if node is not None:
            nodes[name] = node
    broken = {mistake.file for mistake in mistakes} - nodes.keys()
    bundle, more = compile_bundle(nodes, known)
    if broken:
        # What stands in a file that is no YAML cannot be missed elsewhere as well.
        more = tuple(one for one in more if one.code not in _FOLLOW_ONLY)
    mistakes.extend(more)
    if any(mistake.severity == "error" for mistake in mistakes):
        bundle = None
    return bundle, tuple(sorted(mistakes, key=lambda one: (one.file, one.line, one.column)))


_FOLLOW_ONLY = frozenset(
    {"no-categories", "category-unset", "no-test", "no-near-miss"}
    | {f"unknown-{what}" for what in ("category", "flag", "list", "SLA", "sla", "calendar")}
)
