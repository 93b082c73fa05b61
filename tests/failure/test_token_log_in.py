"""Logging in with a token: Dovecot's and the relay's XOAUTH2, against a fake token endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.bootstrap import mailbox_account, relay_account
from mailflow.core.finding import Severity
from mailflow.delivery.relay_check import check_relay
from mailflow.intake.mailbox_check import check_mailbox
from mailflow.settings import load_settings
from tests.acceptance.site import write_mail
from tests.servers.smtp_sink import SmtpSink
from tests.servers.token_endpoint import TokenEndpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.core.finding import Finding
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"
GOOD = {"access_token": "pw", "expires_in": 3600}
EXPIRED = {"error": "invalid_client", "error_codes": [7000222]}


@pytest.fixture
def endpoint() -> Iterator[TokenEndpoint]:
    endpoint = TokenEndpoint.start()
    yield endpoint
    endpoint.stop()


@pytest.fixture
def relay() -> Iterator[SmtpSink]:
    relay = SmtpSink.start(requires_login=True)
    yield relay
    relay.stop()


@pytest.fixture
def token_site(sqlite_site: Site, endpoint: TokenEndpoint, relay: SmtpSink) -> Site:
    """The sample company, whose mailbox and relay take tokens alone."""
    site = sqlite_site
    oauth = (
        "oauth: {provider: microsoft, tenant: t, client_id: c, client_secret: {env: SECRET}, "
        f'token_url: "{endpoint.url}"}}'
    )
    site.change_settings("password: {env: IMAP_PASSWORD}", oauth)
    old = f"port: {site.relay.port}, security: none"
    site.change_settings(old, f"port: {relay.port}, security: none, username: hr, {oauth}")
    site.environ = {"SECRET": "the secret"}
    site.relay = relay
    return site


def findings(site: Site) -> dict[str, list[Finding]]:
    settings = load_settings(site.home, environ=site.environ)
    account = mailbox_account(settings.mailboxes[0]).imap
    return {
        "imap": list(check_mailbox("hr", account)),
        "smtp": list(check_relay(relay_account(settings))),
    }


def test_mail_comes_in_and_goes_out_by_token_alone(
    token_site: Site, endpoint: TokenEndpoint
) -> None:
    site = token_site
    site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
    site.run()
    site.run()
    assert len(site.sent_to(RIYA)) == 1
    # One for the mailbox and one for the relay, however often they are opened.
    assert len(endpoint.forms) == 2


def test_a_token_that_the_servers_refuse_is_replaced_and_no_mail_is_lost(
    token_site: Site, endpoint: TokenEndpoint
) -> None:
    site = token_site
    endpoint.answer_with(200, {"access_token": "withdrawn", "expires_in": 3600})
    site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
    assert site.run() is False
    assert site.ledger() == []
    endpoint.answer_with(200, GOOD)
    site.run()
    assert len(site.sent_to(RIYA)) == 1


def test_mail_waits_on_the_server_while_the_provider_gives_no_token(
    token_site: Site, endpoint: TokenEndpoint
) -> None:
    site = token_site
    site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
    endpoint.answer_with(503, b"")
    assert site.run() is False
    assert len(site.dovecot.messages(site.user)) == 1
    endpoint.answer_with(200, GOOD)
    site.run()
    assert len(site.sent_to(RIYA)) == 1


def test_an_ordered_mail_keeps_the_reason_why_it_waits(
    token_site: Site, endpoint: TokenEndpoint
) -> None:
    site = token_site
    site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
    mailbox_tokens = site.runtime.accounts[0].imap.tokens
    assert mailbox_tokens is not None
    mailbox_tokens.current()
    endpoint.answer_with(400, EXPIRED)
    site.run()
    rows = site.rows("SELECT state, error FROM outbox")
    assert {row["state"] for row in rows} == {"deferred"}
    assert {row["error"] for row in rows} == {"OAuth: 127.0.0.1 says invalid_client, AADSTS7000222"}


def test_check_is_content_with_a_token_that_opens_both(token_site: Site) -> None:
    found = findings(token_site)
    assert all(
        finding.severity is not Severity.ERROR for part in found.values() for finding in part
    )


def test_check_says_what_the_provider_refuses(token_site: Site, endpoint: TokenEndpoint) -> None:
    endpoint.answer_with(400, EXPIRED)
    for part in findings(token_site).values():
        (finding,) = part
        assert finding.severity is Severity.ERROR
        assert "client_secret has expired" in finding.mend


def test_check_says_what_is_missing_when_the_token_opens_nothing(
    token_site: Site, endpoint: TokenEndpoint
) -> None:
    endpoint.answer_with(200, {"access_token": "of another mailbox", "expires_in": 3600})
    found = findings(token_site)
    assert "IMAP.AccessAsApp" in found["imap"][0].mend
    assert "SMTP.SendAsApp" in found["smtp"][0].mend
