"""`mailflow check`, first part: everything that people write into config/, rules/, templates/."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mailflow.casework.directory_file import read_directory
from mailflow.casework.sla_policy import load_sla
from mailflow.casework.staff_files import read_staff
from mailflow.cli.rules_home import look_at_rules
from mailflow.core.case.people import Staff, normal_address
from mailflow.core.case.template_check import find_template_mistakes
from mailflow.core.finding import Finding, Severity, error, good, warning
from mailflow.core.policy.rules.bundle import Bundle
from mailflow.core.policy.sla_findings import check_sla
from mailflow.delivery.template_files import read_templates
from mailflow.errors import InvalidFilesError, Mistake
from mailflow.located import unknown_name
from mailflow.settings import Settings
from mailflow.settings.load import read_settings
from mailflow.settings.values import secrets_in

_REPEATS = 2


@dataclass
class FileCheck:
    """``settings`` is None when mailflow.yaml itself is no good."""

    settings: Settings | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        """Whether the question after servers and people can be asked at all."""
        areas = ("config", "staff", "directory", "rules", "clocks", "templates")
        return not any(
            one.severity is Severity.ERROR and one.area in areas and one.code != "secret"
            for one in self.findings
        )

    def note(self, area: str, what: str, mistakes: Sequence[Mistake]) -> None:
        """Every mistake as a finding; none at all is a finding too."""
        found = list(_as_findings(area, mistakes))
        self.findings += found or [good(area, "sound", f"{what} is sound")]


def check_files(home: Path, *, today: date) -> FileCheck:
    check = FileCheck()
    check.settings, mistakes = read_settings(home, environ=os.environ)
    check.note("config", "mailflow.yaml", mistakes)
    staff, mistakes = read_staff(home / "config" / "staff.yaml")
    check.note("staff", "staff.yaml", mistakes)
    check.note(
        "directory", "directory.csv", read_directory(home / "config" / "directory.csv").mistakes
    )
    bundle = _check_rules(check, home)
    _check_clocks(check, home, staff, today=today)
    _check_templates(check, home)
    if check.settings is not None:
        check.findings += _check_secrets(check.settings)
        if staff is not None:
            check.findings += _check_people(check.settings, staff)
        if bundle is not None:
            check.findings += _check_default_categories(check.settings, bundle)
    return check


def _as_findings(area: str, mistakes: Sequence[Mistake]) -> Iterator[Finding]:
    """One a mistake; doubts about a whole file that only repeat themselves are told once."""
    repeated = Counter((one.file, one.code) for one in mistakes if not one.line)
    told: set[tuple[str, str]] = set()
    for mistake in mistakes:
        kind = (mistake.file, mistake.code)
        more = ""
        if mistake.severity == "warning" and repeated[kind] > _REPEATS:
            if kind in told:
                continue
            told.add(kind)
            more = f" (and {repeated[kind] - 1} more like it)"
        place = f"{mistake.file}:{mistake.line}:{mistake.column}" if mistake.line else mistake.file
        message = f"{place}: {mistake.message}{more}"
        yield Finding(area, mistake.code, Severity(mistake.severity), message)


def _check_rules(check: FileCheck, home: Path) -> Bundle | None:
    folder = home / "rules"
    if not folder.is_dir():
        message = f"{folder}: there is no such folder"
        check.findings.append(
            error(
                "rules",
                "missing-file",
                message,
                mend="run `mailflow init` in another folder and copy its rules/",
            )
        )
        return None
    bundle, mistakes = look_at_rules(home, folder)
    doubtful = sum(mistake.severity == "warning" for mistake in mistakes)
    check.note("rules", "rules/", [m for m in mistakes if m.severity == "error"])
    if doubtful:
        message = f"{doubtful} warnings about rules"
        mend = "look at `mailflow rules check`"
        check.findings.append(warning("rules", "warnings", message, mend=mend))
    return bundle


def _check_clocks(check: FileCheck, home: Path, staff: Staff | None, *, today: date) -> None:
    try:
        policy = load_sla(home / "rules")
    except InvalidFilesError as trouble:
        check.note("clocks", "", trouble.mistakes)
        return
    if staff is not None:
        check.note("clocks", "what is promised", check_sla(policy, staff, today))


def _check_templates(check: FileCheck, home: Path) -> None:
    templates, unreadable = read_templates(home)
    found = (*unreadable, *find_template_mistakes(templates))
    check.note("templates", "every mail", found)


def _check_secrets(settings: Settings) -> Iterator[Finding]:
    for key, secret in secrets_in(settings):
        problem = secret.problem()
        if problem is not None:
            mend = "set it where mailflow runs; never write it into the file"
            yield error("config", "secret", f"{key}: {problem}", mend=mend)


def _check_people(settings: Settings, staff: Staff) -> Iterator[Finding]:
    """A staff member with a mailbox's address would be mailed about cases there: a loop."""
    aliases = {normal_address(mailbox.address): mailbox.name for mailbox in settings.mailboxes}
    addresses = [address for member in staff.people for address in member.addresses]
    for address in (*addresses, staff.independent_contact):
        if address in aliases:
            message = f"{address} is a person in staff.yaml and the address of a mailbox"
            mend = "give the person an address that mailflow does not read"
            yield error("staff", "mailbox-address", message, mend=mend)


def _check_default_categories(settings: Settings, bundle: Bundle) -> Iterator[Finding]:
    for mailbox in settings.mailboxes:
        wanted = mailbox.default_category
        if wanted is not None and wanted not in bundle.categories:
            named = unknown_name(wanted, bundle.categories, what="category")
            message = f"mailbox {mailbox.name}: default_category: {named}"
            mend = "correct default_category in mailflow.yaml"
            yield error("config", "unknown-category", message, mend=mend)
