from __future__ import annotations

import imaplib
import smtplib
from typing import TYPE_CHECKING

import pytest

from mailflow.clock import SystemClock
from mailflow.demo.company import ALIAS, Account, Company, Part
from mailflow.demo.post_office import stamp, strip_results
from mailflow.demo.servers import LOOPBACK, PrivateServers
from mailflow.intake.mailbox import ImapAccount, MailboxSession, Security

if TYPE_CHECKING:
    from collections.abc import Iterator

EMPLOYEE = Account("Ana Alvarez", "ana.alvarez@acme.example", Part.EMPLOYEE, ("ana@acme.example",))
HR = Account("HR", ALIAS, Part.ALIAS)
MAIL = b"From: ana.alvarez@acme.example\r\nTo: hr@acme.example\r\nSubject: Pay\r\n\r\nHello\r\n"


@pytest.fixture
def servers() -> Iterator[PrivateServers]:
    servers = PrivateServers.start(Company((HR, EMPLOYEE)), SystemClock())
    yield servers
    servers.stop()


@pytest.fixture
def smtp(servers: PrivateServers) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(LOOPBACK, servers.smtp_port) as client:
        yield client


def _session(servers: PrivateServers) -> MailboxSession:
    return MailboxSession(
        ImapAccount(
            LOOPBACK, servers.imap_port, Security.NONE, ALIAS, lambda: HR.password, may_idle=False
        )
    )


def test_mail_without_a_login_is_refused(smtp: smtplib.SMTP) -> None:
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        smtp.sendmail(EMPLOYEE.address, [ALIAS], MAIL)
    assert refused.value.smtp_code == 530


def test_a_wrong_password_is_refused(smtp: smtplib.SMTP) -> None:
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp.login(EMPLOYEE.address, HR.password)


def test_an_address_that_nobody_has_is_refused(smtp: smtplib.SMTP) -> None:
    smtp.login(EMPLOYEE.address, EMPLOYEE.password)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        smtp.sendmail(EMPLOYEE.address, ["nobody@acme.example"], MAIL)


def test_mail_to_a_plus_address_reaches_the_alias(
    servers: PrivateServers, smtp: smtplib.SMTP
) -> None:
    smtp.login(EMPLOYEE.address, EMPLOYEE.password)
    smtp.sendmail(EMPLOYEE.address, ["hr+token@acme.example"], MAIL)
    (delivered,) = servers.delivered
    assert (delivered.account, delivered.login) == (HR, EMPLOYEE)


def test_the_writer_finds_what_they_sent_under_each_of_their_addresses(
    servers: PrivateServers, smtp: smtplib.SMTP
) -> None:
    smtp.login(EMPLOYEE.address, EMPLOYEE.password)
    smtp.sendmail(EMPLOYEE.address, [ALIAS], MAIL)
    client = imaplib.IMAP4(LOOPBACK, servers.imap_port)
    client.login("ana@acme.example", EMPLOYEE.password)
    status, (count, *_) = client.select("Sent")
    client.logout()
    assert (status, count) == ("OK", b"1")


def test_the_product_fetches_and_moves_mail_on_it(servers: PrivateServers) -> None:
    session = _session(servers)
    servers.deliver(MAIL, [ALIAS], sender="a@example.com")
    servers.deliver(MAIL * 2_000, [ALIAS], sender="a@example.com")
    session.probe()
    uids = session.list_uids(above=0)
    assert [head.size for head in session.fetch_heads(uids)] == [
        len(body.raw) for body in session.fetch(uids)
    ]
    assert set(session.move(uids)) == set(uids)
    session.probe()
    assert session.list_uids(above=0) == ()
    session.close()


def test_the_stamp_names_the_login_and_not_what_the_mail_claims(
    servers: PrivateServers, smtp: smtplib.SMTP
) -> None:
    smtp.login(EMPLOYEE.address, EMPLOYEE.password)
    forged = MAIL.replace(b"From: ana.alvarez@", b"From: boss@")
    smtp.sendmail(EMPLOYEE.address, [ALIAS], forged)
    session = _session(servers)
    (body,) = session.fetch(session.list_uids(above=0))
    session.close()
    assert b"Authentication-Results: demo; auth=pass smtp.auth=ana.alvarez@acme.example" in body.raw


def test_results_that_came_with_a_mail_are_removed_and_no_more() -> None:
    raw = (
        b"Subject: x\r\nAuthentication-Results: demo;\r\n auth=pass smtp.auth=boss@acme.example\r\n"
        b"AUTHENTICATION-RESULTS : demo; auth=pass\r\nX-Kept: y\r\n\r\n"
        b"Authentication-Results: in the body\r\n"
    )
    kept = b"Subject: x\r\nX-Kept: y\r\n\r\nAuthentication-Results: in the body\r\n"
    assert strip_results(raw) == kept


def test_mail_from_outside_is_stamped_as_unknown() -> None:
    stamped = stamp(MAIL, sender="a@example.com", login=None, at=SystemClock().now())
    assert stamped.startswith(
        b"Return-Path: <a@example.com>\r\nAuthentication-Results: demo; none\r\nReceived: "
    )


def test_a_second_pair_takes_other_ports_when_the_wanted_ones_are_taken(
    servers: PrivateServers,
) -> None:
    second = PrivateServers.start(
        servers.company,
        SystemClock(),
        imap_port=servers.imap_port,
        smtp_port=servers.smtp_port,
    )
    ports = {servers.imap_port, servers.smtp_port, second.imap_port, second.smtp_port}
    second.stop()
    assert len(ports) == 4
