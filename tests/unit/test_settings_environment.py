"""Environment variables laid over mailflow.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.errors import InvalidFilesError
from mailflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mailflow.settings import Settings

FILE = """\
organization: {name: Acme, domains: [acme.example]}
mailboxes:
  - name: hr-team
    address: hr@acme.example
    imap: {host: imap.acme.example, username: hr, password: {env: P}}
smtp: {host: smtp.acme.example, username: hr, password: {env: P}}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "mailflow.yaml").write_text(FILE)
    return tmp_path


def mistakes_of(home: Path, **environ: str) -> list[str]:
    with pytest.raises(InvalidFilesError) as caught:
        load_settings(home, environ=environ)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_only_the_environment_passed_in_is_read(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILFLOW_SMTP__HOST", "elsewhere.example")
    assert load_settings(home, environ={}).smtp.host == "smtp.acme.example"


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("MAILFLOW_DATABASE", "postgresql+psycopg://hr@db/mailflow", lambda s: s.database),
        ("MAILFLOW_SMTP__HOST", "mail.example", lambda s: s.smtp.host),
        ("MAILFLOW_ORGANIZATION__NAME", "Acme: Europe", lambda s: s.organization.name),
        ("MAILFLOW_MAILBOXES__0__IMAP__HOST", "i.example", lambda s: s.mailboxes[0].imap.host),
        (
            "MAILFLOW_MAILBOXES__HR_TEAM__IMAP__HOST",
            "i.example",
            lambda s: s.mailboxes[0].imap.host,
        ),
        ("MAILFLOW_METRICS__LISTEN", "127.0.0.1:9464", lambda s: s.metrics.listen),
        ("MAILFLOW_RECEIPTS__SUCCESS", "never", lambda s: s.receipts.success),
    ],
)
def test_every_key_can_be_overridden(
    home: Path, variable: str, value: str, read: Callable[[Settings], object]
) -> None:
    settings = load_settings(home, environ={variable: value})
    assert read(settings) == value


def test_numbers_and_truths_are_understood(home: Path) -> None:
    environ = {"MAILFLOW_SMTP__PORT": "2525", "MAILFLOW_MAILBOXES__0__IDLE": "false"}
    settings = load_settings(home, environ=environ)
    assert settings.smtp.port == 2525
    assert settings.mailboxes[0].idle is False


def test_a_whole_section_can_be_given_at_once(home: Path) -> None:
    environ = {"MAILFLOW_ORGANIZATION": "{name: Beta, domains: [beta.example, b.example]}"}
    settings = load_settings(home, environ=environ)
    assert settings.organization.domains == ("beta.example", "b.example")


def test_the_variable_of_a_secret_is_where_the_secret_stands(home: Path) -> None:
    settings = load_settings(home, environ={"MAILFLOW_SMTP__PASSWORD": "{geheim: x"})
    assert settings.smtp.password is not None
    assert "geheim" not in repr(settings)
    assert settings.smtp.password.env == "MAILFLOW_SMTP__PASSWORD"
    assert settings.smtp.password.reveal() == "{geheim: x"


def test_variables_of_other_programs_are_left_alone(home: Path) -> None:
    environ = {
        "MAILFLOW_HOME": "/srv/hr",
        "MAILFLOW_AS": "dana@acme.example",
        "MAILFLOW_PORT_9464_TCP": "tcp://10.0.0.1:9464",
        "SMTP__HOST": "x",
        "PATH": "/bin",
    }
    assert load_settings(home, environ=environ).smtp.host == "smtp.acme.example"


def test_a_slip_in_a_variable_is_told(home: Path) -> None:
    assert mistakes_of(home, MAILFLOW_DATABSE="x") == [
        (
            "MAILFLOW_DATABSE: error[unknown-key] there is no setting "
            '"databse", did you mean MAILFLOW_DATABASE?'
        )
    ]


def test_a_wrong_value_is_told_with_its_variable(home: Path) -> None:
    assert mistakes_of(home, MAILFLOW_SMTP__PORT="often", MAILFLOW_SMTP__HOTS="x") == [
        'MAILFLOW_SMTP__HOTS: error[unknown-key] unknown key "hots", did you mean "host"?',
        "MAILFLOW_SMTP__PORT: error[value] smtp.port: must be a whole number",
    ]


def test_a_mailbox_that_is_not_there_cannot_be_changed(home: Path) -> None:
    assert mistakes_of(home, MAILFLOW_MAILBOXES__7__NAME="x") == [
        'MAILFLOW_MAILBOXES__7__NAME: error[override] there is no item "7" here; there are: hr_team'
    ]


def test_a_section_that_is_no_yaml_is_told(home: Path) -> None:
    (told,) = mistakes_of(home, MAILFLOW_LIMITS="{a: b: c}")
    assert told.startswith("MAILFLOW_LIMITS: error[")
