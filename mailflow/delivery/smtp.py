"""The only SMTP code: one kept connection, and what the server's answer means."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from mailflow.core.mail.compose import is_sendable
from mailflow.core.policy.circuit import Fault
from mailflow.core.policy.retry import CANNOT_CONNECT
from mailflow.errors import InvalidFilesError, TemporaryError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mailflow.access_tokens import AccessTokens

COMMAND_TIMEOUT_SECONDS = 60.0
# RFC 5321 4.5.3.2.6: after the final dot the server may need ten minutes.
FINAL_TIMEOUT_SECONDS = 600.0
QUIT_TIMEOUT_SECONDS = 2
_TRANSIENT = range(400, 500)
_PERMANENT = range(500, 600)
# RFC 5321 4.2.2: "service not available, closing transmission channel", in answer to any command.
_CLOSING = 421


class Outcome(StrEnum):
    DELIVERED = "delivered"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True)
class Answer:
    """``reply`` is the server's code and a neutral word, never its text: that may quote mail.

    ``fault`` says that the relay failed as such; None when it served us, whatever it answered.
    """

    outcome: Outcome
    reply: str
    fault: Fault | None = None


@dataclass(frozen=True)
class SmtpAccount:
    """How to reach the relay. ``security``: tls, starttls or none (loop-back alone).

    ``patience_seconds`` for each answer, ``final_patience_seconds`` for the one to the final dot.
    """

    host: str
    port: int
    security: str
    username: str | None = None
    secret: Callable[[], str] | None = field(default=None, repr=False)
    ca_file: str | None = None
    tokens: AccessTokens | None = None
    patience_seconds: float = COMMAND_TIMEOUT_SECONDS
    final_patience_seconds: float = FINAL_TIMEOUT_SECONDS


@dataclass(frozen=True)
class Envelope:
    """One mail to one recipient, so that no answer is ever half a success.

    ``sender`` is "" for the null reverse-path.
    """

    sender: str
    recipient: str
    mail: bytes = field(repr=False)


class _NotReadyError(Exception):
    """No mail can be begun."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reply)
        self.answer = answer


class SmtpConnection:
    """Kept open between mails; opened again when it was lost. Not safe between threads."""

    def __init__(self, account: SmtpAccount) -> None:
        self._account = account
        self._client: SMTP | None = None

    async def send(
        self, envelope: Envelope, *, before_final_dot: Callable[[], Awaitable[None]]
    ) -> Answer:
        """Send one mail. ``before_final_dot`` is awaited when all but the dot has been sent: from
        then on a lost connection means that the outcome is unknown. What it raises is raised on,
        with the dot unsent and the connection closed: the server has nothing.
        """
        if not is_sendable(envelope.recipient):
            return Answer(Outcome.PERMANENT, "unsendable address")
        try:
            client = await self._begin(envelope.sender)
            await client.rcpt(envelope.recipient)
            return await self._send_data(client, envelope.mail, before_final_dot)
        except _NotReadyError as error:
            return error.answer
        except SMTPResponseException as error:
            await self._start_over()
            return _refused(error.code)
        except (SMTPException, OSError, TimeoutError) as error:
            await self.close()
            return Answer(Outcome.TRANSIENT, type(error).__name__, Fault.BREAKS)

    async def _begin(self, sender: str) -> SMTP:
        """Say MAIL. A kept connection that the server has closed meanwhile is nobody's fault."""
        is_kept = self._client is not None and self._client.is_connected
        client = await self._ready()
        try:
            await client.mail(sender)
        except (SMTPResponseException, SMTPServerDisconnected) as error:
            was_closed = getattr(error, "code", _CLOSING) == _CLOSING
            if not (is_kept and was_closed):
                raise
            self._hang_up()
            client = await self._ready()
            await client.mail(sender)
        return client

    async def log_in(self) -> Answer:
        """Connect and log in as for a mail, and send none."""
        try:
            await self._ready()
        except _NotReadyError as error:
            return error.answer
        return Answer(Outcome.DELIVERED, "log-in accepted")

    async def _send_data(
        self, client: SMTP, mail: bytes, before_final_dot: Callable[[], Awaitable[None]]
    ) -> Answer:
        response = await client.execute_command(b"DATA")
        if response.code != 354:  # noqa: PLR2004 (RFC 5321 4.3.2)
            raise SMTPResponseException(response.code, "")
        if client.protocol is None:
            raise SMTPServerDisconnected("lost after DATA")
        client.protocol.write(_dot_stuffed(mail))
        try:
            await before_final_dot()
        except BaseException:
            # Half a message lies in this connection: the next command would become part of it.
            self._hang_up()
            raise
        try:
            patience = self._account.final_patience_seconds
            final = await client.execute_command(b".", timeout=patience)
        except (SMTPException, OSError, TimeoutError) as error:
            await self.close()
            return Answer(Outcome.AMBIGUOUS, type(error).__name__, Fault.BREAKS)
        return _by_code(final.code)

    async def _ready(self) -> SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        try:
            self._client = await self._connect()
        except (SMTPException, OSError, TemporaryError, InvalidFilesError) as error:
            await self.close()
            raise _NotReadyError(_not_ready(error)) from error
        return self._client

    async def _connect(self) -> SMTP:
        account = self._account
        client = SMTP(
            hostname=account.host,
            port=account.port,
            timeout=account.patience_seconds,
            use_tls=account.security == "tls",
            start_tls=account.security == "starttls",
            tls_context=None if account.security == "none" else _context(account.ca_file),
            local_hostname="localhost" if _is_local(account.host) else None,
        )
        await client.connect()
        try:
            await self._log_in(client)
        except BaseException:
            client.close()
            raise
        return client

    async def _log_in(self, client: SMTP) -> None:
        account = self._account
        if account.username and account.tokens:
            token = await asyncio.to_thread(account.tokens.current)
            try:
                await client.auth_xoauth2(account.username, token)
            except SMTPAuthenticationError:
                account.tokens.forget(token)
                raise
        elif account.username and account.secret:
            await client.login(account.username, account.secret())

    async def _start_over(self) -> None:
        """Ready for the next mail after a refusal; a server that hangs up is connected anew."""
        if self._client is None:
            return
        try:
            await self._client.rset()
        except (SMTPException, OSError, TimeoutError):
            await self.close()

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(SMTPException, OSError, TimeoutError):
                await client.quit(timeout=QUIT_TIMEOUT_SECONDS)
            client.close()


