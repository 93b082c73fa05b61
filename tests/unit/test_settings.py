"""What mailflow.yaml means once it is read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from mailflow.errors import InvalidFilesError
from mailflow.settings import load_settings, read_settings, secrets_in

if TYPE_CHECKING:
    from mailflow.settings import Settings

SMALLEST = """\
organization: {name: Acme, domains: [acme.example]}
mailboxes:
  - name: hr
    address: HR@Acme.example
    imap: {host: imap.acme.example, username: hr, password: {env: HR_IMAP_PASSWORD}}
smtp: {host: smtp.acme.example, username: hr, password: {env: SMTP_PASSWORD}}
"""


def write(home: Path, text: str) -> Path:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "mailflow.yaml").write_text(text, encoding="utf-8")
    return home


def load(home: Path, text: str = SMALLEST, **environ: str) -> Settings:
    return load_settings(write(home, text), environ=environ)


def test_the_smallest_file_is_enough(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.database == f"sqlite:///{tmp_path}/var/mailflow.db"
    assert settings.broker == "memory://"
    assert settings.reply_domain == "acme.example"
    assert settings.limits.acks_per_directory_sender_per_day == 20
    assert settings.free_space_floor == 200 * 1024 * 1024


def test_the_example_of_the_interface_is_read(tmp_path: Path) -> None:
    text = """\
