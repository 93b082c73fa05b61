"""The keyring on paper: what is printed can be typed back, and every slip is told by its line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from mailflow.errors import InvalidFilesError, KeyringError
from mailflow.keys.keyring import Keyring, create_keyring, write_keyring
from mailflow.keys.recovery_sheet import read_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def used(keyring: Keyring) -> Keyring:
    """Rotated, revoked, with a bucket in use and one that was erased."""
    keyring.kek("open-202610")
    keyring.kek("open-202611")
    keyring.destroy_kek("open-202610", today=date(2026, 12, 1))
    keyring.rotate()
    keyring.revoke(0)
    return keyring


def codes(text: str) -> list[tuple[int, str]]:
    with pytest.raises(InvalidFilesError) as refused:
        read_sheet(text, file="sheet.txt")
    return [(one.line, one.code) for one in refused.value.mistakes]


def line_of(sheet: str, label: str) -> int:
    return next(n for n, line in enumerate(sheet.splitlines(), 1) if line.startswith(label))


def test_a_typed_sheet_makes_the_same_keyring(used: Keyring, tmp_path: Path) -> None:
    contents = read_sheet(used.write_sheet(), file="sheet.txt")
    again = write_keyring(tmp_path / "again.json", contents)
    assert again.path.read_bytes() == used.path.read_bytes()
    assert again.path.stat().st_mode & 0o777 == 0o600
    assert used.find_gaps(contents) == ()


@pytest.mark.parametrize(
    "typed",
    [
        str.upper,
        lambda text: text.replace(" ", "   "),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.replace(" ", "").replace("key", " key ").replace("number", "number "),
    ],
)
def test_capitals_and_blanks_do_no_harm(tmp_path: Path, typed: Callable[[str], str]) -> None:
    drawn = create_keyring(tmp_path / "drawn.json")
    title, line_end, rest = drawn.write_sheet().partition("\n")
    read = read_sheet(title + line_end + typed(rest), file="s")
    assert read == read_sheet(drawn.write_sheet(), file="s")
    assert read.instance == drawn.instance


def test_no_line_is_too_long_for_a_printer(used: Keyring, tmp_path: Path) -> None:
    drawn = create_keyring(tmp_path / "drawn.json")
    for month in range(1, 13):
        used.kek(f"open-2025{month:02}")
        used.destroy_kek(f"open-2025{month:02}", today=date(2026, 12, 1))
    for keyring in (used, drawn):
        sheet = keyring.write_sheet()
        assert max(map(len, sheet.splitlines())) <= 76
        assert read_sheet(sheet, file="s").instance == keyring.instance


@pytest.mark.parametrize("width", [33, 64, 80])
def test_a_line_that_a_printer_broke_is_read_as_one(used: Keyring, width: int) -> None:
    whole = used.write_sheet().replace("\n    ", " ")
    head, _, rest = whole.partition("case key")
    secrets, _, tail = ("case key" + rest).partition("destroyed")
    broken = [
        line[at : at + width] for line in secrets.splitlines() for at in range(0, len(line), width)
    ]
    typed = head + "\n".join(broken) + "\ndestroyed" + tail
    assert max(map(len, broken)) <= width
    assert read_sheet(typed, file="s") == read_sheet(whole, file="s")


def test_a_label_that_lost_its_colon_is_told_by_its_own_line(used: Keyring) -> None:
    sheet = used.write_sheet()
    typed = sheet.replace("index key:", "index key")
    assert (line_of(sheet, "index key"), "unknown-line") in codes(typed)


def test_digits_that_look_like_letters_are_taken_for_them(used: Keyring) -> None:
    sheet = used.write_sheet()
    position = line_of(sheet, "case key") - 1
    lines = sheet.splitlines()
    label, colon, rest = lines[position].partition(":")
    lines[position] = label + colon + rest.replace("o", "0").replace("l", "1").replace("b", "8")
    assert read_sheet("\n".join(lines), file="s").case_key == used.case_key


@pytest.mark.parametrize(
    ("label", "change", "code"),
    [
        (
            "case key",
            lambda line: line[:12] + ("a" if line[12] != "a" else "c") + line[13:],
            "slip",
        ),
        ("key number 1", lambda line: f"{line} aaaa", "length"),
        ("index key", lambda line: line.replace(": ", ": 9", 1), "length"),
        ("instance", lambda line: line.replace("acme", "acne"), "slip"),
        ("destroyed", lambda line: line.replace("202610", "202609"), "slip"),
        ("signing key", lambda line: line.replace("signing", "singing"), "unknown-line"),
        ("bucket", lambda line: line.replace("open-202611", "open-209913"), "unknown-line"),
        ("whole", lambda line: line[:-1], "length"),
    ],
)
def test_a_slip_is_told_by_its_line(
    used: Keyring, label: str, change: Callable[[str], str], code: str
) -> None:
    sheet = used.write_sheet()
    lines = sheet.splitlines()
    at = line_of(sheet, label)
    lines[at - 1] = change(lines[at - 1])
    assert (at, code) in codes("\n".join(lines))


def test_all_slips_are_told_at_once(used: Keyring) -> None:
    lines = used.write_sheet().replace("\n    ", " ").splitlines()
    kept = [line for line in lines if not line.startswith(("case key", "instance"))]
    found = codes("\n".join([*kept, kept[-1]]))
    assert [code for _, code in found] == ["line-twice", "line-missing", "line-missing"]


@pytest.mark.parametrize("label", ["bucket open-202611", "key number 0 revoked"])
def test_a_sheet_that_lacks_a_line_is_not_whole(used: Keyring, label: str) -> None:
    lines = used.write_sheet().replace("\n    ", " ").splitlines()
    kept = [line for line in lines if not line.startswith(label)]
    assert codes("\n".join(kept)) == [(0, "not-whole")]


@pytest.mark.parametrize("text", ["", "hello", "{}", "# mailflow recovery sheet 1"])
def test_another_text_is_no_sheet(text: str) -> None:
    assert codes(text) == [(1, "no-sheet")]


def test_an_old_sheet_is_told_what_it_lacks(keyring: Keyring, tmp_path: Path) -> None:
    keyring.kek("open-202610")
    old = read_sheet(keyring.write_sheet(), file="s")
    keyring.destroy_kek("open-202610", today=date(2026, 12, 1))
    keyring.kek("open-202612")
    keyring.revoke(0)
    assert keyring.find_gaps(old) == (
        "it lacks key number 1",
        "it lacks bucket open-202612",
        "it holds the erased bucket open-202610: destroy this sheet",
        "it still believes key number 0",
    )
    other = create_keyring(tmp_path / "other.json")
    assert other.find_gaps(old) == ("it is of another keyring",)


def test_a_keyring_that_stands_is_never_overwritten(used: Keyring) -> None:
    before = used.path.read_bytes()
    contents = read_sheet(used.write_sheet(), file="s")
    with pytest.raises(KeyringError, match="never overwritten"):
        write_keyring(used.path, contents)
    assert used.path.read_bytes() == before
