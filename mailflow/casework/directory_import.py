"""Replaces config/directory.csv with a checked export of the HRIS, and says what changed."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mailflow.casework.directory_columns import FIELDS
from mailflow.casework.directory_file import read_directory
from mailflow.core.case.people import Directory, Employee
from mailflow.errors import InvalidFilesError, MailflowError, Mistake

_OWNER_ONLY = 0o600
# A starter's directory of one or two people may be replaced without a question.
_FEWEST_GUARDED = 5


class TooManyRemovalsError(MailflowError):
    """More than half of the people would vanish: ask a person, then accept the removals."""


@dataclass(frozen=True)
class DirectoryChanges:
    """First addresses of people. ``left`` are no longer listed, or no longer active."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    left: tuple[str, ...]
    unchanged_count: int
    ignored_columns: tuple[str, ...] = ()
    warnings: tuple[Mistake, ...] = ()


def import_directory(
    source: Path, target: Path, *, accept_removals: bool = False
) -> DirectoryChanges:
    """Check ``source`` and put it in the place of ``target`` in one step.

    The new file has the documented columns only: what else an HRIS exports (pay, birthdays) is
    not kept. Raises InvalidFilesError when the source has mistakes and TooManyRemovalsError when
    more than half of five people or more would vanish; the target is then untouched.
    """
    reading = read_directory(source)
    if reading.errors:
        raise InvalidFilesError(reading.errors)
    if not reading.directory.employees:
        message = "nobody is in this file: it has column names only"
        raise InvalidFilesError((Mistake(str(source), 0, 0, "empty", message),))
    known = read_directory(target).directory if target.exists() else Directory()
    gone = [person for person in known.employees if reading.directory.find(person.email) is None]
    if _is_suspicious(len(gone), len(known.employees)) and not accept_removals:
        raise TooManyRemovalsError(
            f"{len(gone)} of {len(known.employees)} people are not in {source}; is it the whole "
            "export? If it is, say so with --accept-removals"
        )
    _replace_file(target, _as_csv(reading.directory))
    warnings = tuple(m for m in reading.mistakes if m.severity == "warning")
    return _compare(known, reading.directory, gone, reading.ignored_columns, warnings)


def _is_suspicious(gone: int, known: int) -> bool:
    return known >= _FEWEST_GUARDED and gone * 2 > known


def _compare(
    known: Directory,
    new: Directory,
    gone: list[Employee],
    ignored_columns: tuple[str, ...],
    warnings: tuple[Mistake, ...],
) -> DirectoryChanges:
    added, changed, left = [], [], [person.email for person in gone]
    for person in new.employees:
        before = known.find(person.email)
        if before is None:
            added.append(person.email)
        elif before.status != "left" and person.status == "left":
            left.append(person.email)
        elif before != person:
            changed.append(person.email)
    touched = len(added) + len(changed) + len(left) - len(gone)
    return DirectoryChanges(
        added=tuple(added),
        changed=tuple(changed),
        left=tuple(left),
        unchanged_count=len(new.employees) - touched,
        ignored_columns=ignored_columns,
        warnings=warnings,
    )


def _as_csv(directory: Directory) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    for person in directory.employees:
        writer.writerow([_as_cell(getattr(person, name)) for name in FIELDS])
    return text.getvalue()


def _as_cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else str(value)


def _replace_file(target: Path, text: str) -> None:
    """The new text under the old name, whole or not at all; readable by its owner only."""
    target = target.resolve()
    mode = target.stat().st_mode & 0o777 if target.exists() else _OWNER_ONLY
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
