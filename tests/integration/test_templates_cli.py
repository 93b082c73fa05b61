"""`mailflow templates` as people and scripts call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from mailflow.cli.templates import app

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def spoil(home: Path, text: str) -> None:
    folder = home / "templates" / "nudge"
    folder.mkdir(parents=True)
    (folder / "body.txt.j2").write_text(text, encoding="utf-8")


def test_sound_templates_exit_with_0(tmp_path: Path) -> None:
    result = run("check", "--home", str(tmp_path))
    assert result.exit_code == 0
    assert result.stdout == "9 mails are sound, in every class and language\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello {{ category_words }}", 'the field "category_words" is not for the mail of'),
        ("Hello {% if %}", "templates/nudge/body.txt.j2:1:"),
    ],
)
@pytest.mark.parametrize("command", ["check", "preview"])
def test_a_mistake_is_told_on_stderr_with_exit_1(
    tmp_path: Path, command: str, text: str, expected: str
) -> None:
    spoil(tmp_path, text)
    result = run(command, "--home", str(tmp_path))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert expected in result.stderr
    assert result.stderr.endswith("1 mistake\n")


def test_a_file_in_another_encoding_hides_no_mistake_of_another_mail(tmp_path: Path) -> None:
    spoil(tmp_path, "Hello {{ refernce }}")
    (tmp_path / "templates" / "nudge" / "subject.txt.j2").write_bytes(b"Gr\xfc\xdfe")
    result = run("check", "--home", str(tmp_path))
    assert "subject.txt.j2: error[template] is not UTF-8" in result.stderr
    assert 'unknown field "refernce"' in result.stderr
    assert result.exit_code == 1


def test_a_preview_goes_to_the_instance_unless_told_otherwise(tmp_path: Path) -> None:
    result = run("preview", "--home", str(tmp_path))
    assert result.exit_code == 0
    index = tmp_path / "var" / "preview" / "index.html"
    assert result.stdout == f"{index}\n"
    assert index.is_file()


def test_a_preview_goes_where_it_is_told(tmp_path: Path) -> None:
    result = run("preview", str(tmp_path / "mails"), "--home", str(tmp_path))
    assert result.exit_code == 0
    assert (tmp_path / "mails" / "index.html").is_file()
    assert not (tmp_path / "var").exists()


def test_a_folder_that_cannot_be_written_exits_with_1(tmp_path: Path) -> None:
    (tmp_path / "mails").write_text("a file", encoding="utf-8")
    result = run("preview", str(tmp_path / "mails"), "--home", str(tmp_path))
    assert result.exit_code == 1
    assert "cannot write" in result.stderr
