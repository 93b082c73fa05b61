"""The files of rules/ on disk: read, compiled, tested, and kept up to date while running."""

from __future__ import annotations

import gc
import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from mailflow.casework.field_reader import FieldReader
from mailflow.casework.sla_policy import SECTIONS, read_sla
from mailflow.core.policy.rules.bundle import empty_bundle
from mailflow.core.policy.rules.compile import compile_bundle
from mailflow.core.policy.rules.inline_tests import run_tests
from mailflow.core.policy.rules.known_names import KnownNames
from mailflow.errors import InvalidFilesError, Mistake
from mailflow.located import Entry, Place, Table
from mailflow.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from mailflow.clock import Clock
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.inline_tests import Outcome
    from mailflow.located import Node

    MoreMistakes = Callable[[Mapping[str, str]], tuple[Mistake, ...]]

# Editors write a file in several steps; what still changes is not looked at.
SETTLE_SECONDS = 2.0


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
    """The bundle and every mistake and warning, those of SLAs too. Raises OSError."""
    return check_texts(read_rule_files(folder), known)


def read_rule_files(folder: Path) -> dict[str, str]:
    """The text of every ``*.yaml`` and ``*.yml`` by the name that mistakes show."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    return {
        f"{folder.name}/{path.name}": path.read_text(encoding="utf-8", errors="replace")
        for path in paths
        if path.is_file() and not path.name.startswith(".")
    }


def check_texts(
    texts: Mapping[str, str], known: KnownNames
) -> tuple[Bundle | None, tuple[Mistake, ...]]:
    """Like compile_texts, with the mistakes in targets, calendars and nudges.

    The same texts are read once a process: a bundle never changes, and reading takes seconds.
    """
    return _check_once(tuple(sorted(texts.items())), known.frozen())


@lru_cache(maxsize=8)
def _check_once(
    texts: tuple[tuple[str, str], ...], known: KnownNames
) -> tuple[Bundle | None, tuple[Mistake, ...]]:
    with _no_collection():
        nodes, unreadable = _parse(dict(texts))
        bundle, mistakes = _compile(nodes, unreadable, known)
        mistakes = _in_order((*mistakes, *_sla_mistakes(nodes)))
    return (None if _has_error(mistakes) else bundle), mistakes


@contextmanager
def _no_collection() -> Iterator[None]:
    """Reading makes a million things that stay: to look among them for rubbish takes a tenth of
    the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def compile_texts(
    texts: Mapping[str, str], known: KnownNames
) -> tuple[Bundle | None, tuple[Mistake, ...]]:
    """Like compile_bundle, from the text of the files (of a folder, or kept in the store)."""
    nodes, unreadable = _parse(texts)
    bundle, mistakes = _compile(nodes, unreadable, known)
    return (None if _has_error(mistakes) else bundle), mistakes


def _parse(texts: Mapping[str, str]) -> tuple[dict[str, Node], tuple[Mistake, ...]]:
    mistakes: list[Mistake] = []
    nodes: dict[str, Node] = {}
    for name, text in texts.items():
        if name.endswith(".yml"):
            message = f"rename it to {name.removesuffix('.yml')}.yaml: only .yaml files are read"
            mistakes.append(Mistake(name, 0, 0, "yml", message))
            continue
        unknown = _find_unknown_letter(text, name)
        if unknown is not None:
            mistakes.append(unknown)
            continue
        node, found = read_yaml(text, name)
        mistakes.extend(found)
        if node is not None:
            nodes[name] = node
    return nodes, tuple(mistakes)


def _find_unknown_letter(text: str, name: str) -> Mistake | None:
    """Where the file was no UTF-8: a phrase with such a letter would never be found."""
    before, found, _ = text.partition("\N{REPLACEMENT CHARACTER}")
    if not found:
        return None
    line = before.count("\n")
    source = text.split("\n")[line].rstrip("\r")
    place = Place(name, line + 1, len(before) - (before.rfind("\n") + 1) + 1, source)
    message = "this letter cannot be read: save the file in the encoding UTF-8"
    return place.mistake("encoding", message)


def _compile(
    nodes: Mapping[str, Node], unreadable: tuple[Mistake, ...], known: KnownNames
) -> tuple[Bundle | None, tuple[Mistake, ...]]:
    bundle, more = compile_bundle(nodes, known)
    if {mistake.file for mistake in unreadable} - nodes.keys():
        # What stands in a file that could not be read cannot be missed elsewhere as well.
        more = tuple(one for one in more if one.code not in _FOLLOW_ONLY)
    return bundle, _in_order((*unreadable, *more))


def _sla_mistakes(nodes: Mapping[str, Node]) -> tuple[Mistake, ...]:
    sections: dict[str, list[Entry]] = {name: [] for name in SECTIONS}
    for node in nodes.values():
        for entry in node if isinstance(node, Table) else ():
            if entry.key in sections:
                sections[entry.key].append(entry)
    reader = FieldReader()
    if any(sections.values()):
        read_sla(reader, sections)
    return tuple(reader.mistakes)


