"""What is told about a mailflow.yaml that is wrong: all of it, each with its place and its mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.errors import InvalidFilesError, Mistake
from mailflow.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
organization: {name: Acme, domains: [acme.example]}
mailboxes:
  - name: hr
    address: hr@acme.example
    imap: {host: imap.acme.example, username: hr, password: {env: P}}
smtp: {host: smtp.acme.example, username: hr, password: {env: P}}
"""


def mistakes_in(home: Path, text: str) -> tuple[Mistake, ...]:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "mailflow.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidFilesError) as caught:
        load_settings(home, environ={})
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("line", "column", "code", "message"),
    [
        ("databse: x", 1, "unknown-key", 'unknown key "databse", did you mean "database"?'),
        ("database: mysql://x", 1, "value", "other databases are not known"),
        ("database: 'sqlite:///:memory:'", 1, "value", "forgets every case"),
        ("broker: amqp://x", 1, "value", "other brokers are not known"),
        ("broker:", 1, "value", "has no value"),
        ("reply_domain: not a domain", 1, "value", "is no domain"),
        ("reply_addresses: pls", 1, "value", 'did you mean "plus"?'),
        ("reply_addresses: catchall", 1, "value", "like reply.acme.example"),
        ("receipts: {success: often}", 12, "value", "always, first_30_days, never"),
        ("receipts: always", 1, "value", "must be a section"),
        ("reply_delay: 2", 1, "value", '"2 minutes"'),
        ("reply_delay: {low: 2 moons}", 15, "value", '"2 minutes"'),
        ("staff_replies: {hihg: note}", 17, "unknown-key", 'did you mean "high"?'),
        ("after_store: {default: delete}", 15, "value", "ordinary mail is always moved"),
        ("free_space_floor: plenty", 1, "value", '"200 MiB"'),
        ("metrics: {listen: 9464}", 11, "value", "must be a text"),
        ('metrics: {listen: "9464"}', 11, "value", "127.0.0.1:9464"),
        ("limits: {acks_per_sender_per_day: -1}", 10, "value", "greater than or equal to 0"),
        ("limits: {acks_per_sender_per_day: few}", 10, "value", "must be a whole number"),
        ("sender_authentication: {profile: trusted-ar}", 1, "missing", "add its authserv_id"),
        ("sender_authentication: {arc_sealers: x}", 25, "value", "must be a list"),
        ("sender_authentication: {dns: {}}", 25, "value", "either server: HOST:PORT or file:"),
    ],
)
def test_a_mistake_is_told_at_its_key_with_its_mend(
    tmp_path: Path, line: str, column: int, code: str, message: str
) -> None:
    (mistake,) = mistakes_in(tmp_path, HEAD + line + "\n")
    assert (mistake.file, mistake.line) == (f"{tmp_path}/config/mailflow.yaml", 7)
    assert (mistake.column, mistake.code) == (column, code)
    assert message in mistake.message


@pytest.mark.parametrize(
    ("imap", "message"),
    [
        ("{username: hr, password: {env: P}}", '"mailboxes[0].imap.host" is missing'),
        ("{host: h, username: hr}", "a login needs password: {env: NAME}"),
        ("{host: h, username: hr, password: geheim}", "never the value itself"),
        ("{host: h, username: hr, password: {env: P, file: q}}", "only one of them"),
        ("{host: h, username: hr, password: {envv: P}}", 'did you mean "env"?'),
        ("{host: h, username: hr, password: {env: P}, port: 0}", "greater than or equal to 1"),
        ("{host: h, username: hr, password: {env: P}, processed: INBOX}", "two different folders"),
        ("{host: h, username: hr, password: {env: P}, security: ssl}", 'unknown choice "ssl"'),
        (
            (
                "{host: h, username: hr, oauth: {provider: microsoft, client_id: c, "
                "client_secret: {env: P}}}"
            ),
            "add tenant: YOUR-DIRECTORY-ID",
        ),
        (
            (
                "{host: h, username: hr, password: {env: P}, oauth: {provider: google, "
                "client_id: c, client_secret: {env: P}, refresh_token: {env: R}}}"
            ),
            "either password or oauth",
        ),
    ],
)
def test_a_login_must_be_whole(tmp_path: Path, imap: str, message: str) -> None:
    old = "{host: imap.acme.example, username: hr, password: {env: P}}"
    told = [m for m in mistakes_in(tmp_path, HEAD.replace(old, imap)) if message in m.message]
    assert [m.line for m in told] == [5]


