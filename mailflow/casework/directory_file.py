"""Reads config/directory.csv, or an HRIS's export of the same: every mistake with its line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.casework.directory_columns import Columns, match_columns
from mailflow.casework.directory_rows import Cells, read_employee
from mailflow.core.case.people import Directory, Employee, normal_address
from mailflow.errors import InvalidFilesError, Mistake
from mailflow.located import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LARGEST_FILE_BYTES = 256 * 1024 * 1024
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class DirectoryReading:
    """What a file says. ``ignored_columns`` are headings that mean nothing here."""

    directory: Directory
    mistakes: tuple[Mistake, ...]
    ignored_columns: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Mistake, ...]:
        return tuple(mistake for mistake in self.mistakes if mistake.severity == "error")


def load_directory(path: Path) -> Directory:
    """The employees of ``path``. Raises InvalidFilesError with every mistake at once."""
    reading = read_directory(path)
    if reading.errors:
        raise InvalidFilesError(reading.errors)
    return reading.directory


def read_directory(path: Path) -> DirectoryReading:
    """The employees that could be read, and every error and warning in the file's order."""
    file = str(path)
    text = _read_text(path)
    if isinstance(text, Mistake):
        return DirectoryReading(Directory(), (text,))
    text = _without_hint(text)
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    rows = _read_rows(text, file, separator, lines)
    header = next(rows, None)
    if isinstance(header, Mistake) or header is None:
        empty = Mistake(file, 0, 0, "empty", "the file has no line with column names")
        return DirectoryReading(Directory(), (header or empty,))
    columns = match_columns(list(header.values))
    mistakes = list(_check_header(header, columns))
    if mistakes:
        return DirectoryReading(Directory(), tuple(mistakes), columns.ignored)
    found = [_read_row(row, header, columns, mistakes) for row in rows]
    employees = [(employee, cells) for employee, cells in found if employee and cells]
    settled = tuple(_settle_managers(employees, mistakes))
    mistakes += _find_shared_addresses(employees)
    every = tuple(sorted(mistakes, key=lambda mistake: (mistake.line, mistake.column)))
    return DirectoryReading(Directory(settled), every, columns.ignored)


def _read_text(path: Path) -> str | Mistake:
    file = str(path)
    try:
        if path.stat().st_size > _LARGEST_FILE_BYTES:
            return Mistake(file, 0, 0, "too-large", "a directory may have 256 MiB at most")
        data = path.read_bytes()
    except FileNotFoundError:
        return Mistake(file, 0, 0, "missing-file", "this file is not there")
    except OSError as error:
        return Mistake(file, 0, 0, "unreadable", f"cannot be read: {error.strerror}")
    if data.startswith((_WORKBOOK, _OLD_WORKBOOK)):
        message = 'this is an Excel workbook: open it and save it as "CSV UTF-8"'
        return Mistake(file, 0, 0, "workbook", message)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = 'this is not UTF-8: save it again as "CSV UTF-8"'
        return Mistake(file, line, 1, "encoding", message)


def _without_hint(text: str) -> str:
    """Excel's own first line ``sep=;`` is emptied, so that lines keep their numbers."""
    first, end, rest = text.partition("\n")
    return f"{end}{rest}" if first.strip().lower().startswith("sep=") else text


def _read_rows(text: str, file: str, separator: str, lines: list[str]) -> Iterator[Cells | Mistake]:
    """Every row that holds something; the first mistake in quoting ends the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            place = Place(file, before + 1, 1)
            yield place.mistake("quotes", f"the quotes of this row do not match up: {error}")
            return
        line, before = before + 1, reader.line_num
        if any(value.strip() for value in values):
            source = lines[line - 1].rstrip("\r")
            yield Cells(tuple(value.strip() for value in values), Place(file, line, 1, source))


def _check_header(header: Cells, columns: Columns) -> Iterator[Mistake]:
    for position, heading, meant in columns.slips:
        message = f'unknown column "{heading}", did you mean "{meant}"?'
        yield header.place_of(position).mistake("unknown-column", message, width=len(heading))
    meant_already = {meant for _, _, meant in columns.slips}
    for name in columns.missing():
        if name not in meant_already:
            yield header.place.mistake("missing", f'there is no column "{name}"')


def _read_row(
    row: Cells | Mistake, header: Cells, columns: Columns, mistakes: list[Mistake]
) -> tuple[Employee | None, Cells | None]:
    if isinstance(row, Mistake):
        mistakes.append(row)
        return None, None
    if len(row.values) != len(header.values):
        message = f"this row has {len(row.values)} fields, the first line {len(header.values)}"
        mistakes.append(row.place.mistake("fields", message))
        return None, None
    cells = replace(row, positions=columns.positions)
    employee, wrong = read_employee(cells)
    mistakes += wrong
    return employee, cells


def _settle_managers(
    rows: list[tuple[Employee, Cells]], mistakes: list[Mistake]
) -> Iterator[Employee]:
    """Every manager as the first address of an employee; a manager given by name is looked up.

    A manager who is not in the file is a warning: exports leave out boards and former staff.
    """
    by_address = {a: employee.email for employee, _ in rows for a in employee.addresses}
    counted = Counter(employee.name.casefold() for employee, _ in rows)
    by_name = {employee.name.casefold(): employee.email for employee, _ in rows}
    for employee, cells in rows:
        wanted = employee.manager
        if wanted is None:
            yield employee
            continue
        name = wanted.casefold()
        found = by_address.get(normal_address(wanted)) or (
            by_name.get(name) if counted[name] == 1 else None
        )
        if found is None:
            mistakes.append(_no_manager(wanted, cells, namesakes=counted[name]))
            kept = normal_address(wanted) if "@" in wanted else None
            yield replace(employee, manager=kept)
            continue
        yield replace(employee, manager=None if found == employee.email else found)


def _no_manager(wanted: str, cells: Cells, *, namesakes: int) -> Mistake:
    place = cells.place_of_field("manager")
    if namesakes > 1:
        message = f'{namesakes} people are called "{wanted}": give the manager\'s address instead'
        return place.mistake("manager", message, width=len(wanted))
    message = f'the manager "{wanted}" is not in this file; the chain of managers ends here'
    return place.mistake("manager", message, width=len(wanted), severity="warning")


def _find_shared_addresses(rows: list[tuple[Employee, Cells]]) -> Iterator[Mistake]:
    first: dict[str, int] = {}
    for employee, cells in rows:
        for address in employee.addresses:
            line = first.setdefault(address, cells.place.line)
            if line != cells.place.line:
                message = f"{address} stands here twice (first in line {line})"
                yield cells.place_of_text(address).mistake("twice", message, width=len(address))