def _in_order(mistakes: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    """Sorted by place; two readers that stumble over one place say it once."""
    by_place: dict[tuple[str, int, int, str], Mistake] = {}
    for mistake in mistakes:
        key = (mistake.file, mistake.line, mistake.column, mistake.code)
        by_place.setdefault(key, mistake)
    return tuple(sorted(by_place.values(), key=lambda one: (one.file, one.line, one.column)))


def _has_error(mistakes: tuple[Mistake, ...]) -> bool:
    return any(mistake.severity == "error" for mistake in mistakes)


_FOLLOW_ONLY = frozenset(
    {"no-categories", "category-unset", "no-test", "no-near-miss"}
    | {f"unknown-{what}" for what in ("category", "flag", "list", "SLA", "sla", "calendar")}
)


@dataclass(frozen=True)
class Activated:
    """A new bundle is in force; ``texts`` are its files, to be kept in the store."""

    bundle: Bundle
    texts: Mapping[str, str]
    warnings: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class Refused:
    """The files changed and are no good: the bundle in force stays. Said once a change."""

    mistakes: tuple[Mistake, ...]
    failures: tuple[Outcome, ...] = ()


@dataclass(frozen=True)
class Unchanged:
    """Nothing to say: same content, an edit still going on, or a change judged before."""


RulesNews = Activated | Refused | Unchanged


@dataclass
class LiveRules:
    """The last good bundle, and the watch over the files it came from.

    ``known_names`` is asked at each change, because staff and templates change too; ``also``
    finds what else is wrong in files that are good so far.
    """

    folder: Path
    known_names: Callable[[], KnownNames]
    clock: Clock
    bundle: Bundle
    is_current: bool = True
    also: MoreMistakes | None = field(default=None, repr=False)
    _judged: str = field(default="", repr=False)
    _seen: str = field(default="", repr=False)
    _seen_at: float = field(default=0.0, repr=False)

    @property
    def is_settling(self) -> bool:
        """Whether a change was seen that has not been judged yet: look again soon."""
        return self._seen not in ("", self._judged)

    def judge_again(self) -> None:
        """What the rules refer to has changed: the same files may be good or bad now."""
        self._judged = self._seen = ""

    def refresh(self) -> RulesNews:
        """Look at the files; load, test and swap in what has settled. For a thread of its own."""
        found = _look_at(self.folder)
        digest = found.reason if isinstance(found, _Unreadable) else _digest(found)
        if digest == self._judged:
            self._seen = digest
            return Unchanged()
        if digest != self._seen:
            self._seen, self._seen_at = digest, self.clock.monotonic()
            return Unchanged()
        if self.clock.monotonic() - self._seen_at < SETTLE_SECONDS:
            return Unchanged()
        return self._judge(found, digest)

    def _judge(self, found: Mapping[str, str] | _Unreadable, digest: str) -> RulesNews:
        self._judged = digest
        news = (
            found.refused(self.folder)
            if isinstance(found, _Unreadable)
            else judge_texts(found, self.known_names(), also=self.also)
        )
        self.is_current = isinstance(news, Activated)
        if isinstance(news, Activated):
            if news.bundle.id == self.bundle.id:
                return Unchanged()  # comments and order say nothing new
            self.bundle = news.bundle
        return news


@dataclass(frozen=True)
class _Unreadable:
    """The folder or a file in it is not there, or not for us to read: perhaps only just now."""

    reason: str

    def refused(self, folder: Path) -> Refused:
        message = f"the folder cannot be read: {self.reason}"
        return Refused((Mistake(folder.name, 0, 0, "unreadable", message),))


def _look_at(folder: Path) -> Mapping[str, str] | _Unreadable:
    try:
        return read_rule_files(folder)
    except OSError as error:
        return _Unreadable(error.strerror or "unknown reason")


def judge_folder(
    folder: Path, known: KnownNames, *, also: MoreMistakes | None = None
) -> Activated | Refused:
    """Like judge_texts, of the files as they are now; the inline tests are not run."""
    found = _look_at(folder)
    if isinstance(found, _Unreadable):
        return found.refused(folder)
    return judge_texts(found, known, also=also, is_tested=True)


def judge_texts(
    texts: Mapping[str, str],
    known: KnownNames,
    *,
    also: MoreMistakes | None = None,
    is_tested: bool = False,
) -> Activated | Refused:
    """Whether these files may be in force: no error, and every inline test passes."""
    bundle, mistakes = check_texts(texts, known)
    more = also(texts) if also is not None and bundle is not None else ()
    if bundle is None or more:
        return Refused(_in_order((*mistakes, *more)))
    outcomes = () if is_tested else run_tests(bundle)
    failures = tuple(outcome for outcome in outcomes if not outcome.is_passed)
    return Refused(mistakes, failures) if failures else Activated(bundle, texts, mistakes)


def start_rules(
    folder: Path,
    known_names: Callable[[], KnownNames],
    clock: Clock,
    *,
    last_good: Mapping[str, str] | None,
    triage_team: str,
    also: MoreMistakes | None = None,
) -> tuple[LiveRules, Activated | Refused]:
    """What is in force at start: the folder's files, else those last stored, else triage for all.

    Never without rules: the second value says whether the folder's own are in force.
    """
    found = _look_at(folder)
    news: Activated | Refused
    if isinstance(found, _Unreadable):
        digest, news = found.reason, found.refused(folder)
    else:
        # The tests of what was in force last have passed already.
        digest = _digest(found)
        news = judge_texts(found, known_names(), also=also, is_tested=found == last_good)
    if isinstance(news, Activated):
        bundle = news.bundle
    else:
        # Teams may have been renamed since; a stored bundle is judged by its own words only.
        stored = compile_texts(last_good, KnownNames())[0] if last_good else None
        bundle = stored or empty_bundle(team=triage_team)
    is_current = isinstance(news, Activated)
    live = LiveRules(folder, known_names, clock, bundle, is_current, also, digest)
    return live, news


def _digest(texts: Mapping[str, str]) -> str:
    content = hashlib.sha256()
    for name, text in sorted(texts.items()):
        for part in (name, text):
            octets = part.encode("utf-8", "surrogatepass")
            content.update(len(octets).to_bytes(8, "big") + octets)
    return content.hexdigest()
