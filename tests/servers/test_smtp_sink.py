from __future__ import annotations

import base64
import smtplib
import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.servers.certificates import ServerCertificate, issue_certificate
from tests.servers.smtp_faults import Cut, Drip, HalfReply, Reply, Stage, Stall
from tests.servers.smtp_sink import SmtpSink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mailflow.clock import SteeredClock
    from tests.servers.dovecot import Dovecot

ANN = "ann@acme.example"
HR = "hr@acme.example"
RAW = b"From: ann@acme.example\r\nSubject: Hi\r\n\r\n.dot\r\n..dots\r\n.\r\nend\r\n"
FORGED = b"Received: by somewhere\r\nauthentication-results: demo;\r\n auth=pass smtp.auth=boss\r\n"


@pytest.fixture
def certificate(tmp_path: Path) -> ServerCertificate:
    return issue_certificate(tmp_path)


@pytest.fixture
def border() -> Iterator[SmtpSink]:
    sink = SmtpSink.start(requires_login=True, authserv_id="demo")
    yield sink
    sink.stop()


def connect(sink: SmtpSink) -> smtplib.SMTP:
    return smtplib.SMTP(sink.host, sink.port, local_hostname="client.example", timeout=10)


def send(sink: SmtpSink, *, recipients: tuple[str, ...] = (HR,), raw: bytes = RAW) -> None:
    with connect(sink) as client:
        client.sendmail(ANN, recipients, raw)


def test_accepted_mail_is_kept_byte_for_byte(smtp_sink: SmtpSink) -> None:
    send(smtp_sink, recipients=(HR, "bob@acme.example"))

    (envelope,) = smtp_sink.wait_for(1)
    assert envelope.raw == RAW
    assert (envelope.sender, envelope.recipients) == (ANN, (HR, "bob@acme.example"))
    assert smtp_sink.sent_to("bob@acme.example")[0]["Subject"] == "Hi"


@pytest.mark.parametrize("raw", [b"", b"..\r\n", b"\r\n", b".\r\n", b"x" * 300_000 + b"\r\n"])
def test_odd_messages_come_through_whole(smtp_sink: SmtpSink, raw: bytes) -> None:
    send(smtp_sink, raw=raw)

    assert smtp_sink.wait_for(1)[0].raw == (raw or b"\r\n")


def test_connection_serves_one_mail_after_the_other(smtp_sink: SmtpSink) -> None:
    with connect(smtp_sink) as client:
        for _ in range(3):
            client.sendmail(ANN, [HR], RAW)

    assert len(smtp_sink.envelopes) == 3


def test_cleared_sink_is_empty(smtp_sink: SmtpSink) -> None:
    send(smtp_sink)

    smtp_sink.clear()

    assert (smtp_sink.envelopes, smtp_sink.commands) == ((), ())


def test_waiting_in_vain_says_how_many_came(smtp_sink: SmtpSink) -> None:
    with pytest.raises(AssertionError, match="0 of 1"):
        smtp_sink.wait_for(1, timeout_seconds=0.01)


def test_mail_without_login_is_refused_where_login_is_required(border: SmtpSink) -> None:
    with pytest.raises(smtplib.SMTPSenderRefused, match="530"):
        send(border)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "XOAUTH2"])
def test_every_mechanism_logs_in(border: SmtpSink, mechanism: str) -> None:
    answers = {
        "PLAIN": ["\0ann\0pw"],
        "LOGIN": ["ann", "pw"],
        "XOAUTH2": ["user=ann\1auth=Bearer pw\1\1"],
    }
    words = iter(answers[mechanism])
    with connect(border) as client:
        client.ehlo()
        client.auth(mechanism, lambda _=None: next(words), initial_response_ok=mechanism != "LOGIN")
        client.sendmail(ANN, [HR], RAW)

    assert border.wait_for(1)[0].login == "ann"


def test_wrong_password_is_refused(border: SmtpSink) -> None:
    with connect(border) as client, pytest.raises(smtplib.SMTPAuthenticationError):
        client.login("ann", "guess")


def test_tls_is_verified(certificate: ServerCertificate) -> None:
    sink = SmtpSink.start(certificate=certificate)
    context = certificate.client_context()
    with smtplib.SMTP_SSL(sink.host, sink.port, context=context, timeout=10) as client:
        client.sendmail(ANN, [HR], RAW)

    assert sink.envelopes[0].raw == RAW
    sink.stop()


def test_starttls_is_verified(certificate: ServerCertificate) -> None:
    sink = SmtpSink.start(certificate=certificate, starttls=True)
    with connect(sink) as client:
        client.starttls(context=certificate.client_context())
        client.ehlo()
        assert not client.has_extn("starttls")
        client.sendmail(ANN, [HR], RAW)

    assert sink.envelopes[0].raw == RAW
    sink.stop()


def test_expired_certificate_is_noticed(tmp_path: Path) -> None:
    expired = issue_certificate(tmp_path, not_after=datetime(2020, 1, 1, tzinfo=UTC))
    sink = SmtpSink.start(certificate=expired)
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        smtplib.SMTP_SSL(sink.host, sink.port, context=expired.client_context(), timeout=10)
    sink.stop()


