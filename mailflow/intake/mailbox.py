"""The only IMAP code: look, fetch without marking, move, wait. Nothing here stores or decides.

imap-tools' own fetch, flag, delete and fallback move mark mails seen or expunge other people's
(its defaults); everything here goes by UID and peeks.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError

from mailflow.errors import AwayError, TemporaryError
from mailflow.intake.imap_answers import (
    SIZE,
    quote_folder,
    read_acl,
    read_copyuid,
    read_number,
    read_responses,
    write_uid_set,
)
from mailflow.intake.line_deadline import cut_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from mailflow.access_tokens import AccessTokens

COMMAND_TIMEOUT_SECONDS = 60.0
IDLE_RENEWAL_SECONDS = 300
_USER_TIMEOUT_MILLISECONDS = 30_000
_SLICE_SECONDS = 1.0
_SLOWEST_BYTES_A_SECOND = 50_000
_HEADER_FIELDS = (
    "FROM SUBJECT MESSAGE-ID LIST-ID LIST-UNSUBSCRIBE PRECEDENCE AUTO-SUBMITTED RETURN-PATH "
    "CONTENT-TYPE X-AUTO-RESPONSE-SUPPRESS"
)


class Security(StrEnum):
    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True)
class ImapAccount:
    """How to reach one mailbox. ``secret`` is asked for at each log-in; ``tokens`` in its place
    where the provider takes no password.

    ``NONE`` is for loop-back alone: whoever reads the settings has refused it elsewhere.
    ``patience_seconds`` is how long a command may wait for its answer.
    """

    host: str
    port: int
    security: Security
    username: str
    secret: Callable[[], str] = field(repr=False)
    folder: str = "INBOX"
    processed: str = "Processed"
    ca_file: str | None = None
    may_idle: bool = True
    tokens: AccessTokens | None = None
    patience_seconds: float = COMMAND_TIMEOUT_SECONDS


@dataclass(frozen=True)
class MailHead:
    """What is looked at before a body is fetched. ``size`` in bytes."""

    uid: int
    size: int
    internal_date: datetime
    header: bytes = field(repr=False)


@dataclass(frozen=True)
class MailBody:
    uid: int
    internal_date: datetime
    raw: bytes = field(repr=False)


def secure_context(ca_file: str | None) -> ssl.SSLContext:
    """Certificates and host names are checked: the library's own default checks neither."""
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class MailboxSession:
    """A logged-in connection with one folder selected. Every method raises TemporaryError when
    the connection is lost or the server says no; then close it and connect again.
    """

    def __init__(self, account: ImapAccount) -> None:
        self._account = account
        with _as_temporary():
            self._box = _reach(account)
        self.uidvalidity = 0
        try:
            with self._asking():
                self._log_in()
                self._capabilities = self._ask_capabilities()
                self._ensure_folder(account.processed)
            self._select()
        except BaseException:
            self._hang_up()
            raise

    def close(self) -> None:
        with suppress(TemporaryError), self._asking():
            self._box.logout()
        # A log-out that fails leaves the socket open.
        self._hang_up()

    def _hang_up(self) -> None:
        """Leave a connection that is of no use, whatever state it is in."""
        with suppress(OSError, imaplib.IMAP4.error):
            self._box.client.shutdown()

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server can do, in capitals, as it says after the log-in."""
        return self._capabilities

    @property
    def can_idle(self) -> bool:
        return self._account.may_idle and "IDLE" in self._capabilities

    def list_uids(self, *, above: int) -> tuple[int, ...]:
        """The UIDs in the folder that are higher than ``above``, ascending."""
        with self._asking():
            # "n:*" always names the last mail, even below n (RFC 3501 6.4.8).
            data = self._command("SEARCH", None, f"UID {above + 1}:*")
        uids = {int(uid) for line in data if isinstance(line, bytes) for uid in line.split()}
        return tuple(sorted(uid for uid in uids if uid > above))

    def fetch_heads(self, uids: Sequence[int]) -> tuple[MailHead, ...]:
        """Size, receipt and the header fields that tell the lane; vanished mails are left out."""
        if not uids:
            return ()
        items = f"(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS ({_HEADER_FIELDS})])"
        with self._asking():
            data = self._command("FETCH", write_uid_set(uids), items)
        return tuple(
            MailHead(uid, read_number(SIZE, meta), date, literal)
            for uid, date, meta, literal in read_responses(data, frozenset(uids))
        )

    def fetch(self, uids: Sequence[int], *, expected_bytes: int = 0) -> tuple[MailBody, ...]:
        """Whole mails as they are, without marking them seen; vanished ones are left out.

        ``expected_bytes`` is what their heads said: a large mail may take its time.
        """
        if not uids:
            return ()
        with self._asking(more_seconds=expected_bytes / _SLOWEST_BYTES_A_SECOND):
            data = self._command("FETCH", write_uid_set(uids), "(UID INTERNALDATE BODY.PEEK[])")
        return tuple(
            MailBody(uid, date, literal)
            for uid, date, _meta, literal in read_responses(data, frozenset(uids))
        )

    def move(self, uids: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Move to the Processed folder: old UID to (UIDVALIDITY, UID) there, where it tells.

        Without MOVE it copies and marks with the keyword ``$MailflowStored``: an EXPUNGE would
        remove mails that other people have marked. A UID that is gone is no error.
        """
        if not uids:
            return {}
        verb = "MOVE" if "MOVE" in self._capabilities else "COPY"
        with self._asking():
            self._box.client.untagged_responses.pop("COPYUID", None)
            self._command(verb, write_uid_set(uids), quote_folder(self._account.processed))
            _, answers = self._box.client.response("COPYUID")
            if verb == "COPY":
                self._command("STORE", write_uid_set(uids), "+FLAGS.SILENT", "($MailflowStored)")
        moved: dict[int, tuple[int, int]] = {}
        for answer in answers or ():
            if isinstance(answer, bytes):
                moved |= read_copyuid(answer)
        return moved

    def list_readers(self) -> tuple[str, ...] | None:
        """Who may open the folder, as the server calls them (RFC 4314 3.3); None where it does not
        tell, or not this account.
        """
        if "ACL" not in self._capabilities:
            return None
        with self._asking():
            status, data = self._box.client.getacl(quote_folder(self._account.folder))
        return read_acl(data) if status == "OK" else None

    @property
    def can_remove(self) -> bool:
        """Without UIDPLUS an EXPUNGE would remove mails that other people have marked."""
        return "UIDPLUS" in self._capabilities

    def remove_processed(self, uids: Sequence[int], *, uidvalidity: int) -> bool:
        """Delete these for good from the Processed folder (RFC 4315 2.1); gone ones are no error.

        False, and nothing is deleted, when the folder's UIDs mean other mails by now.
        """
        try:
            if self._open(self._account.processed) != uidvalidity:
                return False
            with self._asking():
                self._command("STORE", write_uid_set(uids), "+FLAGS.SILENT", "(\\Deleted)")
                self._command("EXPUNGE", write_uid_set(uids))
            return True
        finally:
            self._select()

    def probe(self) -> None:
        """Ask whether the connection is alive, and let the server report news."""
        with self._asking():
            self._box.client.noop()

    def wait_for_news(self, seconds: float, *, should_stop: Callable[[], bool]) -> bool:
        """IDLE until the server reports something, the time is over or ``should_stop``."""
        idle: Any = self._box.idle
        with self._asking():
            idle.start()
        try:
            if self._has_buffered_news():
                return True
            waited = 0.0
            while waited < min(seconds, IDLE_RENEWAL_SECONDS) and not should_stop():
                with self._asking(more_seconds=_SLICE_SECONDS):
                    if idle.poll(timeout=_SLICE_SECONDS):
                        return True
                waited += _SLICE_SECONDS
            return False
        finally:
            with self._asking():
                idle.stop()

    @contextmanager
    def _asking(self, *, more_seconds: float = 0.0) -> Iterator[None]:
        """One command and its answer, within the account's patience."""
        seconds = self._account.patience_seconds + more_seconds
        with _as_temporary(), cut_after(self._box.client.sock, seconds):
            yield

    def _has_buffered_news(self) -> bool:
        # Dovecot's "* n EXISTS" may come in one packet with "+ idling"; it then sits in
        # imaplib's buffered file, where no poll on the socket can see it.
        client: Any = self._box.client
        before = client.sock.gettimeout()
        client.sock.settimeout(0)
        try:
            return bool(client.file.peek(1))
        except (ssl.SSLWantReadError, BlockingIOError):
            return False
        finally:
            client.sock.settimeout(before)

    def _log_in(self) -> None:
        account = self._account
        if account.tokens is None:
            self._box.login(account.username, account.secret(), initial_folder=None)
            return
        token = account.tokens.current()
        words = [f"user={account.username}\1auth=Bearer {token}\1\1".encode(), b""]
        try:
            # A server that refuses sends its reason and waits for an empty line (imap-tools would
            # send the token again).
            self._box.client.authenticate("XOAUTH2", lambda _: words.pop(0) if words else None)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            account.tokens.forget(token)
            raise TemporaryError("IMAP: the log-in was refused") from error

    def _ask_capabilities(self) -> frozenset[str]:
        # What the greeting said is stale after log-in, and imaplib keeps only that.
        _, data = self._box.client.capability()
        listed = b" ".join(part for part in data if isinstance(part, bytes))
        return frozenset(listed.decode("ascii", "replace").upper().split())

    def _ensure_folder(self, folder: str) -> None:
        if not self._box.folder.exists(folder):
            self._box.folder.create(folder)

    def _select(self) -> None:
        self.uidvalidity = self._open(self._account.folder)

    def _open(self, folder: str) -> int:
        """Its UIDVALIDITY."""
        with self._asking():
            status, _ = self._box.client.select(quote_folder(folder))
            _, answers = self._box.client.response("UIDVALIDITY")
        if status != "OK" or not answers or answers[0] is None:
            raise TemporaryError(f"IMAP: folder {folder} cannot be opened")
        return int(answers[0])

    def _command(self, verb: str, *arguments: str | None) -> list[Any]:
        kept = [argument for argument in arguments if argument is not None]
        status, data = self._box.client.uid(verb, *kept)
        if status != "OK":
            raise TemporaryError(f"IMAP: {verb} was refused")
        return list(data)


def _reach(account: ImapAccount) -> BaseMailBox:
    try:
        return _connect(account)
    except ConnectionRefusedError as error:
        raise AwayError("IMAP: nobody listens") from error


def _connect(account: ImapAccount) -> BaseMailBox:
    timeout = account.patience_seconds
    box: BaseMailBox
    if account.security is Security.TLS:
        context = secure_context(account.ca_file)
        box = MailBox(account.host, account.port, timeout=timeout, ssl_context=context)
    elif account.security is Security.STARTTLS:
        context = secure_context(account.ca_file)
        box = MailBoxStartTls(account.host, account.port, timeout=timeout, ssl_context=context)
    else:
        box = MailBoxUnencrypted(account.host, account.port, timeout=timeout)
    sock = box.client.sock
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _USER_TIMEOUT_MILLISECONDS)
    return box


class _as_temporary:  # noqa: N801 (reads as a statement: with _as_temporary())
    """Whatever goes wrong on the line is a reason to connect again."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, MailboxLoginError):
            raise TemporaryError("IMAP: the log-in was refused") from error
        if isinstance(error, (OSError, imaplib.IMAP4.error, ImapToolsError, EOFError)):
            raise TemporaryError(f"IMAP: {type(error).__name__}") from error
