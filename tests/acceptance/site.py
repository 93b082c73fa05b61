"""A whole site for a test: an instance on disk, its mailbox, its relay, and the product on it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

from mailflow.bootstrap import Runtime, assemble
from mailflow.keys.keyring import create_keyring
from mailflow.shipped_files import shipped_folder
from mailflow.store import cases, instance
from mailflow.store.session import reading, transaction
from mailflow.workers.run import run_once

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mailflow.clock import Clock
    from mailflow.store.cases import LoadedCase
    from tests.servers.dovecot import Dovecot
    from tests.servers.smtp_sink import SmtpSink

ALIAS = "hr@acme.example"
AUTHSERV = "mx.acme.example"

_SETTINGS = """\
organization: {{name: Acme, domains: [acme.example], locale: en, timezone: Europe/Berlin}}
database: {database}
broker: {broker}
keyring: var/keyring.json
reply_domain: acme.example
mailboxes:
  - name: hr
    address: hr@acme.example
    imap: {{host: 127.0.0.1, port: {imap_port}, security: none, username: {user},
            password: {{env: IMAP_PASSWORD}}}}
    poll_seconds: 1
smtp: {{host: 127.0.0.1, port: {smtp_port}, security: none}}
sender_authentication: {{profile: trusted-ar, authserv_id: mx.acme.example, trusted_hops: 1}}
free_space_floor: 1 MiB
"""


def write_instance(
    home: Path, *, database: str, imap_port: int, user: str, smtp_port: int, broker: str
) -> None:
    """The shipped sample company, with this test's servers in its settings."""
    for name in ("config", "rules", "templates"):
        shutil.copytree(shipped_folder(name), home / name)
    (home / "var").mkdir()
    create_keyring(home / "var" / "keyring.json")
    text = _SETTINGS.format(
        database=database, broker=broker, imap_port=imap_port, user=user, smtp_port=smtp_port
    )
    (home / "config" / "mailflow.yaml").write_text(text, encoding="utf-8")


@dataclass
class Site:
    """``deliver`` puts mail into the alias' mailbox; ``run`` does what is due; ``sent`` is what
    the relay got.
    """

    home: Path
    dovecot: Dovecot
    user: str
    relay: SmtpSink
    clock: Clock | None = None
    environ: dict[str, str] = field(default_factory=lambda: {"IMAP_PASSWORD": "pw"})
    _runtime: Runtime | None = None

    @property
    def runtime(self) -> Runtime:
        if self._runtime is None:
            self._runtime = assemble(self.home, environ=self.environ, clock=self.clock)
        return self._runtime

    def calibrate(self) -> None:
        """Say that the border's stamp can be trusted, as `check auth` would have found."""
        runtime = self.runtime
        with transaction(runtime.engine) as connection:
            instance.beat(connection, "sender_authentication", now=runtime.clock.now())
        self.close()

    def deliver(self, *mails: bytes) -> None:
        for mail in mails:
            self.dovecot.deliver(self.user, mail)

    def run(self) -> bool:
        return run_once(self.runtime)

    def close(self) -> None:
        if self._runtime is not None:
            self._runtime.close()
            self._runtime = None

    def sent_to(self, address: str) -> list[EmailMessage]:
        return list(self.relay.sent_to(address))

    def cases(self) -> list[LoadedCase]:
        """Every case, oldest first."""
        runtime = self.runtime
        with reading(runtime.engine) as connection:
            uids = cases.list_case_uids(connection, runtime.keyring)
            files = cases.load_cases(connection, runtime.keyring, uids)
        return sorted(files.values(), key=lambda loaded: loaded.case.opened_at)


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def write_mail(
    sender: str,
    subject: str,
    text: str,
    *,
    to: str = ALIAS,
    cc: str | None = None,
    message_id: str | None = None,
    in_reply_to: str | None = None,
    verified: bool = True,
    headers: Iterable[tuple[str, str]] = (),
) -> bytes:
    """A mail as the border leaves it: stamped when the sender had logged in."""
    message = EmailMessage(policy=policy.SMTP)
    if verified:
        address = sender.partition("<")[2].rstrip(">") or sender
        message["Authentication-Results"] = f"{AUTHSERV}; auth=pass smtp.auth={address}"
    message["From"] = sender
    message["To"] = to
    if cc:
        message["Cc"] = cc
    message["Subject"] = subject
    message["Date"] = "Tue, 24 Nov 2026 09:00:00 +0000"
    message["Message-ID"] = message_id or f"<{abs(hash((sender, subject, text))):x}@client.example>"
    if in_reply_to:
        message["In-Reply-To"] = in_reply_to
        message["References"] = in_reply_to
    for name, value in headers:
        message[name] = value
    message.set_content(text)
    return message.as_bytes()
