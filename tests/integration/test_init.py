"""`mailflow init` and `mailflow directory import`, as a person types them."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner, Result

from mailflow.casework.staff_files import load_directory, load_staff, read_staff
from mailflow.cli import directory as directory_commands
from mailflow.cli import init as init_command
from mailflow.core.case.people import Role
from mailflow.settings import load_settings
from mailflow.shipped_files import shipped_folder
from mailflow.store.session import open_engine, transaction

if TYPE_CHECKING:
    from pathlib import Path

ASKED = ("--organization", "Beta", "--domain", "beta.example", "--address", "people@beta.example")


def run(*words: object) -> Result:
    app = typer.Typer()
    app.command()(init_command.init)
    app.add_typer(directory_commands.app, name="directory")
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    assert run("init", tmp_path / "hr", *ASKED).exit_code == 0
    return tmp_path / "hr"


def test_what_init_writes_is_a_valid_instance(instance: Path) -> None:
    settings = load_settings(instance, environ={})
    assert settings.organization.name == "Beta"
    assert settings.organization.domains == ("beta.example",)
    assert settings.mailboxes[0].address == "people@beta.example"
    assert settings.reply_domain == "beta.example"
    assert "acme" not in (instance / "config" / "mailflow.yaml").read_text().lower()
    assert load_directory(settings.directory_file).find("hr-admin@beta.example") is not None


def test_one_admin_is_every_team_and_it_is_warned_of(instance: Path) -> None:
    staff, mistakes = read_staff(instance / "config" / "staff.yaml")
    shipped = load_staff(shipped_folder("config") / "staff.yaml")
    assert staff is not None
    assert staff.teams.keys() == shipped.teams.keys()
    assert {team.lead for team in staff.teams.values()} == {"hr-admin@beta.example"}
    assert Role.ADMIN in staff.people[0].roles
    assert [m.code for m in mistakes] == ["one-person", "independence"]


def test_the_admin_may_own_what_is_sensitive_from_the_first_day(instance: Path) -> None:
    (admin,) = load_staff(instance / "config" / "staff.yaml").people
    assert admin.training_until is not None
    assert {Role.HANDLER, Role.INVESTIGATOR, Role.LEAD, Role.TRIAGE} <= admin.roles


def test_keys_and_people_are_private(instance: Path) -> None:
    modes = {
        path: stat.S_IMODE((instance / path).stat().st_mode)
        for path in ("var", "var/keyring.json", "config/directory.csv")
    }
    assert modes == {"var": 0o700, "var/keyring.json": 0o600, "config/directory.csv": 0o600}


def test_a_new_database_is_its_owners_alone(instance: Path) -> None:
    settings = load_settings(instance, environ={})
    engine = open_engine(settings.database)
    with transaction(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER)")
        files = sorted((instance / "var").glob("mailflow.db*"))
        assert len(files) == 3
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    engine.dispose()


def test_every_shipped_rule_and_template_is_there(instance: Path) -> None:
    for name in ("rules", "templates"):
        folder = shipped_folder(name)
        shipped = [p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")]
        for path in shipped:
            copy = instance / name / path.relative_to(folder)
            assert copy.read_bytes() == path.read_bytes()


def test_defaults_fill_in_where_nobody_can_answer(tmp_path: Path) -> None:
    assert run("init", tmp_path).exit_code == 0
    assert load_settings(tmp_path, environ={}).mailboxes[0].address == "hr@acme.example"


def test_a_domain_is_taken_from_the_address(tmp_path: Path) -> None:
    assert run("init", tmp_path, "--address", "hr@gamma.example").exit_code == 0
    assert load_settings(tmp_path, environ={}).organization.domains == ("gamma.example",)


def test_a_name_of_any_letters_is_kept(tmp_path: Path) -> None:
    name = 'Müller & "Söhne": #1 {KG}'
    assert run("init", tmp_path, "--organization", name).exit_code == 0
    assert load_settings(tmp_path, environ={}).organization.name == name


def test_an_address_like_the_sample_is_not_rewritten_twice(tmp_path: Path) -> None:
    run("init", tmp_path, "--address", "hr@acme.example.org", "--domain", "b.example")
    settings = load_settings(tmp_path, environ={})
    assert settings.mailboxes[0].address == "hr@acme.example.org"


@pytest.mark.parametrize("standing", ["config/staff.yaml", "var/keyring.json"])
def test_nothing_is_overwritten(tmp_path: Path, standing: str) -> None:
    path = tmp_path / standing
    path.parent.mkdir()
    path.write_text("mine")
    result = run("init", tmp_path, *ASKED)
    assert result.exit_code == 1
    assert standing in result.stderr
    assert path.read_text() == "mine"
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]


@pytest.mark.parametrize(
    "words",
    [
        ("--domain", "no domain"),
        ("--address", "hr"),
        ("--admin", "x"),
        ("--domain", "localhost"),
        ("--admin", "hr@acme.example"),
    ],
)
def test_a_wrong_option_is_a_question_of_usage(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert run("init", tmp_path / "hr", *words).exit_code == 2
    assert not (tmp_path / "hr").exists()


def test_a_terminal_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["Delta", "delta.example", "hr@delta.example", "me@delta.example"])

    def answer(question: str, default: str) -> str:
        assert question
        assert default
        return next(answers)

    monkeypatch.setattr(typer, "prompt", answer)
    monkeypatch.setattr("mailflow.cli.init.sys.stdin", _Terminal())
    init_command.init(tmp_path)
    assert load_settings(tmp_path, environ={}).organization.name == "Delta"
    assert load_staff(tmp_path / "config" / "staff.yaml").fallback_owner == "me@delta.example"


class _Terminal:
    def isatty(self) -> bool:
        return True


def test_an_import_says_what_changed(instance: Path, tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("Full Name;Work Email;Salary\nAna A;ana@beta.example;9\n")
    result = run("directory", "import", export, "--home", instance, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "added": ["ana@beta.example"],
        "changed": [],
        "left": ["hr-admin@beta.example"],
        "unchanged": 0,
        "ignored_columns": ["Salary"],
        "warnings": [],
    }


def test_an_import_with_mistakes_exits_1_and_names_the_lines(
    instance: Path, tmp_path: Path
) -> None:
    export = tmp_path / "export.csv"
    export.write_text("name,email\nAna A,ana\nBen,\n")
    before = (instance / "config" / "directory.csv").read_bytes()
    result = run("directory", "import", export, "--home", instance)
    assert result.exit_code == 1
    assert f"{export}:2:" in result.stderr
    assert f"{export}:3:" in result.stderr
    assert (instance / "config" / "directory.csv").read_bytes() == before


def test_an_import_that_would_lose_most_people_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    target = tmp_path / "config" / "directory.csv"
    target.write_text("name,email\n" + "".join(f"P {n},p{n}@b.example\n" for n in range(9)))
    export = tmp_path / "export.csv"
    export.write_text("name,email\nP 1,p1@b.example\n")
    refused = run("directory", "import", export, "--home", tmp_path)
    assert (refused.exit_code, "--accept-removals" in refused.stderr) == (1, True)
    accepted = run("directory", "import", export, "--home", tmp_path, "--accept-removals")
    assert accepted.exit_code == 0
    assert "left: 8" in accepted.stdout
