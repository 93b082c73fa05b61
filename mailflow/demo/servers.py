"""Both private servers on loop-back, in one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self, TypeVar

from mailflow.demo.imap_server import INBOX, PrivateImap
from mailflow.demo.post_office import Delivered, StampingPostOffice
from mailflow.demo.smtp_server import listen_for_mail

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from typing import Any

    from mailflow.clock import Clock
    from mailflow.demo.company import Account, Company

LOOPBACK = "127.0.0.1"
_PATIENCE_SECONDS = 10.0

_Answer = TypeVar("_Answer")


class PrivateServers:
    """Every method may be called from any thread. ``start`` returns when both listen."""

    def __init__(self, company: Company, clock: Clock, *, imap_port: int, smtp_port: int) -> None:
        self.company = company
        self.imap_port = imap_port
        self.smtp_port = smtp_port
        self._imap = PrivateImap()
        self._office = StampingPostOffice(company, self._imap, clock)
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="private-servers", daemon=True)

    @classmethod
    def start(
        cls, company: Company, clock: Clock, *, imap_port: int = 0, smtp_port: int = 0
    ) -> Self:
        """On the wanted ports where they are free, else on any; 0 asks for any."""
        servers = cls(company, clock, imap_port=imap_port, smtp_port=smtp_port)
        servers._thread.start()
        if not servers._ready.wait(_PATIENCE_SECONDS):
            raise TimeoutError("the private mail servers did not start")
        return servers

    def stop(self) -> None:
        """Cuts every connection; the mailboxes are gone."""
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(_PATIENCE_SECONDS)

    @property
    def delivered(self) -> tuple[Delivered, ...]:
        return self._office.delivered

    def deliver(self, raw: bytes, recipients: list[str], *, sender: str) -> None:
        """A mail from the world outside, where nobody has a login here."""
        self._call(self._office.accept(raw, recipients, sender=sender, login=None))

    def count_mails(self, account: Account) -> int:
        """How many mails lie in the inbox."""
        return self._call(self._imap.count(account, INBOX))

    def _call(self, work: Coroutine[Any, Any, _Answer]) -> _Answer:
        assert self._loop is not None  # noqa: S101 - start() has waited for it
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE_SECONDS)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        await self._imap.open_mailboxes(self.company)
        async with AsyncExitStack() as held:
            imap = await _listen(self._imap.listen, self.imap_port)
            held.callback(imap.close)
            smtp = await _listen(self._listen_for_mail, self.smtp_port)
            held.callback(smtp.close)
            self.imap_port, self.smtp_port = _port(imap), _port(smtp)
            self._ready.set()
            await self._stopping.wait()

    async def _listen_for_mail(self, host: str, port: int) -> asyncio.Server:
        return await listen_for_mail(self._office, host, port)


async def _listen(
    listen: Callable[[str, int], Awaitable[asyncio.Server]], wanted: int
) -> asyncio.Server:
    try:
        return await listen(LOOPBACK, wanted)
    except OSError:
        return await listen(LOOPBACK, 0)


def _port(server: asyncio.Server) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port
