"""Looks at the files of rules and people, in a thread of its own so that mail goes on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import structlog

from mailflow.casework.rules_bundle import SETTLE_SECONDS
from mailflow.errors import ConflictError, TemporaryError
from mailflow.workers.past_mail import try_on_past_mail

if TYPE_CHECKING:
    from threading import Event

    from mailflow.bootstrap import Runtime

LOOK_SECONDS = 10.0
_SOON_SECONDS = SETTLE_SECONDS + 0.5

log = structlog.get_logger()


class RulesWatch:
    """Every process has one: each works by its own copy of the rules."""

    def __init__(self, runtime: Runtime) -> None:
        self._keeper = runtime.rules
        self._try_on_past_mail = partial(try_on_past_mail, runtime)

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            try:
                self._keeper.look()
                self._keeper.tell(self._try_on_past_mail)
            except (TemporaryError, ConflictError) as error:
                log.warning("rules_look_put_off", error=str(error))
            stop.wait(_SOON_SECONDS if self._keeper.live.is_settling else LOOK_SECONDS)
