from __future__ import annotations

import imaplib
import socket
import threading
from datetime import UTC, datetime

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.unreliable_line import UnreliableLine, Weather

RAW = b"From: Ann <ann@acme.example>\r\nSubject: Payslip\r\n\r\nIt is wrong.\r\n"


def test_appended_mail_lies_in_the_inbox_byte_for_byte(dovecot: Dovecot, imap_user: str) -> None:
    received = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)

    dovecot.deliver(imap_user, RAW, received=received)

    (message,) = dovecot.messages(imap_user)
    assert (message.raw, message.received) == (RAW, received)


def test_mail_delivered_as_files_keeps_order_and_date(dovecot: Dovecot, imap_user: str) -> None:
    received = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)

    dovecot.deliver_files(imap_user, [b"Subject: %d\r\n\r\n" % n for n in range(30)], "Processed")

    assert [message.raw for message in dovecot.messages(imap_user, "Processed")] == [
        b"Subject: %d\r\n\r\n" % n for n in range(30)
    ]
    dovecot.deliver_files(imap_user, [RAW], received=received)
    assert dovecot.messages(imap_user)[0].received == received


def test_files_arrive_in_a_mailbox_already_open(dovecot: Dovecot, imap_user: str) -> None:
    with dovecot.connect(imap_user) as client:
        client.select()
        dovecot.deliver_files(imap_user, [RAW])
        client.noop()
        _, found = client.uid("SEARCH", "ALL")

    assert found == [b"1"]


def test_every_user_begins_with_the_three_folders(dovecot: Dovecot, imap_user: str) -> None:
    assert [dovecot.messages(imap_user, name) for name in ("INBOX", "Processed", "Sent")] == [
        (),
        (),
        (),
    ]


def test_users_do_not_see_each_other(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.deliver(imap_user, RAW)

    assert dovecot.messages(f"other-{imap_user}") == ()


def test_server_offers_what_the_product_needs(dovecot: Dovecot, imap_user: str) -> None:
    with dovecot.connect(imap_user) as client:
        _, offers = client.capability()

    assert {b"IDLE", b"MOVE", b"UIDPLUS", b"CONDSTORE"} <= set(offers[0].split())


@pytest.mark.parametrize("scheme", ["tls", "starttls"])
def test_encrypted_login_is_verified(dovecot: Dovecot, imap_user: str, scheme: str) -> None:
    context = dovecot.tls_context()
    if scheme == "tls":
        client: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            "localhost", dovecot.tls_port, ssl_context=context
        )
    else:
        client = imaplib.IMAP4("localhost", dovecot.port)
        client.starttls(context)
    with client:
        assert client.login(imap_user, dovecot.password)[0] == "OK"


@pytest.mark.parametrize(
    ("mechanism", "answer"),
    [
        ("XOAUTH2", "user={user}\1auth=Bearer pw\1\1"),
        ("OAUTHBEARER", "n,a={user},\1auth=Bearer pw\1\1"),
    ],
)
def test_access_token_logs_in(
    dovecot: Dovecot, imap_user: str, mechanism: str, answer: str
) -> None:
    with imaplib.IMAP4(dovecot.host, dovecot.port) as client:
        word = client.authenticate(mechanism, lambda _: answer.format(user=imap_user).encode())

    assert word[0] == "OK"


def test_wrong_password_is_refused(dovecot: Dovecot, imap_user: str) -> None:
    with (
        imaplib.IMAP4(dovecot.host, dovecot.port) as client,
        pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"),
    ):
        client.login(imap_user, "guess")


def test_expunged_mail_is_gone_and_the_rest_stays(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.deliver_files(imap_user, [RAW, RAW, RAW])

    dovecot.expunge(imap_user, [1, 3])

    assert [message.uid for message in dovecot.messages(imap_user)] == [2]


def test_changed_uidvalidity_is_shown_to_clients(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.deliver(imap_user, RAW)

    value = dovecot.change_uidvalidity(imap_user)

    assert dovecot.uidvalidity(imap_user) == value


@pytest.mark.parametrize("ending", ["stop", "kill"])
def test_mail_and_port_survive_a_restart(dovecot: Dovecot, imap_user: str, ending: str) -> None:
    dovecot.deliver(imap_user, RAW)
    port = dovecot.port

    getattr(dovecot, ending)()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((dovecot.host, port))
    dovecot.ensure_running()

    assert dovecot.messages(imap_user)[0].raw == RAW
    assert dovecot.port == port


def test_paused_server_is_silent_until_it_resumes(dovecot: Dovecot) -> None:
    with socket.create_connection((dovecot.host, dovecot.port), timeout=10) as connection:
        connection.recv(1000)
        dovecot.pause()
        connection.sendall(b"x1 NOOP\r\n")
        connection.settimeout(0.1)
        with pytest.raises(TimeoutError):
            connection.recv(1000)
        dovecot.resume()
        connection.settimeout(10)
        assert connection.recv(1000).startswith(b"x1 OK")


def test_line_falls_silent_and_recovers(dovecot: Dovecot) -> None:
    line = UnreliableLine.start(dovecot.port)
    with socket.create_connection((line.host, line.port), timeout=10) as connection:
        connection.recv(1000)
        line.weather = Weather.SILENT
        connection.sendall(b"x1 NOOP\r\n")
        connection.settimeout(0.1)
        with pytest.raises(TimeoutError):
            connection.recv(1000)
        line.weather = Weather.FAIR
        connection.settimeout(10)
        assert connection.recv(1000).startswith(b"x1 OK")
    line.stop()


def test_line_drips_one_byte_at_a_time(dovecot: Dovecot) -> None:
    line = UnreliableLine.start(dovecot.port, drip_seconds=0.001)
    line.weather = Weather.DRIP
    with socket.create_connection((line.host, line.port), timeout=10) as connection:
        assert [connection.recv(100) for _ in range(4)] == [b"*", b" ", b"O", b"K"]
    line.stop()


def test_cut_line_resets_the_connection(dovecot: Dovecot) -> None:
    line = UnreliableLine.start(dovecot.port)
    with socket.create_connection((line.host, line.port), timeout=10) as connection:
        connection.recv(1000)
        threading.Timer(0.05, line.cut).start()
        with pytest.raises(ConnectionResetError):
            connection.recv(1000)
    line.stop()


def test_server_of_ones_own_offers_less_and_leaves_nothing_behind(dovecot: Dovecot) -> None:
    other = Dovecot.start(extra_settings="imap_capability = IMAP4rev1 UIDPLUS")
    with other.connect("ann") as client:
        _, offers = client.capability()

    other.remove()

    assert b"MOVE" not in offers[0]
    assert not other.folder.exists()
