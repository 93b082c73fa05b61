"""`mailflow check` on files alone: what people write is judged before any server is asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from mailflow.cli import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made") / "hr"
    words = ["init", str(home), "--domain", "beta.example", "--address", "hr@beta.example"]
    assert CliRunner().invoke(build_app("init"), words).exit_code == 0
    for path in (home / "rules").iterdir():
        if path.name not in ("sla.yaml", "calendars.yaml"):
            path.unlink()
    (home / "rules" / "small.yaml").write_text(
        "mailflow: 1\n"
        "risk_levels: [low, moderate, high, confidential]\n"
        "defaults: {risk: low, sla: standard, if_nothing_matches: {category: triage}}\n"
        "categories:\n"
        "  - {id: triage, team: hr-triage, owner: least_loaded, sla: triage}\n"
    )
    return home


@pytest.fixture
def home(made: Path) -> Iterator[Path]:
    """Put back after each test as `init` made it."""
    kept = {path: path.read_text() for path in (made / "config").iterdir()}
    yield made
    for path, words in kept.items():
        path.write_text(words)


def check(home: Path, *, code: int) -> list[Any]:
    result = CliRunner().invoke(build_app("check"), ["check", "--home", str(home), "--json"])
    assert result.exit_code == code, (result.stdout, result.stderr)
    found: list[Any] = json.loads(result.stdout)["findings"]
    return found


def rewrite(path: Path, old: str, new: str) -> None:
    words = path.read_text()
    assert old in words
    path.write_text(words.replace(old, new))


def test_a_slip_in_the_settings_is_told_at_its_place_and_no_server_is_asked(home: Path) -> None:
    rewrite(home / "config" / "mailflow.yaml", "reply_domain:", "replydomain:")
    found = check(home, code=3)
    (slip,) = [one for one in found if one["code"] == "unknown-key"]
    assert 'did you mean "reply_domain"?' in slip["message"]
    assert "mailflow.yaml:" in slip["message"]
    assert not any(one["area"].startswith(("imap", "smtp", "database")) for one in found)


def test_every_file_is_judged_though_one_is_wrong(home: Path) -> None:
    rewrite(home / "config" / "mailflow.yaml", "reply_domain:", "replydomain:")
    rewrite(home / "config" / "staff.yaml", "fallback_owner:", "fallbackowner:")
    areas = {one["area"] for one in check(home, code=3) if one["severity"] == "error"}
    assert areas == {"config", "staff"}


def test_a_category_that_does_not_exist_cannot_be_a_mailbox_default(home: Path) -> None:
    rewrite(
        home / "config" / "mailflow.yaml",
        "    channel: alias",
        "    default_category: triagee\n    channel: alias",
    )
    (slip,) = [one for one in check(home, code=3) if one["code"] == "unknown-category"]
    assert 'did you mean "triage"?' in slip["message"]


def test_a_person_cannot_have_the_address_of_a_mailbox(home: Path) -> None:
    rewrite(home / "config" / "staff.yaml", "hr-admin@beta.example", "hr@beta.example")
    codes = {(one["area"], one["code"]) for one in check(home, code=3)}
    assert ("staff", "mailbox-address") in codes


def test_a_keyring_that_is_missing_is_told_in_one_sentence(home: Path) -> None:
    keyring = home / "var" / "keyring.json"
    kept = keyring.read_bytes()
    keyring.unlink()
    found = check(home, code=78)
    keyring.write_bytes(kept)
    (finding,) = [one for one in found if one["code"] == "keyring"]
    assert not finding["message"].endswith(".")


def test_one_person_who_is_everybody_is_warned_of_and_said_once(home: Path) -> None:
    rewrite(home / "config" / "mailflow.yaml", "reply_domain:", "replydomain:")
    codes = [one["code"] for one in check(home, code=3)]
    assert codes.count("one-person") == 1
    assert codes.count("independence") == 1
    assert codes.count("no-calendar") == 1
