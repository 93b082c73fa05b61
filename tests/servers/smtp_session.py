"""One SMTP connection of the sink: the dialogue of RFC 5321, with a fault wherever one is due."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import re
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tests.servers.smtp_faults import Answer, Cut, Drip, HalfReply, Reply, Stage, Stall

if TYPE_CHECKING:
    from collections.abc import Callable

# A mail of phone photos is an ordinary mail.
MESSAGE_LIMIT_BYTES = 100 * 1024 * 1024

_PATH = re.compile(r"(?:FROM|TO):\s*<([^<>]*)>", re.IGNORECASE)


@dataclass(frozen=True)
class Envelope:
    """One accepted message: ``raw`` is byte for byte what the client sent (dots unstuffed)."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    login: str | None
    helo: str


@dataclass(frozen=True)
class SessionPolicy:
    """What the server offers and asks for."""

    tls_context: ssl.SSLContext | None
    offers_starttls: bool
    requires_login: bool
    password: str


class Sink(Protocol):
    policy: SessionPolicy

    def next_fault(self, stage: Stage, recipient: str | None) -> Answer | None: ...

    def keep(self, envelope: Envelope) -> None: ...

    def note_command(self, line: str) -> None: ...


class _ClosedError(Exception):
    """The dialogue is over."""


