"""The sweep: what time has made due, and what the bell has missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from mailflow.casework.follow_up import BATCH_SIZE, follow_up_due
from mailflow.casework.leavers import hand_over_of_leavers
from mailflow.casework.recompute_clocks import recompute_some
from mailflow.casework.trainings import ask_for_renewals
from mailflow.doorbell import ring_for_mail
from mailflow.errors import ConflictError, TemporaryError
from mailflow.store import instance, outbox
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from threading import Event

    from dramatiq import Broker

    from mailflow.bootstrap import Runtime

SWEEP_SECONDS = 2.0
BREATH_SECONDS = 0.05
"""Between two pieces of background work, so that nothing else waits for it."""

log = structlog.get_logger()


class Scheduler:
    """Sweeps until it is told to stop. Several of them beside each other are safe."""

    def __init__(self, runtime: Runtime, *, broker: Broker) -> None:
        self._runtime = runtime
        self._broker = broker

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            is_more_left = False
            try:
                is_more_left = self.sweep()
            except (TemporaryError, ConflictError) as error:
                log.warning("sweep_put_off", error=str(error))
            stop.wait(BREATH_SECONDS if is_more_left else SWEEP_SECONDS)

    def sweep(self) -> bool:
        """Handle due timers, ring for due mail, leave word; whether background work is left.

        Raises TemporaryError, ConflictError.
        """
        if self._runtime.time_guard.is_trusted():
            hand_over_of_leavers(self._runtime.office)
            while follow_up_due(self._runtime.office) == BATCH_SIZE:
                continue
            ask_for_renewals(self._runtime.office)
        is_more_left = recompute_some(self._runtime.office)
        now = self._runtime.clock.now()
        with reading(self._runtime.engine) as connection:
            lanes = outbox.due_lanes(connection, now=now)
        ring_for_mail(self._broker, lanes)
        with transaction(self._runtime.engine) as connection:
            instance.beat(connection, "scheduler", now=now)
        return is_more_left
