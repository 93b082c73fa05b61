"""Reads who works here: config/staff.yaml; the directory's reader is re-exported beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.casework.directory_file import load_directory, read_directory
from mailflow.casework.directory_import import (
    DirectoryChanges,
    TooManyRemovalsError,
    import_directory,
)
from mailflow.casework.staff_checks import (
    check_fallback_owner,
    check_independent_contact,
    check_left,
    check_membership,
    check_people,
    check_rules_admins,
    check_team,
    index_members,
)
from mailflow.casework.staff_entries import (
    FILE_KEYS,
    Fields,
    LeaverEntry,
    PersonEntry,
    TeamEntry,
    read_leaver,
    read_person,
    read_team,
)
from mailflow.core.case.people import Staff
from mailflow.errors import InvalidFilesError, Mistake
from mailflow.located import Entry, Leaf, Node, Series, Table
from mailflow.yaml_reader import read_yaml

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "DirectoryChanges",
    "TooManyRemovalsError",
    "import_directory",
    "load_directory",
    "load_staff",
    "read_directory",
    "read_staff",
]


def load_staff(path: Path) -> Staff:
    """The staff of ``path``. Raises InvalidFilesError with every mistake; warnings are let pass."""
    staff, mistakes = read_staff(path)
    errors = tuple(mistake for mistake in mistakes if mistake.severity == "error")
    if errors or staff is None:
        raise InvalidFilesError(errors)
    return staff


def read_staff(path: Path) -> tuple[Staff | None, tuple[Mistake, ...]]:
    """The staff, None when there are errors, and every error and warning in the file's order."""
    table, mistakes = _read_table(path)
    if table is None:
        return None, mistakes
    fields = Fields(table, "staff.yaml")
    fields.refuse_unknown(FILE_KEYS)
    found = fields.mistakes
    people = _read_people(_required(fields, "people"), found)
    left = _read_left(table.get("left"), found)
    teams = _read_teams(_required(fields, "teams"), found)
    owner = fields.required_address("fallback_owner")
    contact = fields.required_address("independent_contact")
    admins = fields.addresses("rules_admins")
    auditor = fields.address("auditor")
    members = index_members(people)
    team_names = [entry.key for entry in _entries(table.get("teams"))]
    found += check_people(people, team_names)
    for team in teams:
        found += check_team(team, members)
    found += check_left(left, members, contact=contact)
    found += check_rules_admins(admins, members)
    found += check_fallback_owner(owner, members) if owner else ()
    found += check_independent_contact(contact, members) if contact else ()
    found += check_membership(people, teams)
    every = tuple(sorted({*mistakes, *found}, key=lambda m: (m.line, m.column)))
    if owner is None or contact is None or any(m.severity == "error" for m in every):
        return None, every
    staff = Staff(
        people=tuple(person.member for person in people),
        teams={entry.team.name: entry.team for entry in teams},
        fallback_owner=owner.text,
        independent_contact=contact.text,
        rules_admins=tuple(admin.text for admin in admins),
        auditor=auditor.text if auditor else None,
        left={one.email.text: members[one.handover_to.text].email for one in left},
    )
    return staff, every


def _read_table(path: Path) -> tuple[Table | None, tuple[Mistake, ...]]:
    file = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None, (Mistake(file, 0, 0, "missing-file", "this file is not there"),)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        return None, (Mistake(file, 0, 0, "unreadable", f"cannot be read: {reason}"),)
    node, mistakes = read_yaml(text, file)
    if isinstance(node, Table):
        return node, mistakes
    shape = 'the file must consist of lines "key: value", with people: and teams:'
    return None, mistakes or (Mistake(file, 1, 1, "shape", shape),)


def _required(fields: Fields, key: str) -> Node | None:
    node = fields.table.get(key)
    if node is None or not (isinstance(node, Table | Series) and len(_parts(node))):
        message = f"{fields.what} has no {key}: add one at least"
        place = node.place if node else fields.table.place
        fields.mistakes.append(place.mistake("missing", message))
    return node


def _parts(node: Table | Series) -> tuple[Entry, ...] | tuple[Node, ...]:
    return node.entries if isinstance(node, Table) else node.items


def _read_people(node: Node | None, mistakes: list[Mistake]) -> list[PersonEntry]:
    if isinstance(node, Table):
        mistakes.append(node.place.mistake("value", "people must be a list: start each with -"))
    people = []
    for item in node if isinstance(node, Series) else ():
        person, wrong = read_person(item)
        mistakes += wrong
        people += [person] if person else []
    return people


def _read_left(node: Node | None, mistakes: list[Mistake]) -> list[LeaverEntry]:
    if node is None or (isinstance(node, Leaf) and node.value is None):
        return []
    if not isinstance(node, Series):
        message = "left must be a list: - {email: …, handover_to: …}"
        mistakes.append(node.place.mistake("value", message))
        return []
    left = []
    for item in node:
        leaver, wrong = read_leaver(item)
        mistakes += wrong
        left += [leaver] if leaver else []
    return left


def _read_teams(node: Node | None, mistakes: list[Mistake]) -> list[TeamEntry]:
    if isinstance(node, Series):
        message = "teams must be a mapping: NAME: {lead: …, members: […]}"
        mistakes.append(node.place.mistake("value", message))
    teams = []
    for entry in _entries(node):
        team, wrong = read_team(entry.key, entry.value)
        mistakes += wrong
        teams += [team] if team else []
    return teams


def _entries(node: Node | None) -> tuple[Entry, ...]:
    return node.entries if isinstance(node, Table) else ()
