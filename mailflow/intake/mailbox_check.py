"""Whether one mailbox can be read: connection, certificate, log-in, folders, what it can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.finding import error, good, warning
from mailflow.errors import InvalidFilesError, KeyringError, TemporaryError
from mailflow.intake.mailbox import MailboxSession, Security

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.core.finding import Finding
    from mailflow.intake.mailbox import ImapAccount

_WISHED = {
    "IDLE": "mail is found by looking once a poll_seconds only",
    "MOVE": "mail is copied to the processed folder and stays in the inbox, marked",
    "UIDPLUS": "`mailflow reconcile` compares the bytes of mails instead of their numbers",
}


def check_mailbox(name: str, account: ImapAccount) -> Iterator[Finding]:
    """Opens the mailbox as the poller would, which also makes the processed folder."""
    area = f"imap {name}"
    try:
        session = MailboxSession(account)
    except TemporaryError as trouble:
        yield _unreachable(area, account, trouble)
        return
    except (InvalidFilesError, KeyringError) as trouble:
        yield error(area, "no-secret", str(trouble), mend="give the mailbox its password")
        return
    try:
        yield good(area, "log-in", f"{account.host}: folder {account.folder} is open")
        yield from _check_encryption(area, account)
        for word, consequence in _WISHED.items():
            if word not in session.capabilities:
                message = f"{account.host} has no {word}: {consequence}"
                yield warning(area, f"no-{word.lower()}", message, mend="nothing is lost by it")
    finally:
        session.close()


def _check_encryption(area: str, account: ImapAccount) -> Iterator[Finding]:
    if account.security is Security.NONE:
        message = "the connection is not encrypted: fine on loop-back, and refused elsewhere"
        yield warning(area, "no-tls", message, mend="use tls with a real server")
    else:
        yield good(area, "tls", "the server's certificate is valid for its name")


def _unreachable(area: str, account: ImapAccount, trouble: TemporaryError) -> Finding:
    words = str(trouble)
    if "log-in" in words:
        return error(
            area,
            "log-in",
            f"{account.host} refuses {account.username}",
            mend="compare username and password; many providers want an app password or oauth",
        )
    if "Certificate" in words or "SSL" in words:
        return error(
            area,
            "certificate",
            f"{account.host} shows no certificate that this machine believes ({words})",
            mend="correct imap.host to the name in the certificate, or set ca_file",
        )
    if "folder" in words:
        return error(area, "folder", words, mend="correct imap.folder")
    return error(
        area,
        "unreachable",
        f"{account.host}:{account.port} does not answer ({words})",
        mend="correct imap.host, port and security, or open the firewall",
    )