organization: {name: Acme, domains: [acme.example], locale: en, timezone: Europe/Berlin}
database: sqlite:///var/mailflow.db           # or postgresql+psycopg://user@host/mailflow
broker: memory://                             # or redis://host:6379/0
keyring: var/keyring.json
reply_domain: acme.example
mailboxes:
  - name: hr
    address: hr@acme.example
    channel: alias                            # alias | speakup | portal
    imap: {host: imap.acme.example, port: 993, security: tls, username: hr@acme.example, \
password: {env: HR_IMAP_PASSWORD}, folder: INBOX, processed: Processed}
smtp: {host: smtp.acme.example, port: 465, security: tls, username: hr@acme.example, \
password: {env: SMTP_PASSWORD}}
sender_authentication: {profile: own-dkim, authserv_id: mx.acme.example, trusted_hops: 2}
limits: {acks_per_sender_per_day: 5}
"""
    assert load(tmp_path, text).sender_authentication.trusted_hops == 2


def test_relative_paths_lie_in_the_instance_and_absolute_ones_stay(tmp_path: Path) -> None:
    settings = load(tmp_path, SMALLEST + "keyring: /keys/k.json\nadapters: rules/hris.yaml\n")
    assert settings.keyring == Path("/keys/k.json")
    assert settings.adapters == tmp_path / "rules" / "hris.yaml"
    assert settings.staff_file == tmp_path / "config" / "staff.yaml"


def test_addresses_are_compared_in_lower_case(tmp_path: Path) -> None:
    assert load(tmp_path).mailboxes[0].address == "hr@acme.example"


@pytest.mark.parametrize(
    ("security", "imap_port", "smtp_port"), [("tls", 993, 465), ("starttls", 143, 587)]
)
def test_ports_follow_from_the_security(
    tmp_path: Path, security: str, imap_port: int, smtp_port: int
) -> None:
    text = SMALLEST.replace(", username: hr,", f", security: {security}, username: hr,")
    settings = load(tmp_path, text)
    assert (settings.mailboxes[0].imap.port, settings.smtp.port) == (imap_port, smtp_port)


def test_one_reply_delay_is_for_every_risk(tmp_path: Path) -> None:
    delay = load(tmp_path, SMALLEST + "reply_delay: 90 seconds\n").reply_delay
    assert {delay.low, delay.moderate, delay.high, delay.confidential} == {timedelta(seconds=90)}


def test_reply_delays_of_other_risks_keep_their_default(tmp_path: Path) -> None:
    delay = load(tmp_path, SMALLEST + "reply_delay: {low: 1 hour}\n").reply_delay
    assert delay.low == timedelta(hours=1)
    assert delay.confidential == timedelta(minutes=10)


def test_a_mailbox_decides_itself_what_happens_to_stored_mail(tmp_path: Path) -> None:
    text = SMALLEST.replace("    imap:", "    after_store: {sensitive: delete}\n    imap:")
    settings = load(tmp_path, text)
    assert settings.after_store.sensitive == "move"
    assert settings.removes_sensitive(settings.mailboxes[0])


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = load(tmp_path)
    with pytest.raises(ValidationError):
        settings.broker = "redis://elsewhere"  # type: ignore[misc]  # the point of the test


def test_no_plain_connection_leaves_the_machine(tmp_path: Path) -> None:
    text = SMALLEST.replace("imap.acme.example,", "mail.example, security: none,")
    with pytest.raises(InvalidFilesError, match=r":5:32: .*unencrypted to mail\.example"):
        load(tmp_path, text)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", '"::1"', "127.8.0.1"])
def test_a_plain_connection_may_stay_on_the_machine(tmp_path: Path, host: str) -> None:
    text = SMALLEST.replace("imap.acme.example,", f"{host}, security: none,")
    assert load(tmp_path, text).mailboxes[0].imap.security == "none"


@pytest.mark.parametrize("host", ["127.0.0.1.evil.example", "localhost.evil.example", "0.0.0.0"])  # noqa: S104 - refused, not bound
def test_a_host_that_only_looks_like_the_machine_is_no_loopback(tmp_path: Path, host: str) -> None:
    with pytest.raises(InvalidFilesError, match="unencrypted"):
        load(tmp_path, SMALLEST.replace("imap.acme.example,", f"{host}, security: none,"))


def test_a_secret_comes_from_the_environment_that_was_passed_in(tmp_path: Path) -> None:
    settings = load(tmp_path, SMTP_PASSWORD="geheim")
    password = settings.smtp.password
    assert password is not None
    assert password.reveal() == "geheim"


def test_a_secret_comes_from_its_file_without_the_last_line_break(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("pass word \n")
    settings = load(tmp_path, SMALLEST.replace("{env: SMTP_PASSWORD}", "{file: secret}"))
    password = settings.smtp.password
    assert password is not None
    assert password.reveal() == "pass word "


def test_a_secret_is_never_in_repr(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        SMTP_PASSWORD="geheim",
        MAILFLOW_DATABASE="postgresql+psycopg://hr:geheim@db/mailflow",
        MAILFLOW_BROKER="redis://:geheim@cache:6379/0",
    )
    assert "geheim" not in repr(settings)
    assert "geheim" not in str(settings)


def test_secrets_that_are_not_there_are_told_at_use_and_found_by_a_look(tmp_path: Path) -> None:
    text = SMALLEST.replace("{env: SMTP_PASSWORD}", "{file: nowhere}")
    settings = load(tmp_path, text)
    problems = {key: secret.problem() for key, secret in secrets_in(settings)}
    assert problems == {
        "mailboxes[0].imap.password": (
            "the environment variable HR_IMAP_PASSWORD is not set, and a secret is expected in it"
        ),
        "smtp.password": (
            f"the file {tmp_path}/nowhere cannot be read for its secret: No such file or directory"
        ),
    }


def test_an_empty_secret_is_no_secret(tmp_path: Path) -> None:
    password = load(tmp_path, SMTP_PASSWORD="").smtp.password
    assert password is not None
    with pytest.raises(InvalidFilesError, match="is empty"):
        password.reveal()


def test_a_password_in_the_database_url_of_the_file_is_warned_of(tmp_path: Path) -> None:
    text = SMALLEST + "database: postgresql+psycopg://hr:geheim@db/mailflow\n"
    settings, mistakes = read_settings(write(tmp_path, text), environ={})
    assert settings is not None
    assert [(m.line, m.severity, m.source_line) for m in mistakes] == [(7, "warning", "")]
    assert "MAILFLOW_DATABASE" in mistakes[0].message
