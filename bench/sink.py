"""A relay that takes everything, in a process of its own: it shall not slow what is measured."""

from __future__ import annotations

import asyncio
import multiprocessing
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mailflow.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from multiprocessing.connection import Connection

_processes = multiprocessing.get_context("spawn")
_GREETING = b"220 localhost\r\n"
_EHLO = b"250-localhost\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING\r\n"


@dataclass(frozen=True)
class Taken:
    """``at`` is when the final dot came."""

    at: datetime
    raw: bytes


@dataclass
class Sink:
    port: int
    _pipe: Connection

    def taken(self) -> list[Taken]:
        """Everything since the last call."""
        self._pipe.send("taken")
        found: list[Taken] = self._pipe.recv()
        return found

    def count(self) -> int:
        self._pipe.send("count")
        count: int = self._pipe.recv()
        return count


@contextmanager
def bare_sink() -> Iterator[Sink]:
    ours, theirs = _processes.Pipe()
    process = _processes.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Sink(ours.recv(), ours)
    finally:
        process.kill()
        process.join()


def _serve(pipe: Connection) -> None:
    asyncio.run(_listen(pipe))


async def _listen(pipe: Connection) -> None:
    mails: list[Taken] = []
    clock = SystemClock()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_GREETING)
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                raw = await reader.readuntil(b"\r\n.\r\n")
                mails.append(Taken(clock.now(), raw))
                writer.write(b"250 2.0.0 kept\r\n")
            elif verb == b"EHLO":
                writer.write(_EHLO)
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 2.0.0 ok\r\n")
        writer.close()

    def answer() -> None:
        asked: Any = pipe.recv()
        pipe.send(len(mails) if asked == "count" else list(mails))
        if asked == "taken":
            mails.clear()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=2**24)
    asyncio.get_running_loop().add_reader(pipe.fileno(), answer)
    pipe.send(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()
