"""The house rules of a running process: always the last good ones, whatever the files say."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from mailflow.casework.people_files import People, PeopleRefused
from mailflow.casework.rules_bundle import (
    Activated,
    Refused,
    Unchanged,
    judge_folder,
    read_rule_files,
    start_rules,
)
from mailflow.casework.sla_policy import load_sla, sla_of_texts
from mailflow.core.policy.rules.known_names import KnownNames
from mailflow.errors import InvalidFilesError
from mailflow.shipped_files import shipped_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mailflow.casework.people_files import PeopleFiles
    from mailflow.casework.rules_bundle import LiveRules
    from mailflow.clock import Clock
    from mailflow.core.case.people import Staff
    from mailflow.core.policy.house import House
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.sla import SlaPolicy
    from mailflow.errors import Mistake

    Compose = Callable[[People, Bundle, SlaPolicy], House]

_TRIAGE_TEAM = "hr-triage"


@dataclass(frozen=True)
class Recovered:
    """Files that were refused say again what is in force."""

    bundle: Bundle


HouseNews = Activated | Refused | Recovered | PeopleRefused


class LiveHouse:
    """Calling it gives the house of this moment. Looking for changes belongs into a thread of
    its own: judging new rules takes seconds, and the old ones go on working meanwhile.
    """

    def __init__(
        self,
        rules: LiveRules,
        *,
        people: People,
        files: PeopleFiles,
        sla: SlaPolicy,
        compose: Compose,
        is_current: Callable[[House], bool],
    ) -> None:
        self._rules = rules
        self._people = people
        self._files = files
        self._sla = sla
        self._compose = compose
        self._is_house_current = is_current
        self._lock = Lock()
        self._house = compose(people, rules.bundle, sla)

    def __call__(self) -> House:
        return self._house

    @property
    def is_current(self) -> bool:
        """Whether the files as they are now are in force."""
        return self._rules.is_current

    @property
    def is_settling(self) -> bool:
        return self._rules.is_settling or self._files.is_settling

    def known_names(self) -> KnownNames:
        return self._rules.known_names()

    def refresh(self) -> tuple[HouseNews, ...]:
        """Look at all files; what is good and has settled is in force when this returns."""
        with self._lock:
            return tuple(self._look())

    def _look(self) -> list[HouseNews]:
        news: list[HouseNews] = []
        found = self._files.refresh()
        if isinstance(found, PeopleRefused):
            news.append(found)
        elif found is not None:
            self._people = found
            self._rules.known_names = names_of(found.staff, templates=_templates_of(self._rules))
            self._rules.judge_again()
            self._swap()
        was_current = self._rules.is_current
        said = self._rules.refresh()
        if isinstance(said, Activated):
            self._sla = sla_of_texts(said.texts)
            self._swap()
        if isinstance(said, Unchanged):
            if self._rules.is_current and not was_current:
                news.append(Recovered(self._rules.bundle))
        else:
            news.append(said)
        if not self._is_house_current(self._house):
            self._swap()
        return news

    def _swap(self) -> None:
        self._house = self._compose(self._people, self._rules.bundle, self._sla)


def open_house(
    rules_folder: Path,
    *,
    people: People,
    files: PeopleFiles,
    clock: Clock,
    stored: Mapping[str, str] | None,
    compose: Compose,
    is_current: Callable[[House], bool],
) -> tuple[LiveHouse, Activated | Refused]:
    """The house as the files say; where they are bad, as the last good rules in ``stored`` say;
    without any, everything goes to triage. The second value says what became of the files.

    ``is_current`` asks whether what a house took from elsewhere than the files still holds.
    """
    templates = _template_names(rules_folder.parent / "templates")
    rules, first = start_rules(
        rules_folder,
        names_of(people.staff, templates=templates),
        clock,
        last_good=stored,
        triage_team=_triage_team(people.staff),
        also=_sla_mistakes,
    )
    sla = _sla_at_start(rules_folder, first, stored)
    live = LiveHouse(
        rules, people=people, files=files, sla=sla, compose=compose, is_current=is_current
    )
    return live, first


def judge_rules(rules_folder: Path, staff: Staff | None) -> Activated | Refused:
    """The files of a folder as they are, their inline tests left aside.

    Without a staff that can be read, the names of people and teams in them are not judged.
    """
    templates = _template_names(rules_folder.parent / "templates")
    known = names_of(staff, templates=templates)() if staff else KnownNames(templates=templates)
    return judge_folder(rules_folder, known, also=_sla_mistakes)


def names_of(staff: Staff, *, templates: frozenset[str]) -> Callable[[], KnownNames]:
    """The names that rules may refer to: teams, people and mails."""
    people = frozenset(
        (
            *(address for person in staff.people for address in person.addresses),
            staff.fallback_owner.lower(),
            staff.independent_contact.lower(),
        )
    )
    known = KnownNames(teams=frozenset(staff.teams), people=people, templates=templates)
    return lambda: known


def _templates_of(rules: LiveRules) -> frozenset[str]:
    return _template_names(rules.folder.parent / "templates")


def _template_names(own: Path) -> frozenset[str]:
    folders = [folder for folder in (own, shipped_folder("templates")) if folder.is_dir()]
    return frozenset(path.name for folder in folders for path in folder.iterdir() if path.is_dir())


def _triage_team(staff: Staff) -> str:
    owner = staff.member(staff.fallback_owner)
    own = owner.team if owner and owner.team else _TRIAGE_TEAM
    teams = (_TRIAGE_TEAM, own, *staff.teams)
    return next((team for team in teams if team in staff.teams), _TRIAGE_TEAM)


def _sla_mistakes(texts: Mapping[str, str]) -> tuple[Mistake, ...]:
    try:
        sla_of_texts(texts)
    except InvalidFilesError as error:
        return error.mistakes
    return ()


def _sla_at_start(
    folder: Path, first: Activated | Refused, stored: Mapping[str, str] | None
) -> SlaPolicy:
    """Of the rules in force; without any, whatever calendars can be read, else the shipped."""
    if isinstance(first, Activated):
        return sla_of_texts(first.texts)
    if stored:
        with suppress(InvalidFilesError):
            return sla_of_texts(stored)
    with suppress(InvalidFilesError, OSError):
        return sla_of_texts(read_rule_files(folder))
    return load_sla(shipped_folder("rules"))
