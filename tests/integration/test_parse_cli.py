"""`mailflow parse` and `mailflow thread` on files, folders and mail that cannot be read."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from mailflow.cli.parse import parse
from mailflow.cli.thread import thread

if TYPE_CHECKING:
    from pathlib import Path

UNREADABLE = "/proc/self/mem"  # opens, and fails at the first byte read
MAIL = b"From: Eva <eva@acme.example>\nSubject: Leave\nMessage-ID: <a@x>\n\nHello\n"
ANSWER = (
    b"From: Hana <hr@acme.example>\nSubject: Re: Leave\nMessage-ID: <b@x>\n"
    b"In-Reply-To: <a@x>\n\nYes.\n"
)
CONTRACT = {
    "message_id", "in_reply_to", "references", "date", "from", "to", "cc", "reply_to", "subject",
    "text", "new_text", "signature", "kind", "ack_ok", "bounce", "forwarded", "attachments", "auth",
    "problems",
}  # fmt: skip


@pytest.fixture
def app() -> typer.Typer:
    commands = typer.Typer()
    commands.command()(parse)
    commands.command()(thread)
    return commands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "1.eml").write_bytes(MAIL)
    (tmp_path / "2.eml").write_bytes(ANSWER)
    return tmp_path


def run(app: typer.Typer, *arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_one_file_gives_one_document_of_the_contract(app: typer.Typer, folder: Path) -> None:
    document = json.loads(run(app, "parse", str(folder / "1.eml"), "--json"))
    assert set(document) == CONTRACT
    assert document["subject"] == "Leave"


def test_a_folder_gives_one_object_a_line_in_order(app: typer.Typer, folder: Path) -> None:
    lines = run(app, "parse", str(folder), "--json").splitlines()
    files = [json.loads(line)["file"] for line in lines]
    assert files == [str(folder / "1.eml"), str(folder / "2.eml")]


def test_several_files_give_one_object_a_line(app: typer.Typer, folder: Path) -> None:
    lines = run(app, "parse", str(folder / "2.eml"), str(folder / "1.eml"), "--json").splitlines()
    assert [json.loads(line)["subject"] for line in lines] == ["Re: Leave", "Leave"]


def test_a_mail_over_the_limit_still_gives_its_header_fields(
    app: typer.Typer, folder: Path
) -> None:
    large = folder / "large.eml"
    large.write_bytes(MAIL + b"x" * (41 * 1024 * 1024))
    document = json.loads(run(app, "parse", str(large), "--json"))
    assert set(document) == CONTRACT
    assert document["subject"] == "Leave"
    assert "unparsable" in document["problems"]
    assert document["ack_ok"] is False


def test_an_empty_file_gives_a_document(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    document = json.loads(run(app, "parse", str(tmp_path / "empty.eml"), "--json"))
    assert document["from"] is None


def test_without_json_the_mail_is_shown_for_reading(app: typer.Typer, folder: Path) -> None:
    shown = run(app, "parse", str(folder / "1.eml"))
    assert "Eva <eva@acme.example>" in shown
    assert "| Hello" in shown


def test_a_missing_file_is_a_usage_error(app: typer.Typer, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["parse", str(tmp_path / "none.eml")]).exit_code == 2


def test_files_below_subfolders_are_read_and_devices_left_alone(
    app: typer.Typer, tmp_path: Path
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "1.eml").write_bytes(MAIL)
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    lines = run(app, "parse", str(tmp_path), "--json").splitlines()
    assert [json.loads(line)["file"] for line in lines] == [str(tmp_path / "a" / "b" / "1.eml")]


@pytest.mark.parametrize("command", ["parse", "thread"])
def test_an_empty_folder_is_said_on_stderr(app: typer.Typer, tmp_path: Path, command: str) -> None:
    result = CliRunner().invoke(app, [command, str(tmp_path)])
    assert result.exit_code == 0
    assert result.stderr == f"No files in {tmp_path}.\n"


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read(
    app: typer.Typer, folder: Path
) -> None:
    result = CliRunner().invoke(app, ["parse", UNREADABLE, str(folder), "--json"])
    assert result.exit_code == 1
    assert UNREADABLE in result.stderr
    files = [json.loads(line)["file"] for line in result.stdout.splitlines()]
    assert files == [str(folder / "1.eml"), str(folder / "2.eml")]


def test_thread_gives_no_groups_when_a_file_cannot_be_read(app: typer.Typer, folder: Path) -> None:
    result = CliRunner().invoke(app, ["thread", str(folder / "1.eml"), UNREADABLE, "--json"])
    assert result.exit_code == 1
    assert result.stdout == ""


def test_an_mbox_of_several_mails_is_read_as_one_and_said_so(
    app: typer.Typer, tmp_path: Path
) -> None:
    line = b"From eva@acme.example Tue Mar  3 10:04:00 2026\n"
    (tmp_path / "two.mbox").write_bytes(line + MAIL + b"\n" + line + ANSWER)
    (tmp_path / "one.mbox").write_bytes(line + MAIL)
    result = CliRunner().invoke(app, ["parse", str(tmp_path), "--json"])
    assert len(result.stdout.splitlines()) == 2
    assert "two.mbox: an mbox of several mails" in result.stderr
    assert "one.mbox" not in result.stderr


def test_thread_prints_positions_that_belong_together(app: typer.Typer, folder: Path) -> None:
    (folder / "3.eml").write_bytes(MAIL.replace(b"a@x", b"c@x"))
    files = [str(folder / name) for name in ("1.eml", "3.eml", "2.eml")]
    assert json.loads(run(app, "thread", *files, "--json")) == {"groups": [[0, 2], [1]]}


def test_thread_without_json_names_the_files(app: typer.Typer, folder: Path) -> None:
    shown = run(app, "thread", str(folder / "1.eml"), str(folder / "2.eml"))
    assert shown.splitlines() == [str(folder / "1.eml"), f"  {folder / '2.eml'}"]
