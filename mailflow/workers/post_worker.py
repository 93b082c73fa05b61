"""Sending in a worker thread: its own event loop and its own kept connections."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from mailflow.delivery.deliver import Sent, deliver_due
from mailflow.delivery.smtp import SmtpConnection

if TYPE_CHECKING:
    from collections.abc import Collection

    from mailflow.bootstrap import Runtime

CONNECTIONS = 4
_BATCHES_AT_ONCE = 50


class PostWorker:
    """Each thread that delivers gets one loop and a few connections, which it keeps."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._own = threading.local()
        self._all: list[_Desk] = []
        self._lock = threading.Lock()

    def deliver(self, lanes: Collection[int]) -> Sent:
        """Send what is due in these lanes until nothing is, or a good number of batches is done.

        Raises TemporaryError when the database is busy.
        """
        desk = self._desk()
        return desk.runner.run(
            deliver_due(
                self._runtime.post_room,
                desk.connections,
                lanes=lanes,
                batches=_BATCHES_AT_ONCE,
                is_time_trusted=self._runtime.time_guard.is_trusted,
            )
        )

    def close(self) -> None:
        """Hang up. Call it when no thread delivers any more."""
        with self._lock:
            desks, self._all = self._all, []
        for desk in desks:
            for connection in desk.connections:
                desk.runner.run(connection.close())
            desk.runner.close()

    def _desk(self) -> _Desk:
        desk: _Desk | None = getattr(self._own, "desk", None)
        if desk is None:
            desk = self._own.desk = _Desk(self._runtime)
            with self._lock:
                self._all.append(desk)
        return desk


class _Desk:
    def __init__(self, runtime: Runtime) -> None:
        self.runner = asyncio.Runner()
        account = runtime.post_room.account
        self.connections = [SmtpConnection(account) for _ in range(CONNECTIONS)]
