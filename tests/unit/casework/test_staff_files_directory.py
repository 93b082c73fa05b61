"""The directory as HRIS exports write it, and how a new one takes the place of the old."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from mailflow.casework.staff_files import (
    TooManyRemovalsError,
    import_directory,
    load_directory,
    read_directory,
)
from mailflow.errors import InvalidFilesError

if TYPE_CHECKING:
    from pathlib import Path

HEADER = (
    "name,email,other_emails,manager,title,department,site,country,locale,timezone,"
    "payroll_group,status,executive\n"
)
BRUNO = (
    "Bruno Berger,bruno@acme.example,,,Plant Manager,Production,Leipzig,de,de,"
    "Europe/Berlin,m,active,yes\n"
)
ANA = (
    "Ana Alvarez,Ana.A@acme.example,ana@acme.example; a@acme.example,"
    "bruno@acme.example,,,,,es_ES,,,,\n"
)


def write(tmp_path: Path, text: str | bytes, name: str = "d.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_row_becomes_an_employee(tmp_path: Path) -> None:
    directory = load_directory(write(tmp_path, HEADER + BRUNO + ANA))
    ana, bruno = directory.find("A@acme.example"), directory.find("bruno@acme.example")
    assert ana is not None
    assert ana.addresses == ("ana.a@acme.example", "ana@acme.example", "a@acme.example")
    assert (ana.manager, ana.locale, ana.title) == ("bruno@acme.example", "es-ES", None)
    assert bruno is not None
    assert (bruno.country, bruno.executive, bruno.status) == ("DE", True, "active")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffname,email\nDana Lead,dana@acme.example\n",
        "Email;Name\r\ndana@acme.example;Dana Lead\r\n",
        "Work Email\tFull Name\ndana@acme.example\tDana Lead\n",
        "E-mail Address,EMPLOYEE_NAME,Salary\ndana@acme.example,Dana Lead,90000\n",
        "First Name,Last Name,Work E-Mail\nDana,Lead,dana@acme.example\n",
        'Name,Email\n"Lead, Dana",dana@acme.example\n',
        "sep=;\r\nName;E-Mail\r\nDana Lead;dana@acme.example\r\n",
        "Vorname;Nachname;E-Mail geschäftlich\nDana;Lead;dana@acme.example\n",
        "Prénom;Nom;Courriel\nDana;Lead;dana@acme.example\n",
        "Nombre;Apellidos;Correo electrónico\nDana;Lead;dana@acme.example\n",
        "name,email,personal email\nDana Lead,,dana@acme.example\n",
        "\nname,email\n\n , \nDana Lead,dana@acme.example",
    ],
)
def test_exports_of_many_makes_are_understood(tmp_path: Path, text: str) -> None:
    (employee,) = load_directory(write(tmp_path, text)).employees
    assert (employee.name, employee.email) == ("Dana Lead", "dana@acme.example")


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("Supervisor", "bruno@acme.example"),
        ("Manager Email", "BRUNO@acme.example"),
        ("Reports To", "Bruno Berger"),
        ("Line-Manager", "bruno berger"),
    ],
)
def test_a_manager_is_found_by_address_or_by_a_name_that_only_one_has(
    tmp_path: Path, heading: str, value: str
) -> None:
    text = (
        f"Name,Email,{heading}\nBruno Berger,bruno@acme.example,\nAna A,ana@acme.example,{value}\n"
    )
    ana = load_directory(write(tmp_path, text)).find("ana@acme.example")
    assert ana is not None
    assert ana.manager == "bruno@acme.example"


def test_whoever_is_their_own_manager_has_none(tmp_path: Path) -> None:
    text = "Name,Email,Manager\nGrace Grant,g@acme.example,Grace Grant\n"
    assert load_directory(write(tmp_path, text)).employees[0].manager is None


@pytest.mark.parametrize(
    ("written", "status"),
    [("", "active"), ("Active", "active"), ("On-Leave", "leave"), ("TERMINATED", "left")],
)
def test_a_status_is_one_of_three(tmp_path: Path, written: str, status: str) -> None:
    text = f"name,email,employment status\nAna A,a@acme.example,{written}\n"
    assert load_directory(write(tmp_path, text)).employees[0].status == status


@pytest.mark.parametrize(
    ("row", "word", "message"),
    [
        (
            "Ana A,ana.acme.example,,,,,,,,,,,",
            "ana.acme.example",
            '"ana.acme.example" is no mail address',
        ),
        ("Ana A,,,,,,,,,,,,", "Ana", "has no email"),
        (",a@acme.example,,,,,,,,,,,", ",a@", "has no name"),
        ("Ana A,a@acme.example,b@acme,,,,,,,,,,", "b@acme,", '"b@acme" is no mail address'),
        ("Ana A,a@acme.example,,,,,,,,Europe/Berlni,,,", "Europe", '"Europe/Berlin"'),
        ("Ana A,a@acme.example,,,,,,,German,,,,", "German", "no language tag"),
        ("Ana A,a@acme.example,,,,,,,,,,actve,", "actve", 'did you mean "active"?'),
        ("Ana A,a@acme.example,,,,,,,,,,,perhaps", "perhaps", "yes or no"),
        ("Ana A,a@acme.example,,", "Ana", "this row has 4 fields, the first line 13"),
        ('Ana A,a@acme.example,,,"x', "Ana", "quotes of this row"),
        ("Ana A,bruno@acme.example,,,,,,,,,,,", "bruno@", "twice (first in line 2)"),
    ],
)
def test_a_mistake_is_told_at_its_line(tmp_path: Path, row: str, word: str, message: str) -> None:
    (mistake,) = read_directory(write(tmp_path, HEADER + BRUNO + row + "\n")).mistakes
    assert (mistake.line, mistake.column) == (3, row.index(word) + 1)
    assert message in mistake.message


def test_a_value_with_a_line_break_is_refused_and_later_lines_keep_their_number(
    tmp_path: Path,
) -> None:
    text = HEADER + '"Ana\nBcc: x",a@acme.example,,,,,,,,,,,\nBen,,,,,,,,,,,,\n'
    mistakes = read_directory(write(tmp_path, text)).mistakes
    assert [(m.line, m.code) for m in mistakes] == [(2, "value"), (2, "missing"), (4, "missing")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nam,email\n", 'unknown column "nam", did you mean "name"?'),
        ("name,salary\n", 'there is no column "email"'),
        ("name,email,managr\n", 'did you mean "manager"?'),
        ("", "no line with column names"),
        ("name,email\nJos\u00e9,j@acme.example\n".encode("cp1252"), 'save it again as "CSV UTF-8"'),
    ],
)
def test_a_file_of_another_shape_is_told(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(InvalidFilesError) as caught:
        load_directory(write(tmp_path, text))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04 and so on", 'save it as "CSV UTF-8"'),
        (b"\xd0\xcf\x11\xe0 and so on", 'save it as "CSV UTF-8"'),
        ("name;email\nJürgen;j@acme.example\n".encode("cp1252"), 'save it again as "CSV UTF-8"'),
        ("name;email\nJürgen;j@acme.example\n".encode("utf-16"), 'save it again as "CSV UTF-8"'),
    ],
    ids=["workbook", "old workbook", "cp1252", "utf-16"],
)
def test_a_file_that_excel_saved_otherwise_says_how_to_save_it(
    tmp_path: Path, data: bytes, message: str
) -> None:
    (mistake,) = read_directory(write(tmp_path, data)).mistakes
    assert message in mistake.message


def test_german_headings_of_managers_and_places_are_kept(tmp_path: Path) -> None:
    text = (
        "Name;E-Mail;Vorgesetzte/r;Standort;Abteilung;Land\n"
        "Bruno;bruno@acme.example;;Leipzig;Werk;DE\nAna;ana@acme.example;Bruno;Köln;Werk;DE\n"
    )
    ana = load_directory(write(tmp_path, text)).find("ana@acme.example")
    assert ana is not None
    assert (ana.manager, ana.site, ana.department) == ("bruno@acme.example", "Köln", "Werk")


def test_a_list_of_nobody_replaces_nobody(tmp_path: Path) -> None:
    target = write(tmp_path, people(1, 2), "directory.csv")
    with pytest.raises(InvalidFilesError, match="nobody is in this file"):
        import_directory(write(tmp_path, HEADER), target)
    assert len(load_directory(target).employees) == 2


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidFilesError, match="is not there"):
        load_directory(tmp_path / "d.csv")


def test_a_manager_outside_the_file_is_a_warning(tmp_path: Path) -> None:
    text = "name,email,manager\nAna A,a@acme.example,chair@holding.example\n"
    reading = read_directory(write(tmp_path, text))
    assert [m.severity for m in reading.mistakes] == ["warning"]
    assert reading.directory.employees[0].manager == "chair@holding.example"


def test_a_manager_name_that_two_have_is_a_mistake(tmp_path: Path) -> None:
    text = "name,email,manager\nAna A,a@x.example,Bo B\nBo B,b@x.example,\nBo B,c@x.example,\n"
    (mistake,) = read_directory(write(tmp_path, text)).errors
    assert (mistake.line, mistake.column) == (2, 19)


def people(*numbers: int, status: str = "active") -> str:
    rows = (f"Person {n},p{n}@acme.example,,,,,,,,,,{status},\n" for n in numbers)
    return HEADER + "".join(rows)


def test_an_import_tells_who_came_changed_and_left(tmp_path: Path) -> None:
    target = write(tmp_path, people(1, 2, 3, 4, 5), "directory.csv")
    new = (
        people(1, 2, 3, 6)
        .replace("Person 2", "Personne 2")
        .replace("p3@acme.example,,,,,,,,,,active", "p3@acme.example,,,,,,,,,,left")
    )
    changes = import_directory(write(tmp_path, new), target)
    assert changes.added == ("p6@acme.example",)
    assert changes.changed == ("p2@acme.example",)
    assert changes.left == ("p4@acme.example", "p5@acme.example", "p3@acme.example")
    assert changes.unchanged_count == 1
    assert len(load_directory(target).employees) == 4


def test_an_import_keeps_the_documented_columns_only(tmp_path: Path) -> None:
    source = write(tmp_path, "Salary;Work Email;Name\n90000;ana@acme.example;Ana A\n")
    changes = import_directory(source, tmp_path / "directory.csv")
    text = (tmp_path / "directory.csv").read_text()
    assert changes.ignored_columns == ("Salary",)
    assert text == HEADER + "Ana A,ana@acme.example,,,,,,,,,,active,no\n"


def test_an_import_of_its_own_file_changes_nothing(tmp_path: Path) -> None:
    target = write(tmp_path, HEADER + BRUNO + ANA, "directory.csv")
    import_directory(target, target)
    before = target.read_bytes()
    changes = import_directory(target, target)
    assert (changes.added, changes.changed, changes.left) == ((), (), ())
    assert target.read_bytes() == before


def test_an_import_with_mistakes_leaves_the_old_file(tmp_path: Path) -> None:
    target = write(tmp_path, people(1), "directory.csv")
    with pytest.raises(InvalidFilesError):
        import_directory(write(tmp_path, HEADER + "Ana A,,,,,,,,,,,,\n"), target)
    assert target.read_text() == people(1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.csv", "directory.csv"]


def test_most_people_vanish_only_when_a_person_says_so(tmp_path: Path) -> None:
    target = write(tmp_path, people(1, 2, 3, 4, 5), "directory.csv")
    source = write(tmp_path, people(1, 2))
    with pytest.raises(TooManyRemovalsError, match="3 of 5 people"):
        import_directory(source, target)
    assert target.read_text() == people(1, 2, 3, 4, 5)
    assert len(import_directory(source, target, accept_removals=True).left) == 3


def test_half_of_the_people_may_go_without_a_question(tmp_path: Path) -> None:
    target = write(tmp_path, people(1, 2, 3, 4, 5, 6), "directory.csv")
    assert len(import_directory(write(tmp_path, people(1, 2, 3)), target).left) == 3


def test_a_fresh_directory_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    target = tmp_path / "directory.csv"
    import_directory(write(tmp_path, people(1)), target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
