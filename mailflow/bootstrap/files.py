"""Every file that a process starts from, all of them read before one is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from mailflow.casework.live_house import judge_rules
from mailflow.casework.people_files import People
from mailflow.casework.rules_bundle import Refused
from mailflow.casework.staff_files import load_directory, load_staff
from mailflow.core.case.template_check import find_template_mistakes
from mailflow.delivery.template_files import read_templates
from mailflow.errors import InvalidFilesError, Mistake
from mailflow.intake.key_lookup import DnsResolver, read_zone
from mailflow.settings.load import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mailflow.core.case.people import Directory, Staff
    from mailflow.core.mail.templates import TemplateSet
    from mailflow.intake.key_lookup import TxtResolver
    from mailflow.settings import Settings

Value = TypeVar("Value")


@dataclass(frozen=True)
class Files:
    """What the files of an instance say. Rules are not here: a process goes on without them."""

    settings: Settings
    people: People
    templates: TemplateSet
    resolver: TxtResolver


def read_files(home: Path, *, environ: Mapping[str, str]) -> Files:
    """Raises InvalidFilesError with every mistake of every file, those of rules/ too.

    Bad rules alone refuse nothing. A folder without config/mailflow.yaml is no instance, and
    nothing else in it is looked at.
    """
    mistakes: list[Mistake] = []
    settings, found = read_settings(home, environ=environ)
    if settings is None:
        mistakes += (mistake for mistake in found if mistake.severity == "error")
        if any(mistake.code == "missing-file" for mistake in mistakes):
            raise InvalidFilesError(tuple(mistakes))
    staff, directory = _gather_people(home, mistakes)
    templates, unreadable = read_templates(home)
    resolver = _gather(mistakes, lambda: key_resolver(settings)) if settings else None
    mistakes += (*unreadable, *templates.mistakes)
    if mistakes or not (settings and staff and directory is not None and resolver):
        mistakes += (*find_template_mistakes(templates), *_find_rule_mistakes(home, staff))
        raise InvalidFilesError(tuple(dict.fromkeys(mistakes)))
    return Files(settings, People(staff, directory), templates, resolver)


def read_people(home: Path) -> People:
    """Staff and directory out of config/. Raises InvalidFilesError with all mistakes."""
    mistakes: list[Mistake] = []
    staff, directory = _gather_people(home, mistakes)
    if staff is None or directory is None:
        raise InvalidFilesError(tuple(dict.fromkeys(mistakes)))
    return People(staff, directory)


def key_resolver(settings: Settings) -> TxtResolver:
    """Raises InvalidFilesError, also for a zone file that cannot be read or is no text."""
    dns = settings.sender_authentication.dns
    if dns is None:
        return DnsResolver()
    if dns.file is not None:
        return read_zone(_read_zone_text(dns.file), str(dns.file))
    return DnsResolver(dns.server)


def _read_zone_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        words = (
            f"cannot be read: {error.strerror}; mend sender_authentication.dns.file in "
            "config/mailflow.yaml, or take it out to ask the DNS"
        )
        mistake = Mistake(str(file), 0, 0, "zone-file", words)
        raise InvalidFilesError((mistake,)) from error
    except UnicodeDecodeError as error:
        words = "is no text in UTF-8: save the zone file as plain text (UTF-8)"
        mistake = Mistake(str(file), 0, 0, "zone-file", words)
        raise InvalidFilesError((mistake,)) from error


def _gather_people(home: Path, mistakes: list[Mistake]) -> tuple[Staff | None, Directory | None]:
    config = home / "config"
    staff = _gather(mistakes, lambda: load_staff(config / "staff.yaml"))
    return staff, _gather(mistakes, lambda: load_directory(config / "directory.csv"))


def _gather(mistakes: list[Mistake], read: Callable[[], Value]) -> Value | None:
    """What was read, or None with its mistakes added: all files are read before any is refused."""
    try:
        return read()
    except InvalidFilesError as error:
        mistakes += error.mistakes
    except OSError as error:
        words = f"cannot be read: {error.strerror}; `mailflow init` writes a first one"
        mistakes.append(Mistake(str(error.filename), 0, 0, "missing-file", words))
    return None


def _find_rule_mistakes(home: Path, staff: Staff | None) -> tuple[Mistake, ...]:
    judged = judge_rules(home / "rules", staff)
    if not isinstance(judged, Refused):
        return ()
    return tuple(mistake for mistake in judged.mistakes if mistake.severity == "error")
