"""Knocking at a relay that was not there, so that mail goes as soon as it is back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from mailflow.core.case.mail_order import Lane
from mailflow.core.policy.circuit import Fault
from mailflow.delivery.circuit_breaker import hasten_unreached
from mailflow.delivery.smtp import SmtpConnection
from mailflow.doorbell import ring_for_mail
from mailflow.errors import TemporaryError
from mailflow.store import instance
from mailflow.store.session import transaction

if TYPE_CHECKING:
    from threading import Event

    from dramatiq import Broker

    from mailflow.bootstrap import Runtime

LOOK_SECONDS = 1.0
RELAY = "relay"
"""The heartbeat that says what is wrong with the relay, if anything is."""

log = structlog.get_logger()


class RelayWatch:
    """One for each process that sends. It leaves word when the relay is left alone."""

    def __init__(self, runtime: Runtime, broker: Broker) -> None:
        self._runtime = runtime
        self._broker = broker
        self._told: str | None = None

    def run(self, stop: Event) -> None:
        with asyncio.Runner() as runner:
            while not stop.wait(LOOK_SECONDS):
                try:
                    runner.run(self.look())
                    self._leave_word()
                except TemporaryError as error:
                    log.warning("relay_watch_put_off", error=str(error))

    async def look(self) -> None:
        """Log in and out again, if nobody could connect before. Raises TemporaryError."""
        room = self._runtime.post_room
        if room.breaker.fault is not Fault.AWAY:
            return
        allowed, is_trial = room.breaker.ask_for(1)
        if not allowed:
            return
        connection = SmtpConnection(room.account)
        try:
            room.breaker.note(await connection.log_in())
        finally:
            if is_trial:
                room.breaker.through()
            await connection.close()
        if await asyncio.to_thread(hasten_unreached, room):
            ring_for_mail(self._broker, [int(lane) for lane in Lane])

    def _leave_word(self) -> None:
        breaker = self._runtime.post_room.breaker
        trouble = f"left alone for a while ({breaker.fault})" if breaker.is_open else None
        if trouble != self._told:
            with transaction(self._runtime.engine) as connection:
                instance.beat(connection, RELAY, now=self._runtime.clock.now(), note=trouble)
            self._told = trouble
