"""An SMTP server that keeps what it accepts, delivers it into a Dovecot, or fails on command."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Self

from mailflow.clock import Clock, SystemClock
from tests.servers.place import LOOPBACK, free_port
from tests.servers.smtp_faults import Answer, Fault, Stage
from tests.servers.smtp_session import (
    MESSAGE_LIMIT_BYTES,
    Envelope,
    SessionPolicy,
    SmtpSession,
)
from tests.servers.trusted_border import stamp_authentication, stamp_trace

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage

    from tests.servers.certificates import ServerCertificate
    from tests.servers.dovecot import Dovecot

PASSWORD = "pw"


class SmtpSink:
    """Runs in a thread of its own; every method may be called from any thread.

    ``clock`` dates what it delivers (INTERNALDATE too); a test that steers time sets its own.
    """

    host = LOOPBACK
    password = PASSWORD

    def __init__(self, session_policy: SessionPolicy, *, authserv_id: str | None) -> None:
        self.port = free_port()
        self.policy = session_policy
        self.clock: Clock = SystemClock()
        self._authserv_id = authserv_id
        self._changed = threading.Condition()
        self._envelopes: list[Envelope] = []
        self._commands: list[str] = []
        self._faults: list[Fault] = []
        self._routes: list[tuple[str, Dovecot, str]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopping: asyncio.Event | None = None

    @classmethod
    def start(
        cls,
        *,
        certificate: ServerCertificate | None = None,
        starttls: bool = False,
        requires_login: bool = False,
        authserv_id: str | None = None,
    ) -> Self:
        """With a ``certificate``: TLS from the first byte, or STARTTLS where asked for.

        ``authserv_id`` makes it a trusted border: foreign Authentication-Results are stripped from
        what it delivers and its own is stamped. Any user logs in with the password "pw".
        """
        sink = cls(
            SessionPolicy(
                tls_context=None if certificate is None else certificate.server_context(),
                offers_starttls=starttls,
                requires_login=requires_login,
                password=PASSWORD,
            ),
            authserv_id=authserv_id,
        )
        sink._run()
        return sink

    def stop(self) -> None:
        """Cuts every connection and closes the port; what was kept stays readable."""
        if self._loop is None or self._thread is None or self._stopping is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._loop = self._thread = self._stopping = None

    def restart(self) -> None:
        """The same port, faults and routes."""
        self.stop()
        self._run()

    # What came.

    @property
    def envelopes(self) -> tuple[Envelope, ...]:
        """In the order of acceptance, copies included."""
        with self._changed:
            return tuple(self._envelopes)

    @property
    def commands(self) -> tuple[str, ...]:
        """Every line that clients sent outside of DATA, logins included."""
        with self._changed:
            return tuple(self._commands)

    def sent_to(self, address: str) -> tuple[EmailMessage, ...]:
        """The messages accepted for this address, parsed."""
        return tuple(read(kept) for kept in self.envelopes if address in kept.recipients)

    def wait_for(self, count: int, *, timeout_seconds: float = 10.0) -> tuple[Envelope, ...]:
        """Returns as soon as ``count`` messages were kept; AssertionError when too few came."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._envelopes) >= count, timeout_seconds):
                raise AssertionError(f"{len(self._envelopes)} of {count} mails in time")
            return tuple(self._envelopes)

    def clear(self) -> None:
        """Forgets mail and commands; faults and routes stay."""
        with self._changed:
            self._envelopes.clear()
            self._commands.clear()

    # What it does with it.

    def route(self, address: str, dovecot: Dovecot, user: str) -> None:
        """Delivers mail for ``address`` (plus tags too), or for all of ``@domain``, to a user.

        Mail for other addresses is kept here alone.
        """
        with self._changed:
            self._routes.append((address.lower(), dovecot, user))

    def fail(
        self,
        stage: Stage,
        answer: Answer,
        *,
        times: int | None = 1,
        recipient: str | None = None,
    ) -> None:
        """Misbehaves so the next ``times`` (None: until behave()); faults are used up in order."""
        with self._changed:
            self._faults.append(Fault(stage, answer, times, recipient))

    def behave(self) -> None:
        """Drops every fault not yet used up."""
        with self._changed:
            self._faults.clear()

    # For its sessions.

    def next_fault(self, stage: Stage, recipient: str | None) -> Answer | None:
        if not self._faults:
            return None
        with self._changed:
            for fault in self._faults:
                if fault.strikes(stage, recipient):
                    fault.count_strike()
                    return fault.answer
        return None

    def note_command(self, line: str) -> None:
        with self._changed:
            self._commands.append(line)

    def keep(self, envelope: Envelope) -> None:
        for recipient in envelope.recipients:
            self._deliver(envelope, recipient)
        with self._changed:
            self._envelopes.append(envelope)
            self._changed.notify_all()

    def _deliver(self, envelope: Envelope, recipient: str) -> None:
        for pattern, dovecot, user in self._routes:
            if _is_for(recipient, pattern):
                dovecot.deliver_files(user, [self._stamp(envelope)], received=self.clock.now())
                return

    def _stamp(self, envelope: Envelope) -> bytes:
        raw = stamp_trace(
            envelope.raw,
            sender=envelope.sender,
            helo=envelope.helo,
            host=self._authserv_id or "localhost",
            at=self.clock.now(),
        )
        if self._authserv_id is None:
            return raw
        return stamp_authentication(raw, authserv_id=self._authserv_id, login=envelope.login)

    def _run(self) -> None:
        is_listening = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(is_listening.set)), name="smtp-sink", daemon=True
        )
        self._thread.start()
        if not is_listening.wait(10):
            raise AssertionError("the SMTP sink does not listen")

    async def _serve(self, announce: Callable[[], object]) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        context = None if self.policy.offers_starttls else self.policy.tls_context
        sessions: set[asyncio.Task[None]] = set()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # One segment an answer: a delayed acknowledgement would cost 40 ms a mail.
            connection = writer.get_extra_info("socket")
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = asyncio.current_task()
            if task is not None:
                sessions.add(task)
                task.add_done_callback(sessions.discard)
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    await SmtpSession(self, reader, writer).run()
            finally:
                writer.transport.abort() if self._is_stopping() else writer.close()

        server = await asyncio.start_server(
            talk, self.host, self.port, limit=MESSAGE_LIMIT_BYTES, ssl=context
        )
        announce()
        await self._stopping.wait()
        server.close()
        for session in tuple(sessions):
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)

    def _is_stopping(self) -> bool:
        return self._stopping is not None and self._stopping.is_set()


def read(envelope: Envelope) -> EmailMessage:
    """The message parsed by the standard library: our own mail is well formed."""
    return message_from_bytes(envelope.raw, policy=policy.default)


def _is_for(recipient: str, pattern: str) -> bool:
    local, _, domain = recipient.lower().rpartition("@")
    if pattern.startswith("@"):
        return f"@{domain}" == pattern
    return f"{local.partition('+')[0]}@{domain}" == pattern