@pytest.mark.parametrize(
    ("address", "recipient"),
    [
        (HR, HR),
        (HR, "HR@acme.example"),
        (HR, "hr+token@acme.example"),
        ("@reply.acme.example", "anything@reply.acme.example"),
    ],
)
def test_routed_mail_arrives_in_the_mailbox(
    smtp_sink: SmtpSink,
    dovecot: Dovecot,
    imap_user: str,
    clock: SteeredClock,
    address: str,
    recipient: str,
) -> None:
    smtp_sink.clock = clock
    smtp_sink.route(address, dovecot, imap_user)

    send(smtp_sink, recipients=(recipient, "elsewhere@example.com"))

    (message,) = dovecot.messages(imap_user)
    assert message.received == clock.now()
    assert message.raw.startswith(b"Return-Path: <ann@acme.example>\r\nReceived: from ")
    assert message.raw.endswith(RAW)


def test_border_replaces_foreign_authentication_results(
    border: SmtpSink, dovecot: Dovecot, imap_user: str
) -> None:
    border.route(HR, dovecot, imap_user)
    with connect(border) as client:
        client.login("ann", "pw")
        client.sendmail(ANN, [HR], FORGED + RAW)

    raw = dovecot.messages(imap_user)[0].raw
    assert b"Authentication-Results: demo; auth=pass smtp.auth=ann\r\nReturn-Path: " in raw
    assert b"Received: by some" in raw
    assert b"boss" not in raw
    assert border.envelopes[0].raw == FORGED + RAW


def test_border_vouches_for_nobody_who_did_not_log_in(dovecot: Dovecot, imap_user: str) -> None:
    border = SmtpSink.start(authserv_id="demo")
    border.route(HR, dovecot, imap_user)

    send(border, raw=FORGED + RAW)

    assert b"Authentication-Results: demo; none\r\n" in dovecot.messages(imap_user)[0].raw
    border.stop()


@pytest.mark.parametrize(
    ("stage", "is_kept"),
    [
        (Stage.CONNECT, False),
        (Stage.EHLO, False),
        (Stage.MAIL, False),
        (Stage.RCPT, False),
        (Stage.DATA, False),
        (Stage.MESSAGE, False),
        (Stage.DOT, False),
        (Stage.KEPT, True),
    ],
)
@pytest.mark.parametrize("answer", [Cut(), HalfReply(), Reply(421), Reply(451), Reply(554)])
def test_fault_strikes_once_at_its_stage(
    smtp_sink: SmtpSink, stage: Stage, answer: Cut | HalfReply | Reply, *, is_kept: bool
) -> None:
    smtp_sink.fail(stage, answer)
    with pytest.raises((smtplib.SMTPException, OSError)):
        send_unforgiving(smtp_sink)
    assert len(smtp_sink.envelopes) == is_kept

    smtp_sink.clear()
    send(smtp_sink)
    assert len(smtp_sink.envelopes) == 1


def send_unforgiving(sink: SmtpSink) -> None:
    """Smtplib falls back from EHLO to HELO, and its sendmail hides where it failed."""
    with connect(sink) as client:
        code, text = client.ehlo()
        if code != 250:
            raise smtplib.SMTPHeloError(code, text)
        client.sendmail(ANN, [HR], RAW)


def test_fault_for_one_recipient_spares_the_other(smtp_sink: SmtpSink) -> None:
    smtp_sink.fail(Stage.RCPT, Reply(550), recipient="gone@acme.example", times=None)

    send(smtp_sink, recipients=("gone@acme.example", HR))

    assert smtp_sink.envelopes[0].recipients == (HR,)


def test_lasting_fault_ends_when_the_sink_behaves(smtp_sink: SmtpSink) -> None:
    smtp_sink.fail(Stage.MAIL, Reply(451), times=None)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPSenderRefused):
            send(smtp_sink)

    smtp_sink.behave()
    send(smtp_sink)

    assert len(smtp_sink.envelopes) == 1


def test_stalled_sink_answers_late(smtp_sink: SmtpSink) -> None:
    smtp_sink.fail(Stage.KEPT, Stall())
    with (
        pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"),
        smtplib.SMTP(smtp_sink.host, smtp_sink.port, timeout=0.2) as client,
    ):
        client.sendmail(ANN, [HR], RAW)

    assert len(smtp_sink.envelopes) == 1


def test_message_that_pauses_halfway_is_kept_whole(smtp_sink: SmtpSink) -> None:
    smtp_sink.fail(Stage.MESSAGE, Stall(seconds=0.01))

    send(smtp_sink)

    assert smtp_sink.envelopes[0].raw == RAW


def test_dripped_answer_is_whole_in_the_end(smtp_sink: SmtpSink) -> None:
    smtp_sink.fail(Stage.MAIL, Drip(pause_seconds=0.001))
    smtp_sink.fail(Stage.KEPT, Drip(pause_seconds=0.001))

    send(smtp_sink)

    assert len(smtp_sink.envelopes) == 1


def test_restarted_sink_listens_on_its_port_and_remembers(smtp_sink: SmtpSink) -> None:
    send(smtp_sink)
    smtp_sink.stop()
    with pytest.raises(ConnectionRefusedError):
        connect(smtp_sink)

    smtp_sink.restart()
    send(smtp_sink)

    assert len(smtp_sink.envelopes) == 2


@pytest.mark.parametrize("login", ["!", base64.b64encode(b"\xff\0x").decode()])
def test_nonsense_is_answered_with_an_error(smtp_sink: SmtpSink, login: str) -> None:
    with connect(smtp_sink) as client:
        codes = [
            client.docmd(line)[0]
            for line in ("BDAT 3", f"AUTH PLAIN {login}", "MAIL x", "RCPT TO:<x>", "DATA")
        ]

    assert codes == [500, 535, 501, 503, 503]
