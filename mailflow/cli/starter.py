"""The files of a new instance: the shipped ones, with the sample company replaced by the site."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mailflow.casework.staff_files import load_staff
from mailflow.shipped_files import shipped_folder

if TYPE_CHECKING:
    from datetime import date

_ADMIN_NAME = "HR Admin"
_HEADER = (
    "name,email,other_emails,manager,title,department,site,country,locale,timezone,"
    "payroll_group,status,executive\n"
)
_STAFF = """\
# Who works on cases. To begin with, one person is every team, and escalation has nobody to go to:
# `mailflow check` warns of it until there are more. Add people, then give the teams to them.
# roles: triage, handler, investigator, lead, legal, auditor, admin, custodian
# training_until: the last day of the confidentiality training; whoever is past it, or has none,
# owns nothing of high or confidential risk. delegate: stands in while the person is away.

people:
  - name: {name}
    email: {admin}
    roles: [admin, triage, handler, investigator, lead]
    training_until: {trained_until}    # a year to begin with: replace it by the true day
  #- name: Hana Handler
    #email: hana.handler@{domain}
    #other_emails: []
    #roles: [handler]
    #team: hr-ops
    #training_until: {trained_until}
    #delegate: {admin}
    #provider: false           # of another company that works for you
    #assistant_reads: false    # somebody else opens their mailbox: their mails say little

# A category of rules/categories.yaml is handled by a team, and escalates to teams or persons.
# More of a team: members: [ADDRESS, ADDRESS], calendar: NAME (of rules/calendars.yaml),
# handled_by: provider (where another company does the work).
teams:
{teams}
fallback_owner: {admin}         # owns what nobody else can; one of the people
# Ends every escalation. Replace it by somebody outside HR, such as your law firm.
independent_contact: {admin}
rules_admins: [{admin}]         # are told when rules change or break
#auditor: audit@auditor.example    # receives the audit log's anchors
"""


@dataclass(frozen=True)
class Site:
    """What `init` knows of an organisation. Addresses and domain are checked already."""

    organization: str
    domain: str
    address: str
    admin: str
    trained_until: date


def plan_instance(site: Site) -> dict[Path, bytes]:
    """Content by path below the instance's folder."""
    config = shipped_folder("config")
    settings = (config / "mailflow.yaml").read_text(encoding="utf-8")
    teams = tuple(load_staff(config / "staff.yaml").teams)
    return {
        Path("config", "mailflow.yaml"): _fit_settings(settings, site).encode(),
        Path("config", "staff.yaml"): _write_staff(teams, site).encode(),
        Path("config", "directory.csv"): _write_directory(site).encode(),
        **_read_folder("rules"),
        **_read_folder("templates"),
    }


def _fit_settings(text: str, site: Site) -> str:
    """One pass, so that nothing of the site's own is taken for the sample company's."""
    replacements = {
        "hr@acme.example": site.address,
        "acme.example": site.domain,
        "name: Acme": f"name: {json.dumps(site.organization, ensure_ascii=False)}",
    }
    sample = re.compile("|".join(map(re.escape, replacements)))
    return sample.sub(lambda match: replacements[match.group()], text)


def _write_staff(teams: tuple[str, ...], site: Site) -> str:
    lines = "".join(f"  {team}: {{lead: {site.admin}, members: []}}\n" for team in teams)
    return _STAFF.format(
        name=_ADMIN_NAME,
        admin=site.admin,
        domain=site.domain,
        trained_until=site.trained_until.isoformat(),
        teams=lines,
    )


def _write_directory(site: Site) -> str:
    return (
        f"{_HEADER}{_ADMIN_NAME},{site.admin},,,HR Administrator,Human Resources,,,,,,active,no\n"
    )


def _read_folder(name: str) -> dict[Path, bytes]:
    folder = shipped_folder("rules" if name == "rules" else "templates")
    return {
        Path(name, path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
