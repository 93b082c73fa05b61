"""What a command says when it cannot start: everything that is to be mended, in one go."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from mailflow.cli import build_app, main

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = (("run", "--once"), ("work",), ("case", "list"), ("outbox", "list"), ("reconcile",))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "hr"
    words = ["init", str(home), "--domain", "beta.example", "--address", "hr@beta.example"]
    assert CliRunner().invoke(build_app("init"), words).exit_code == 0
    for path in (home / "rules").iterdir():
        path.unlink()
    return home


def start(
    home: Path,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> tuple[int | str | None, str]:
    """The exit code, and what was said on standard error."""
    monkeypatch.setattr(sys, "argv", ["mailflow", *command, "--home", str(home)])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code, capsys.readouterr().err


def spoil_everything(home: Path) -> None:
    for name, old, new in (
        ("mailflow.yaml", "reply_domain:", "replydomain:"),
        ("staff.yaml", "fallback_owner:", "fallbackowner:"),
    ):
        path = home / "config" / name
        path.write_text(path.read_text().replace(old, new))
    with (home / "config" / "directory.csv").open("a") as directory:
        directory.write("Nobody,no-address\n")
    (home / "rules" / "leave.yaml").write_text("mailflow: 1\ncatgories: []\n")
    mail = home / "templates" / "nudge"
    mail.mkdir(parents=True, exist_ok=True)
    (mail / "body.txt.j2").write_text("Hello {% if %}")
    (mail / "subject.txt.j2").write_text("{{ refernce }}")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_mistakes_of_all_files_are_told_at_once(
    home: Path,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil_everything(home)
    code, said = start(home, command, monkeypatch, capsys)
    assert code == 3
    for expected in (
        'did you mean "reply_domain"?',
        'did you mean "fallback_owner"?',
        "directory.csv:",
        'did you mean "categories"?',
        "nudge/body.txt.j2:1:",
        'unknown field "refernce"',
    ):
        assert expected in said


def test_one_bad_file_is_enough_to_be_told_of_the_rules_too(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil_everything(home)
    settings = home / "config" / "mailflow.yaml"
    settings.write_text(settings.read_text().replace("replydomain:", "reply_domain:"))
    code, said = start(home, ("case", "list"), monkeypatch, capsys)
    assert code == 3
    assert "mailflow.yaml:" not in said
    assert 'did you mean "categories"?' in said


def test_a_folder_that_is_no_instance_is_told_that_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = start(tmp_path, ("case", "list"), monkeypatch, capsys)
    assert code == 3
    assert "`mailflow init DIR` writes one" in said
    assert said.endswith("1 to mend; nothing was done.\n")
