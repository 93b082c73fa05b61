"""Located YAML of all rules files to a Bundle, or to every mistake in them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.bundle import Bundle
from mailflow.core.policy.rules.findings import Findings
from mailflow.core.policy.rules.keys import FILE_KEYS
from mailflow.core.policy.rules.known_names import KnownNames
from mailflow.core.policy.rules.lint import check_bundle
from mailflow.core.policy.rules.phrase_book import PhraseBook
from mailflow.core.policy.rules.read_adapters import AdapterReader
from mailflow.core.policy.rules.read_categories import CategoryReader
from mailflow.core.policy.rules.read_rules import Lists, RuleReader, check_lists, read_lists
from mailflow.core.policy.rules.read_tests import ExampleReader
from mailflow.core.policy.rules.word_index import LANGUAGES
from mailflow.located import Entry, Node, Place, Table, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailflow.core.policy.rules.rule import InlineTest
    from mailflow.errors import Mistake

LANGUAGE_VERSION = 1
DEFAULT_LANGUAGE = "en"
_ONCE = ("risk_levels", "defaults", "categories", "flags", "nudges", "nudge_mail")
_FOR_OTHERS = ("sla", "calendars", "nudges", "nudge_mail")


@dataclass(frozen=True)
class RulesFile:
    """One file, with the language of its phrases."""

    name: str
    table: Table
    language: str


@dataclass
class _Parts:
    """The sections of all files, gathered."""

    once: dict[str, Entry] = field(default_factory=dict)
    repeated: dict[str, list[tuple[RulesFile, Entry]]] = field(default_factory=dict)


def compile_bundle(
    files: Mapping[str, Node], known: KnownNames | None = None
) -> tuple[Bundle | None, tuple[Mistake, ...]]:
    """The bundle and what is wrong; None when there is an error, warnings alone do not hinder.

    ``files`` maps names, as mistakes show them, to their content.
    """
    findings = Findings()
    parsed = [_open_file(findings, name, node) for name, node in sorted(files.items())]
    parts = _gather(findings, [file for file in parsed if file is not None])
    if "categories" not in parts.once:
        name = min(files, default="rules")
        place = Place(name, 0, 0)
        findings.error(place, "no-categories", "no file has the list of categories")
        return None, _sorted(findings)
    bundle = _compile(findings, parts, known or KnownNames())
    check_bundle(findings, bundle, parts.once["categories"].place)
    mistakes = _sorted(findings)
    if any(mistake.severity == "error" for mistake in mistakes):
        return None, mistakes
    return bundle, mistakes


def _open_file(findings: Findings, name: str, node: Node) -> RulesFile | None:
    table = findings.table(node, f"{name.rpartition('/')[2]}", FILE_KEYS)
    if table is None:
        return None
    version = table.get("mailflow")
    if version is not None and plain(version) != LANGUAGE_VERSION:
        message = f"mailflow {plain(version)} is not understood; understood is: {LANGUAGE_VERSION}"
        findings.error(version.place, "version", message)
    if version is None and table.get("categories") is not None:
        message = f'this file needs the line "mailflow: {LANGUAGE_VERSION}"'
        findings.error(table.place, "version", message)
    language = findings.text(table.get("language"), "language")
    if language is not None and findings.known(language, LANGUAGES, what="language"):
        return RulesFile(name, table, language.text)
    return RulesFile(name, table, DEFAULT_LANGUAGE)


def _gather(findings: Findings, files: list[RulesFile]) -> _Parts:
    parts = _Parts()
    for file in files:
        for entry in file.table:
            if entry.key not in _ONCE:
                parts.repeated.setdefault(entry.key, []).append((file, entry))
                continue
            first = parts.once.get(entry.key)
            if first is not None:
                where = f"{first.place.file}:{first.place.line}"
                message = f'"{entry.key}" stands in another file already ({where}): keep one'
                findings.error(entry.place, "duplicate-section", message, width=len(entry.key))
                continue
            parts.once[entry.key] = entry
    return parts


def _compile(findings: Findings, parts: _Parts, known: KnownNames) -> Bundle:
    known = _with_own_names(parts, known)
    reader = CategoryReader(findings, known)
    if "risk_levels" in parts.once:
        reader.read_risk_names(parts.once["risk_levels"].value)
    if "defaults" in parts.once:
        reader.read_defaults(parts.once["defaults"].value)
    categories = reader.read_categories(parts.once["categories"].value)
    flags = reader.read_flags(parts.once["flags"].value) if "flags" in parts.once else {}
    lists: Lists = {}
    for file, entry in parts.repeated.get("phrases", ()):
        read_lists(findings, entry.value, file.language, lists)
    check_lists(findings, lists)
    book = PhraseBook(lists)
    examples = ExampleReader(findings, categories, flags, reader.risks)
    rules = RuleReader(findings, known, book, categories, flags, reader.risks, examples)
    for file, entry in parts.repeated.get("rules", ()):
        rules.read_rules(entry.value, file.language)
    file_tests: list[InlineTest] = []
    for _, entry in parts.repeated.get("tests", ()):
        file_tests.extend(examples.read_tests(entry.value, None))
    adapters = AdapterReader(findings, book, categories, known.calendars)
    found = [
        adapter
        for file, entry in parts.repeated.get("adapters", ())
        for adapter in adapters.read_adapters(entry.value, file.language)
    ]
    return Bundle(
        id=bundle_id(parts.once, parts.repeated),
        categories=categories,
        flags=flags,
        defaults=reader.defaults,
        risk_names={risk: name for name, risk in reader.risks.items()},
        rules=tuple(rules.rules[name] for name in sorted(rules.rules)),
        book=book,
        file_tests=tuple(file_tests),
        adapters=tuple(sorted(found, key=lambda adapter: adapter.id)),
        places=reader.places,
        phrase_places=rules.phrase_places,
        spoiled=frozenset(rules.spoiled),
        sections=_sections(parts),
    )


def _with_own_names(parts: _Parts, known: KnownNames) -> KnownNames:
    """SLAs and calendars that the bundle itself defines, unless the caller named them."""

    def names(key: str) -> frozenset[str] | None:
        entries = parts.repeated.get(key)
        if not entries:
            return None
        tables = [entry.value for _, entry in entries if isinstance(entry.value, Table)]
        return frozenset(entry.key for table in tables for entry in table)

    return KnownNames(
        teams=known.teams,
        people=known.people,
        slas=known.slas if known.slas is not None else names("sla"),
        calendars=known.calendars if known.calendars is not None else names("calendars"),
        templates=known.templates,
    )


def _sections(parts: _Parts) -> dict[str, Node]:
    """The parts that others read; those that stand in several files are joined."""
    found: dict[str, Node] = {}
    for key in _FOR_OTHERS:
        if key in parts.once:
            found[key] = parts.once[key].value
        for _, entry in parts.repeated.get(key, ()):
            before = found.get(key)
            if isinstance(before, Table) and isinstance(entry.value, Table):
                found[key] = Table((*before.entries, *entry.value.entries), before.place)
            else:
                found[key] = entry.value
    return found


def bundle_id(
    once: Mapping[str, Entry], repeated: Mapping[str, list[tuple[RulesFile, Entry]]]
) -> str:
    """The first 12 hex digits of SHA-256 over the content: no comments, files or order in it."""
    content: dict[str, object] = {key: plain(entry.value) for key, entry in once.items()}
    for key, entries in repeated.items():
        if key in ("language", "mailflow"):
            continue
        pieces: list[str] = []
        for file, entry in entries:
            value = plain(entry.value)
            items = value if isinstance(value, list) else [value]
            if isinstance(value, dict):
                items = [{name: one} for name, one in value.items()]
            pieces.extend(_canonical([file.language, item]) for item in items)
        content[key] = sorted(pieces)
    return hashlib.sha256(_canonical(content).encode()).hexdigest()[:12]


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _sorted(findings: Findings) -> tuple[Mistake, ...]:
    return tuple(
        sorted(dict.fromkeys(findings.mistakes), key=lambda one: (one.file, one.line, one.column))
    )
