"""A whole site for a test: an instance on disk, its mailbox, its relay, and the product on it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

from sqlalchemy import text

from mailflow.bootstrap import Runtime, assemble
from mailflow.clock import SteeredClock, SystemClock
from mailflow.keys.keyring import create_keyring
from mailflow.shipped_files import shipped_folder
from mailflow.store import case_events, cases, messages
from mailflow.store.session import reading
from mailflow.workers.run import run_once

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import RowMapping

    from mailflow.clock import Clock
    from mailflow.core.case.clock import CaseClock
    from mailflow.core.case.events import Event
    from mailflow.store.cases import LoadedCase
    from mailflow.store.messages import FiledMessage
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

    def deliver(self, *mails: bytes) -> None:
        """The server takes them at the time of the site's clock."""
        now = self.clock.now() if self.clock else None
        for mail in mails:
            self.dovecot.deliver(self.user, mail, received=now)

    def run(self) -> bool:
        return run_once(self.runtime)

    def steer(self) -> SteeredClock:
        """From now on the test moves the time. It starts at the real one: what the server stamps
        on mail (INTERNALDATE) must not lie in the future.
        """
        self.close()
        clock = SteeredClock(SystemClock().now())
        self.clock = clock
        return clock

    def take(self, runtime: Runtime) -> None:
        """Work with this runtime, a changed copy of the present one, until the next change."""
        self._runtime = runtime

    def change_settings(self, old: str, new: str) -> None:
        """Rewrite config/mailflow.yaml; the next run reads it."""
        self.close()
        path = self.home / "config" / "mailflow.yaml"
        before = path.read_text(encoding="utf-8")
        assert old in before
        path.write_text(before.replace(old, new), encoding="utf-8")

    def close(self) -> None:
        if self._runtime is not None:
            self._runtime.close()
            self._runtime = None

    def sent_to(self, address: str) -> list[EmailMessage]:
        return list(self.relay.sent_to(address))

    def cases(self) -> list[LoadedCase]:
        """Every case in the order of the mails they began with; those without mail come last."""
        runtime = self.runtime
        begun = {
            row["case_uid"]: row["first"]
            for row in self.rows(
                "SELECT case_uid, min(uid) AS first FROM inbound"
                " WHERE case_uid IS NOT NULL GROUP BY case_uid"
            )
        }
        with reading(runtime.engine) as connection:
            uids = cases.list_case_uids(connection, runtime.keyring)
            files = cases.load_cases(connection, runtime.keyring, uids)
        last = max(begun.values(), default=0) + 1
        return sorted(
            files.values(),
            key=lambda loaded: (begun.get(loaded.case.uid, last), loaded.case.opened_at),
        )

    def case(self) -> LoadedCase:
        """The only case there is."""
        (only,) = self.cases()
        return only

    def clock_of(self, target: str) -> CaseClock:
        """The only case's clock of this name."""
        (clock,) = (clock for clock in self.case().file.clocks if clock.target == target)
        return clock

    def events(self, loaded: LoadedCase) -> list[Event]:
        with reading(self.runtime.engine) as connection:
            return list(case_events.load_events(connection, loaded.vault))

    def conversation(self, loaded: LoadedCase) -> list[FiledMessage]:
        with reading(self.runtime.engine) as connection:
            return list(messages.load_messages(connection, loaded.vault))

    def rows(self, query: str) -> list[RowMapping]:
        """What stands in the clear columns of the database."""
        with reading(self.runtime.engine) as connection:
            return list(connection.execute(text(query)).mappings())

    def ledger(self) -> list[str]:
        """What became of each mail, in the order of arrival: the disposition, or the state."""
        rows = self.rows(
            "SELECT state, disposition FROM inbound ORDER BY uidvalidity, uid, stored_at"
        )
        return [row["disposition"] or row["state"] for row in rows]

    def told(self) -> set[str]:
        """Everybody to whom the relay was handed a mail."""
        return {recipient for kept in self.relay.envelopes for recipient in kept.recipients}


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
    html: str | None = None,
    attach: tuple[str, bytes] | None = None,
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
    digest = hashlib.sha256(f"{sender} {subject} {text}".encode()).hexdigest()
    message["Message-ID"] = message_id or f"<{digest[:20]}@client.example>"
    if in_reply_to:
        message["In-Reply-To"] = in_reply_to
        message["References"] = in_reply_to
    for name, value in headers:
        message[name] = value
    if html is not None and not text:
        message.set_content(html, subtype="html")
    else:
        message.set_content(text)
        if html is not None:
            message.add_alternative(html, subtype="html")
    if attach is not None:
        name, content = attach
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()