@pytest.mark.parametrize(
    ("oauth", "message"),
    [
        ("provider: microsoft", "add tenant: YOUR-DIRECTORY-ID"),
        ("provider: google", "add refresh_token: {file: PATH}"),
        ("provider: google, tenant: t, refresh_token: {env: R}", "Google has no tenant"),
        (
            "provider: microsoft, tenant: t, refresh_token: {env: R}",
            "the application logs in by itself",
        ),
        ("provider: microsoft, tenant: t, token_url: login.example", "write https://HOST/PATH"),
        ('provider: microsoft, tenant: t, token_url: "http://login.example/t"', "use https"),
    ],
)
def test_a_login_by_token_must_be_whole(tmp_path: Path, oauth: str, message: str) -> None:
    old = "password: {env: P}}"
    new = f"oauth: {{{oauth}, client_id: c, client_secret: {{env: S}}}}}}"
    told = [m for m in mistakes_in(tmp_path, HEAD.replace(old, new, 1)) if message in m.message]
    assert [m.line for m in told] == [5]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: hr\n", "name: the team\n", "a short name"),
        ("hr@acme.example", "HR Team <hr@acme.example>", "is no mail address"),
        ("hr@acme.example", "hr..x@acme.example", "a dot must stand between"),
        ("[acme.example]", "[]", "must have one entry at least"),
        ("[acme.example]}", "[acme.example], timezone: Europe/Berlni}", '"Europe/Berlin"'),
        ("[acme.example]}", "[acme.example], locale: Deutsch}", "must be a language tag"),
        ("name: Acme", "name: 2024", "put it in quotes"),
    ],
)
def test_names_and_addresses_are_checked(tmp_path: Path, old: str, new: str, message: str) -> None:
    (mistake,) = mistakes_in(tmp_path, HEAD.replace(old, new))
    assert message in mistake.message


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = HEAD.replace("host: smtp", "hots: smtp") + "broker: x\nreceits: {}\nbroker: y\n"
    assert [(m.line, m.code) for m in mistakes_in(tmp_path, text)] == [
        (9, "duplicate-key"),
        (6, "unknown-key"),
        (7, "value"),
        (8, "unknown-key"),
    ]


@pytest.mark.parametrize("path", ["config/portal.yaml", "/etc/portal.yaml", "rules/portal.yml"])
def test_adapters_lie_with_the_rules(tmp_path: Path, path: str) -> None:
    (mistake,) = mistakes_in(tmp_path, f"{HEAD}adapters: {path}\n")
    assert "write rules/NAME.yaml" in mistake.message


def test_two_mailboxes_cannot_share_an_address(tmp_path: Path) -> None:
    text = HEAD.replace(
        "smtp:",
        "  - name: two\n    address: hr@acme.example\n"
        "    imap: {host: h, username: u, password: {env: P}}\nsmtp:",
    )
    (mistake,) = mistakes_in(tmp_path, text)
    assert 'two mailboxes have the address "hr@acme.example"' in mistake.message


@pytest.mark.parametrize(
    "line",
    [
        "metrics: {password: geheim}",
        "metrics: {liste: x, client_secret: geheim}",
        "broker: amqp://hr:geheim@host",
        "metrics: {password: geheim: x}",
    ],
)
def test_a_secret_in_the_file_is_not_shown_again(tmp_path: Path, line: str) -> None:
    told = "\n".join(str(mistake) for mistake in mistakes_in(tmp_path, HEAD + line + "\n"))
    assert told
    assert "geheim" not in told


def test_a_missing_file_says_what_writes_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidFilesError, match="`mailflow init DIR` writes one"):
        load_settings(tmp_path, environ={})


def test_a_yml_file_is_to_be_renamed(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "mailflow.yml").write_text(HEAD)
    with pytest.raises(InvalidFilesError, match=r"rename it to mailflow\.yaml"):
        load_settings(tmp_path, environ={})


def test_a_file_of_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "mailflow.yaml").write_bytes(
        HEAD.replace("Acme", "Müller").encode("cp1252")
    )
    with pytest.raises(InvalidFilesError, match="not UTF-8"):
        load_settings(tmp_path, environ={})


@pytest.mark.parametrize(("text", "lines"), [("", [0, 0, 0]), ("- a\n", [1]), ("a: [\n", [2])])
def test_a_file_of_another_shape_is_told(tmp_path: Path, text: str, lines: list[int]) -> None:
    assert [mistake.line for mistake in mistakes_in(tmp_path, text)] == lines
