"""The product in a process of its own that dies, by SIGKILL, at a named point of RELIABILITY.

This is the one place where functions of the product are wrapped: nothing else can end a process
between two of its statements.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from mailflow.bootstrap import assemble
from mailflow.casework import process_message
from mailflow.clock import SystemClock
from mailflow.delivery import deliver, record_answers
from mailflow.delivery.smtp import SmtpConnection
from mailflow.intake import parse_pool
from mailflow.intake.mailbox import MailboxSession
from mailflow.workers import run
from mailflow.workers.logs import set_up_logs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from multiprocessing.synchronize import Event
    from pathlib import Path

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__, "tests.failure.warm_rules"])

Place = tuple[Any, str]

BEFORE: dict[str, Place] = {
    "I1 after the lease": (MailboxSession, "__init__"),
    "I3 after the commit of the sealed copy": (MailboxSession, "move"),
    "I5 during the parse": (parse_pool._Child, "_receive"),
    "I7 before the bell": (run, "ring_for_mail"),
    "O1 after the outbox row": (deliver, "_claim"),
    "O3 between MAIL and DATA": (SmtpConnection, "_send_data"),
    "O5 after the 250, before the commit": (record_answers, "_record_safely"),
}
AFTER: dict[str, Place] = {
    "I2 after the fetch": (MailboxSession, "fetch"),
    "I4 after the move": (MailboxSession, "move"),
    "I6 after the commit of the decision": (process_message, "_decide"),
    "O2 after the commit of the claim": (deliver, "_claim"),
    "O4 after the note, before the dot": (deliver, "_note_dots"),
    "O6 after the commit": (record_answers, "_record_safely"),
}
POINTS = tuple(sorted({*BEFORE, *AFTER}))
# The lease and the bell belong to the processes that stay; `run --once` needs neither.
NEEDS_ALL = frozenset({"I1 after the lease", "I7 before the bell"})


class Role(StrEnum):
    """What a process that stays does."""

    ALL = "run"
    POLL = "poll"
    WORK = "work"
    SCHEDULE = "schedule"


_LOOPS = {
    Role.ALL: run.run_all,
    Role.POLL: run.run_poll,
    Role.WORK: run.run_work,
    Role.SCHEDULE: run.run_schedule,
}


class LaterClock:
    """The system's clock, so much ahead: a process that starts after the leases have run out."""

    def __init__(self, ahead: timedelta) -> None:
        self._clock = SystemClock()
        self._ahead = ahead

    def now(self) -> datetime:
        return self._clock.now() + self._ahead

    def monotonic(self) -> float:
        return self._clock.monotonic() + self._ahead.total_seconds()


class FaultyRun:
    """One process of the product. ``kill`` is a kill -9; ``wait`` gives the exit code."""

    def __init__(
        self,
        home: Path,
        *,
        point: str | None = None,
        stays: bool = False,
        role: Role = Role.ALL,
        ahead: timedelta = timedelta(0),
    ) -> None:
        self._home = home
        self._works = _processes.Event()
        stays = stays or point in NEEDS_ALL
        self._process = _processes.Process(
            target=_work,
            args=(home, point, role if stays else None, ahead, self._works),
            daemon=True,
        )
        self._process.start()

    def wait_until_it_works(self, timeout_seconds: float = 240) -> None:
        """Everything is read and the loops begin. AssertionError with the log's end when not."""
        for _ in range(int(timeout_seconds)):
            if self._works.wait(1.0) or not self.is_running:
                break
        log = (self._home / "faulty_run.log").read_text(errors="replace").splitlines()[-5:]
        assert self._works.is_set(), "\n".join(["the process did not start:", *log])

    def wait(self, timeout_seconds: float = 60) -> int | None:
        self._process.join(timeout_seconds)
        return self._process.exitcode

    def end(self) -> int | None:
        """SIGTERM, as an operator's restart does; the exit code."""
        self._process.terminate()
        return self.wait()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    @property
    def is_running(self) -> bool:
        return self._process.is_alive()


def _work(
    home: Path,
    point: str | None,
    role: Role | None,
    ahead: timedelta,
    works: Event,
) -> None:
    log = os.open(home / "faulty_run.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    from tests.failure.warm_rules import keep_rules_warm

    set_up_logs()
    keep_rules_warm()
    if point is not None:
        _lay_trap(point)
    runtime = assemble(home, environ={"IMAP_PASSWORD": "pw"}, clock=LaterClock(ahead))
    works.set()
    if role is None:
        run.run_once(runtime)
    else:
        with run.stopped_by_signals() as stop:
            _LOOPS[role](runtime, stop)
    runtime.close()


def _lay_trap(point: str) -> None:
    owner, name = BEFORE.get(point) or AFTER[point]
    original: Callable[..., Any] = getattr(owner, name)

    def trapped(*arguments: Any, **named: Any) -> Any:
        if name == "move" and not arguments[1]:
            return original(*arguments, **named)
        if point in BEFORE:
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, trapped)
