"""What our libraries do when nobody tells them otherwise, and that we told them."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mailflow.core.mail.compose import is_sendable
from mailflow.core.mail.from_field import read_from_field
from mailflow.delivery.smtp import Answer, Envelope, Outcome, SmtpAccount, SmtpConnection
from mailflow.errors import TemporaryError
from mailflow.intake.mailbox import ImapAccount, MailboxSession, Security, secure_context
from tests.servers.certificates import issue_certificate
from tests.servers.place import LOOPBACK
from tests.servers.smtp_sink import SmtpSink

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.dovecot import Dovecot

RAW = b"From: riya@example.com\r\nTo: hr@acme.example\r\nSubject: x\r\n\r\nHello\r\n"


def imap_account(dovecot: Dovecot, user: str, security: Security, **changes: object) -> ImapAccount:
    account = ImapAccount(
        host=LOOPBACK,
        port=dovecot.tls_port if security is Security.TLS else dovecot.port,
        security=security,
        username=user,
        secret=lambda: "pw",
        ca_file=str(dovecot.ca_file),
    )
    return replace(account, **changes)  # type: ignore[arg-type] # passed on


_ROUNDS = 20


def send(account: SmtpAccount, recipient: str = "riya@example.com") -> Answer:
    async def at_once() -> Answer:
        connection = SmtpConnection(account)
        try:
            envelope = Envelope("hr@acme.example", recipient, RAW)
            return await connection.send(envelope, before_final_dot=nothing)
        finally:
            await connection.close()
            # A handshake that failed closes its socket in the loop's next rounds.
            for _ in range(_ROUNDS):
                await asyncio.sleep(0)

    return asyncio.run(at_once())


async def nothing() -> None:
    """No row is noted."""


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_imap_believes_only_a_known_certificate(
    dovecot: Dovecot, imap_user: str, security: Security
) -> None:
    MailboxSession(imap_account(dovecot, imap_user, security)).close()

    with pytest.raises(TemporaryError, match="SSL"):
        MailboxSession(imap_account(dovecot, imap_user, security, ca_file=None))


def test_tls_compares_the_host_name_and_refuses_what_is_old() -> None:
    context = secure_context(None)

    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_a_connection_to_a_mailbox_always_has_a_time_out(dovecot: Dovecot, imap_user: str) -> None:
    session = MailboxSession(imap_account(dovecot, imap_user, Security.NONE))

    timeout = session._box.client.sock.gettimeout()
    session.close()

    assert timeout is not None
    assert 0 < timeout <= 60


def test_fetching_marks_no_mail_as_seen(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.deliver(imap_user, RAW)
    session = MailboxSession(imap_account(dovecot, imap_user, Security.NONE))
    uids = session.list_uids(above=0)

    assert session.fetch_heads(uids)
    assert [body.raw for body in session.fetch(uids)] == [RAW]
    session.close()

    (message,) = dovecot.messages(imap_user)
    assert "\\Seen" not in message.flags


@pytest.mark.parametrize("can_move", [True, False])
def test_moving_expunges_nothing_that_others_have_marked(
    dovecot: Dovecot, imap_user: str, *, can_move: bool
) -> None:
    for _ in range(2):
        dovecot.deliver(imap_user, RAW)
    with dovecot.connect(imap_user) as client:
        client.select("INBOX")
        client.uid("STORE", "1", "+FLAGS", "(\\Deleted)")
    session = MailboxSession(imap_account(dovecot, imap_user, Security.NONE))
    if not can_move:
        session._capabilities -= {"MOVE"}

    session.move([2])
    session.close()

    left = {message.uid for message in dovecot.messages(imap_user)}
    assert left == ({1} if can_move else {1, 2})
    assert len(dovecot.messages(imap_user, "Processed")) == 1


@pytest.mark.parametrize(("security", "starttls"), [("tls", False), ("starttls", True)])
def test_smtp_believes_only_a_known_certificate(
    tmp_path: Path, security: str, *, starttls: bool
) -> None:
    certificate = issue_certificate(tmp_path)
    sink = SmtpSink.start(certificate=certificate, starttls=starttls)
    account = SmtpAccount(
        LOOPBACK, sink.port, security, ca_file=str(certificate.ca_file), patience_seconds=5
    )

    good, bad = send(account), send(replace(account, ca_file=None))
    sink.stop()

    assert good.outcome is Outcome.DELIVERED
    assert bad.outcome is Outcome.TRANSIENT
    assert len(sink.envelopes) == 1


def test_a_relay_whose_starttls_was_stripped_gets_nothing() -> None:
    sink = SmtpSink.start()

    answer = send(SmtpAccount(LOOPBACK, sink.port, "starttls", patience_seconds=5))
    sink.stop()

    assert answer.outcome is Outcome.TRANSIENT
    assert sink.envelopes == ()


@pytest.mark.parametrize(
    "recipient",
    [
        "riya@example.com>eve@evil.example",
        "riya@example.com\r\nRCPT TO:<eve@evil.example>",
        "riya@example.com\n",
        "<riya@example.com>",
        "riya@example.com]<eve@evil.example>",
        "riya@example.com, eve@evil.example",
        "\N{KELVIN SIGN}im@example.com",
        '"riya x"@example.com',
    ],
)
def test_an_address_that_a_library_could_misread_is_never_handed_to_it(recipient: str) -> None:
    sink = SmtpSink.start()

    answer = send(SmtpAccount(LOOPBACK, sink.port, "none", patience_seconds=5), recipient)
    sink.stop()

    assert not is_sendable(recipient)
    assert answer.outcome is Outcome.PERMANENT
    assert sink.commands == ()


@pytest.mark.parametrize(
    "field",
    [
        b"staff@example.com]<eve@evil.example>",
        b"staff@example.com <eve@evil.example>",
        b"a, staff@example.com <eve@evil.example>",
        b"staff@example.com, eve@evil.example",
        b"<@evil.example:staff@example.com>",
        b"group: staff@example.com;",
    ],
)
def test_a_from_that_getaddresses_takes_for_staff_is_nobody(field: bytes) -> None:
    assert read_from_field([field]).address != "staff@example.com"


def test_the_answer_to_the_final_dot_is_waited_for_as_long_as_the_rfc_says() -> None:
    """RFC 5321 4.5.3.2.6: giving up earlier makes a second copy of a mail that was taken."""
    assert SmtpAccount(LOOPBACK, 25, "none").final_patience_seconds == 600