class SmtpSession:
    def __init__(
        self, sink: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._sink = sink
        self._reader = reader
        self._writer = writer
        self._helo = ""
        self._login: str | None = None
        self._is_encrypted = sink.policy.tls_context is not None and not sink.policy.offers_starttls
        self._sender: str | None = None
        self._recipients: list[str] = []

    async def run(self) -> None:
        """Talks until QUIT, a cut, or the client's going away."""
        commands: dict[str, Callable[[str], object]] = {
            "EHLO": self._ehlo,
            "HELO": self._ehlo,
            "STARTTLS": self._starttls,
            "AUTH": self._auth,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": self._noop,
            "QUIT": self._quit,
        }
        with contextlib.suppress(_ClosedError, ConnectionError, ssl.SSLError):
            await self._answer(Stage.CONNECT, "220 localhost ESMTP mailflow test sink")
            while True:
                line = await self._read_line()
                verb, _, argument = line.partition(" ")
                command = commands.get(verb.upper())
                if command is None:
                    await self._say("500 5.5.1 command unknown")
                    continue
                step = command(argument)
                if asyncio.iscoroutine(step):
                    await step
        self._writer.close()

    async def _ehlo(self, name: str) -> None:
        self._helo = name
        self._forget_transaction()
        offers = ["localhost", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "PIPELINING"]
        offers.append(f"SIZE {MESSAGE_LIMIT_BYTES}")
        if self._sink.policy.offers_starttls and not self._is_encrypted:
            offers.append("STARTTLS")
        offers.append("AUTH PLAIN LOGIN XOAUTH2")
        lines = [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]
        await self._answer(Stage.EHLO, "\r\n".join(lines))

    async def _starttls(self, _: str) -> None:
        context = self._sink.policy.tls_context
        if context is None or self._is_encrypted:
            await self._say("502 5.5.1 no STARTTLS here")
            return
        if await self._answer(Stage.STARTTLS, "220 2.0.0 go ahead"):
            await self._writer.start_tls(context)
            self._is_encrypted = True
            self._login = None
            self._forget_transaction()

    async def _auth(self, argument: str) -> None:
        mechanism, _, first = argument.partition(" ")
        user, secret = await self._read_login(mechanism.upper(), first)
        if secret != self._sink.policy.password:
            await self._say("535 5.7.8 wrong user name or password")
            return
        if await self._answer(Stage.AUTH, "235 2.7.0 welcome"):
            self._login = user

    async def _read_login(self, mechanism: str, first: str) -> tuple[str, str]:
        if mechanism == "LOGIN":
            user = _decode(first or await self._ask("VXNlcm5hbWU6"))
            return user, _decode(await self._ask("UGFzc3dvcmQ6"))
        text = _decode(first or await self._ask(""))
        if mechanism == "PLAIN":
            _, _, login = text.partition("\0")
            user, _, secret = login.partition("\0")
            return user, secret
        # XOAUTH2: user=NAME^Aauth=Bearer TOKEN^A^A
        user, _, bearer = text.partition("\1")
        return user.removeprefix("user="), bearer.removeprefix("auth=Bearer ").rstrip("\1")

    async def _ask(self, challenge: str) -> str:
        await self._say(f"334 {challenge}")
        return await self._read_line()

    async def _mail(self, argument: str) -> None:
        path = _PATH.match(argument)
        if path is None:
            await self._say("501 5.5.4 MAIL FROM:<address>, please")
            return
        if self._sink.policy.requires_login and self._login is None:
            await self._say("530 5.7.0 log in first")
            return
        if await self._answer(Stage.MAIL, "250 2.1.0 sender accepted"):
            self._forget_transaction()
            self._sender = path[1]

    async def _rcpt(self, argument: str) -> None:
        path = _PATH.match(argument)
        if path is None or self._sender is None:
            await self._say("503 5.5.1 MAIL first, then RCPT TO:<address>")
            return
        if await self._answer(Stage.RCPT, "250 2.1.5 recipient accepted", recipient=path[1]):
            self._recipients.append(path[1])

    async def _data(self, _: str) -> None:
        if self._sender is None or not self._recipients:
            await self._say("503 5.5.1 no valid recipients")
            return
        if not await self._answer(Stage.DATA, "354 end with a line that is a dot"):
            return
        raw = await self._read_message()
        envelope = Envelope(
            self._sender, tuple(self._recipients), raw, login=self._login, helo=self._helo
        )
        self._forget_transaction()
        fault = self._sink.next_fault(Stage.DOT, None)
        if fault is not None and not await self._strike(fault, ""):
            return
        self._sink.keep(envelope)
        await self._answer(Stage.KEPT, "250 2.0.0 kept")

    async def _rset(self, _: str) -> None:
        self._forget_transaction()
        await self._answer(Stage.RSET, "250 2.0.0 forgotten")

    async def _noop(self, _: str) -> None:
        await self._say("250 2.0.0 here")

    async def _quit(self, _: str) -> None:
        await self._answer(Stage.QUIT, "221 2.0.0 good-bye")
        raise _ClosedError

    def _forget_transaction(self) -> None:
        self._sender = None
        self._recipients = []

    async def _read_line(self) -> str:
        try:
            line = await self._reader.readuntil(b"\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as reason:
            raise _ClosedError from reason
        text = line.rstrip(b"\r\n").decode("utf-8", "replace")
        self._sink.note_command(text)
        return text

    async def _read_message(self) -> bytes:
        pieces: list[bytes] = []
        fault = self._sink.next_fault(Stage.MESSAGE, None)
        try:
            if fault is not None:
                pieces.append(await self._reader.readuntil(b"\n"))
                if not await self._strike(fault, ""):
                    raise _ClosedError
            while not pieces or not _ends_message(pieces[-1]):
                pieces.append(await self._reader.readuntil(b".\r\n"))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as reason:
            raise _ClosedError from reason
        lines = b"\r\n" + b"".join(pieces)
        return lines[:-3].replace(b"\r\n..", b"\r\n.")[2:]

    async def _answer(self, stage: Stage, text: str, *, recipient: str | None = None) -> bool:
        """Says ``text`` or does what the test commanded; True when the client heard ``text``."""
        fault = self._sink.next_fault(stage, recipient)
        if fault is None:
            await self._say(text)
            return True
        if not await self._strike(fault, text):
            return False
        if not isinstance(fault, Drip):
            await self._say(text)
        return True

    async def _strike(self, fault: Answer, text: str) -> bool:
        """True when the dialogue goes on as if nothing had happened."""
        match fault:
            case Reply(code=code, text=words):
                await self._say(f"{code} {words}")
                if code == 421:
                    raise _ClosedError
                return False
            case Stall(seconds=seconds):
                await asyncio.sleep(seconds)
                return True
            case HalfReply(text=beginning):
                self._writer.write(beginning.encode())
                await self._writer.drain()
                raise _ClosedError
            case Drip(pause_seconds=pause):
                for byte in f"{text}\r\n".encode() if text else b"":
                    self._writer.write(bytes([byte]))
                    await asyncio.sleep(pause)
                return True
            case Cut():
                self._writer.transport.abort()
                raise _ClosedError

    async def _say(self, text: str) -> None:
        self._writer.write(f"{text}\r\n".encode())
        await self._writer.drain()


def _ends_message(piece: bytes) -> bool:
    """Whether what was read up to a line's end has a lone dot as its last line."""
    return piece == b".\r\n" or piece.endswith(b"\r\n.\r\n")


def _decode(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except binascii.Error:
        return ""
