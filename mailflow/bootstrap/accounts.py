"""How to reach the mail servers that the settings name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.access_tokens import AccessTokens, Grant, Provider
from mailflow.clock import SystemClock
from mailflow.delivery.smtp import SmtpAccount
from mailflow.errors import KeyringError
from mailflow.intake.mailbox import ImapAccount, Security

if TYPE_CHECKING:
    from mailflow.settings import Settings
    from mailflow.settings.servers import Mailbox, OAuth


@dataclass(frozen=True)
class Account:
    """One mailbox to be read, as its poller needs it."""

    name: str
    imap: ImapAccount
    poll_seconds: int
    removes_sensitive: bool = False


def mailbox_account(mailbox: Mailbox) -> Account:
    imap = mailbox.imap
    return Account(
        name=mailbox.name,
        imap=ImapAccount(
            host=imap.host,
            port=imap.port,
            security=Security(imap.security),
            username=imap.username,
            secret=imap.password.reveal if imap.password else _no_secret,
            tokens=_access_tokens(imap.oauth),
            folder=imap.folder,
            processed=imap.processed,
            ca_file=str(mailbox.ca_file) if mailbox.ca_file else None,
            may_idle=mailbox.idle,
        ),
        poll_seconds=mailbox.poll_seconds,
    )


def mailbox_accounts(settings: Settings) -> tuple[Account, ...]:
    """In the order of the settings, each with what becomes of sensitive mail."""
    return tuple(
        replace(mailbox_account(mailbox), removes_sensitive=settings.removes_sensitive(mailbox))
        for mailbox in settings.mailboxes
    )


def _no_secret() -> str:
    raise KeyringError("this mailbox has no password")


def relay_account(settings: Settings) -> SmtpAccount:
    smtp = settings.smtp
    return SmtpAccount(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        username=smtp.username,
        secret=smtp.password.reveal if smtp.password else None,
        tokens=_access_tokens(smtp.oauth),
        ca_file=str(smtp.ca_file) if smtp.ca_file else None,
    )


def _access_tokens(oauth: OAuth | None) -> AccessTokens | None:
    if oauth is None:
        return None
    grant = Grant(
        provider=Provider(oauth.provider),
        client_id=oauth.client_id,
        client_secret=oauth.client_secret.reveal,
        tenant=oauth.tenant,
        refresh_token=oauth.refresh_token.reveal if oauth.refresh_token else None,
        token_url=oauth.token_url,
    )
    # A token ages in real time, wherever a test has put the clock.
    return AccessTokens(grant, clock=SystemClock())