def _context(ca_file: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _is_local(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _dot_stuffed(mail: bytes) -> bytes:
    """Only CRLF ends a line (no smuggling), and a leading dot is doubled (RFC 5321 4.5.2)."""
    ends = mail.count(b"\r\n")
    if ends == mail.count(b"\r") == mail.count(b"\n") and mail.endswith(b"\r\n"):
        return (b"\r\n" + mail).replace(b"\r\n.", b"\r\n..")[2:]
    lines = mail.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines)


def _by_code(code: int) -> Answer:
    if 200 <= code < 300:  # noqa: PLR2004 (RFC 5321 4.2.1: positive completion)
        return Answer(Outcome.DELIVERED, str(code))
    if code in _PERMANENT:
        return Answer(Outcome.PERMANENT, str(code))
    return Answer(Outcome.TRANSIENT, str(code), Fault.BREAKS if code == _CLOSING else None)


def _refused(code: int) -> Answer:
    """A command before the data was not answered as it must be: nothing was handed over, whatever
    the code says; a server that says 252 to RCPT has promised nothing.
    """
    outcome = Outcome.PERMANENT if code in _PERMANENT else Outcome.TRANSIENT
    return Answer(outcome, str(code), Fault.BREAKS if code == _CLOSING else None)


def _not_ready(error: Exception) -> Answer:
    """No mail could be begun: try again later. Credentials and certificates may be mended."""
    if isinstance(error, SMTPAuthenticationError):
        return _unserved(f"log-in refused {error.code}")
    if isinstance(error, InvalidFilesError):
        return _unserved("the secret of the log-in is missing")
    if isinstance(error, TemporaryError):
        return _unserved(str(error))
    if isinstance(error, SMTPNotSupported):
        return _unserved("not supported by the server")
    if isinstance(error, SMTPResponseException):
        return _unserved(str(error.code) if error.code in _TRANSIENT else type(error).__name__)
    return Answer(Outcome.TRANSIENT, CANNOT_CONNECT, Fault.AWAY)


def _unserved(reply: str) -> Answer:
    return Answer(Outcome.TRANSIENT, reply, Fault.REFUSES)
