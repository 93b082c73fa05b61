from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from mailflow.casework.staff_files import load_staff
from mailflow.cli import build_app
from mailflow.demo.instance import MARK, NotOursError, claimed, load_company, write_instance
from mailflow.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2031, 5, 6)


def _write(home: Path) -> None:
    write_instance(home, load_company(), imap_port=10143, smtp_port=10025, today=TODAY)


def test_the_instance_is_whole_and_needs_nothing_of_the_environment(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    with claimed(home):
        _write(home)
    settings = load_settings(home, environ={})
    assert settings.mailboxes[0].imap.port == 10143
    assert settings.smtp.password is not None
    assert settings.smtp.password.reveal()


def test_nobodys_training_has_run_out_whenever_it_is_played(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    with claimed(home):
        _write(home)
    staff = load_staff(home / "config" / "staff.yaml")
    trained = {person.training_until for person in staff.people if person.training_until}
    assert trained == {date(2032, 5, 5)}


def test_it_is_made_anew_over_an_older_one_with_another_keyring(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    with claimed(home):
        _write(home)
    before = (home / "var" / "keyring.json").read_bytes()
    (home / "left-over").mkdir()
    with claimed(home):
        _write(home)
    assert (home / "var" / "keyring.json").read_bytes() != before
    assert not (home / "left-over").exists()


def test_what_a_link_points_to_is_left_alone(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "demo", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    with claimed(home):
        (home / "link").symlink_to(elsewhere)
        _write(home)
    assert (elsewhere / "kept").exists()


def test_a_folder_of_somebody_elses_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    result = CliRunner().invoke(build_app("demo"), ["demo", "--once", "--home", str(tmp_path)])
    assert result.exit_code == 1
    assert "choose another folder with --home" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["config"]


def test_two_at_once_in_one_folder_are_refused(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    with claimed(home), pytest.raises(NotOursError, match="another playground"), claimed(home):
        pass
    assert (home / MARK).is_file()
