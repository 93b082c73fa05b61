"""`mailflow parse` and `mailflow thread` on files, folders and mail that cannot be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from mailflow.cli.parse import parse
from mailflow.cli.thread import thread

if TYPE_CHECKING:
    from pathlib import Path

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


def test_thread_prints_positions_that_belong_together(app: typer.Typer, folder: Path) -> None:
    (folder / "3.eml").write_bytes(MAIL.replace(b"a@x", b"c@x"))
    files = [str(folder / name) for name in ("1.eml", "3.eml", "2.eml")]
    assert json.loads(run(app, "thread", *files, "--json")) == {"groups": [[0, 2], [1]]}


def test_thread_without_json_names_the_files(app: typer.Typer, folder: Path) -> None:
    shown = run(app, "thread", str(folder / "1.eml"), str(folder / "2.eml"))
    assert shown.splitlines() == [str(folder / "1.eml"), f"  {folder / '2.eml'}"]
