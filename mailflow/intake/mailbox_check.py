"""Whether one mailbox can be read: connection, certificate, log-in, folders, what it can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.access_tokens import NoTokenError, Provider
from mailflow.core.finding import error, good, warning
from mailflow.errors import InvalidFilesError, KeyringError, TemporaryError
from mailflow.intake.mailbox import MailboxSession, Security

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from mailflow.core.finding import Finding
    from mailflow.intake.mailbox import ImapAccount

_WISHED = {
    "IDLE": "mail is found by looking once a poll_seconds only",
    "MOVE": "mail is copied to the processed folder and stays in the inbox, marked",
    "UIDPLUS": "`mailflow reconcile` compares the bytes of mails instead of their numbers",
}
_COMPARE = "compare username and password; many providers want an app password or oauth"
_LET_IN = {
    Provider.MICROSOFT: "grant IMAP.AccessAsApp, register the application in Exchange Online and "
    "give it the mailbox: docs/mail-providers.md has the three commands",
    Provider.GOOGLE: "switch IMAP on, and make the refresh_token while logged in as this mailbox",
}


def check_mailbox(
    name: str,
    account: ImapAccount,
    *,
    removes_sensitive: bool = False,
    read_by: Collection[str] = (),
) -> Iterator[Finding]:
    """Opens the mailbox as the poller would, which also makes the processed folder."""
    area = f"imap {name}"
    try:
        session = MailboxSession(account)
    except NoTokenError as trouble:
        mend = trouble.mend or "nothing to do if it passes; else let this machine reach it by https"
        yield error(area, "token", str(trouble), mend=mend)
        return
    except TemporaryError as trouble:
        yield _unreachable(area, account, trouble)
        return
    except (InvalidFilesError, KeyringError) as trouble:
        yield error(area, "no-secret", str(trouble), mend="give the mailbox its password")
        return
    try:
        yield good(area, "log-in", f"{account.host}: folder {account.folder} is open")
        yield from _check_encryption(area, account)
        if removes_sensitive and not session.can_remove:
            message = f"{account.host} has no UIDPLUS: sensitive mail stays on the server"
            mend = "set after_store.sensitive: move, and see who can open the mailbox"
            yield error(area, "cannot-remove", message, mend=mend)
        yield say_readers(area, session.list_readers(), account, read_by)
        for word, consequence in _WISHED.items():
            if word not in session.capabilities:
                message = f"{account.host} has no {word}: {consequence}"
                yield warning(area, f"no-{word.lower()}", message, mend="nothing is lost by it")
    finally:
        session.close()


def say_readers(
    area: str, readers: Collection[str] | None, account: ImapAccount, read_by: Collection[str]
) -> Finding:
    """Whoever opens the mailbox reads mail before it is a case: nothing here can keep it from
    them, so at least it has to be known.
    """
    known = {account.username.lower(), *(one.lower() for one in read_by)}
    others = [one for one in readers or () if one.lower() not in known]
    if others:
        message = f"the server lets others open it: {', '.join(others)}"
        mend = "take their rights away, or name the people in mailboxes[].read_by"
        return warning(area, "readers", message, mend=mend)
    if readers is None and not read_by:
        message = "the server does not tell who else can open the mailbox"
        mend = "ask whoever runs it, and name them in mailboxes[].read_by"
        return warning(area, "readers-unknown", message, mend=mend)
    named = ", ".join(sorted(read_by)) or "nobody"
    return good(area, "readers", f"beside mailflow it is opened by {named}")


def _check_encryption(area: str, account: ImapAccount) -> Iterator[Finding]:
    if account.security is Security.NONE:
        message = "the connection is not encrypted: fine on loop-back, and refused elsewhere"
        yield warning(area, "no-tls", message, mend="use tls with a real server")
    else:
        yield good(area, "tls", "the server's certificate is valid for its name")


def _unreachable(area: str, account: ImapAccount, trouble: TemporaryError) -> Finding:
    words = str(trouble)
    if "log-in" in words:
        message = f"{account.host} refuses {account.username}"
        if account.tokens is None:
            return error(area, "log-in", message, mend=_COMPARE)
        mend = _LET_IN[account.tokens.grant.provider]
        return error(area, "log-in", f"{message}, though the token is good", mend=mend)
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
