"""Processes: everything in one (the embedded default), one of each kind, or once and out."""

from __future__ import annotations

import gc
import signal
import threading
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

import structlog

from mailflow.casework.follow_up import follow_up_due
from mailflow.casework.leavers import hand_over_of_leavers
from mailflow.casework.recompute_clocks import recompute_some
from mailflow.casework.rules_ahead import RulesAhead
from mailflow.casework.trainings import ask_for_renewals
from mailflow.core.case.mail_order import Lane
from mailflow.doorbell import open_broker, ring_for_mail
from mailflow.errors import TemporaryError
from mailflow.intake.parse_pool import ParsePool
from mailflow.store import outbox, timers, waiting
from mailflow.store.session import reading
from mailflow.workers.metrics_server import serve_metrics
from mailflow.workers.past_mail import try_on_past_mail
from mailflow.workers.poller import Poller
from mailflow.workers.post_worker import PostWorker
from mailflow.workers.reading import MailReader
from mailflow.workers.relay_watch import RelayWatch
from mailflow.workers.rules_watch import RulesWatch
from mailflow.workers.scheduler import Scheduler
from mailflow.workers.timekeeper import keep_time
from mailflow.workers.worker import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from mailflow.bootstrap import Runtime

_WAIT_AFTER_FAILURE_SECONDS = 5

log = structlog.get_logger()


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set: finish the work in hand, then leave."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_all(runtime: Runtime, stop: threading.Event) -> None:
    """Poll, work and schedule in this one process until ``stop`` is set."""
    _run(runtime, stop, polls=True, works=True, schedules=True)


def run_poll(runtime: Runtime, stop: threading.Event) -> None:
    _run(runtime, stop, polls=True)


def run_work(runtime: Runtime, stop: threading.Event) -> None:
    _run(runtime, stop, works=True)


def run_schedule(runtime: Runtime, stop: threading.Event) -> None:
    _run(runtime, stop, schedules=True)


def _run(
    runtime: Runtime,
    stop: threading.Event,
    *,
    polls: bool = False,
    works: bool = False,
    schedules: bool = False,
) -> None:
    broker = open_broker(runtime.broker_url)
    with ExitStack() as held:
        held.callback(broker.close)
        loops: list[Callable[[threading.Event], None]] = []
        if works:
            held.callback(Workers(runtime, broker).stop)
            loops.append(RelayWatch(runtime, broker).run)
        if schedules or (works and runtime.broker_url.startswith("memory:")):
            # With a broker of its own, a process hears no bell but this sweep's.
            loops.append(Scheduler(runtime, broker=broker).run)
        if polls:
            pool = held.enter_context(ParsePool())
            rules = held.enter_context(RulesAhead())
            ring = partial(ring_for_mail, broker)
            loops += [
                Poller(runtime, account, read=MailReader(runtime, pool, rules), ring=ring).run
                for account in runtime.accounts
            ]
        loops += [RulesWatch(runtime).run, partial(keep_time, runtime)]
        if runtime.metrics_listen:
            loops.append(partial(serve_metrics, runtime))
        threads = [
            threading.Thread(target=_keep_at, args=(loop, stop), daemon=True) for loop in loops
        ]
        settle_memory()
        for thread in threads:
            thread.start()
        log.info("started", loops=len(threads))
        stop.wait()
        for thread in threads:
            thread.join(timeout=60)
    log.info("stopped")


def settle_memory() -> None:
    """What was read at the start stays for good: the collector need not walk through the rules
    each time it looks for what can go.
    """
    gc.collect()
    gc.freeze()


def _keep_at(loop: Callable[[threading.Event], None], stop: threading.Event) -> None:
    """A loop that a bug ends begins again: a process that only looks alive reads no mail."""
    while not stop.is_set():
        try:
            loop(stop)
        except Exception as error:
            log.exception("loop_failed", error=type(error).__name__)
            stop.wait(_WAIT_AFTER_FAILURE_SECONDS)


def run_once(runtime: Runtime) -> bool:
    """Do all that is due now or becomes due by doing it; later work stays.

    Returns whether any server answered. A mailbox or relay that does not answer keeps its rows
    for the next time.
    """
    worker = PostWorker(runtime)
    answered = False
    runtime.rules.look()
    while recompute_some(runtime.office):
        continue
    is_trusted = runtime.time_guard.is_trusted()
    if is_trusted:
        hand_over_of_leavers(runtime.office)
        ask_for_renewals(runtime.office)
    with ParsePool() as pool, RulesAhead() as rules:
        for account in runtime.accounts:
            read = MailReader(runtime, pool, rules)
            try:
                Poller(runtime, account, read=read, ring=_ring_nobody).look_once()
                answered = True
            except TemporaryError as error:
                log.warning("mailbox_unreachable", mailbox=account.name, error=str(error))
        runtime.rules.tell(partial(try_on_past_mail, runtime))
        while True:
            handled = follow_up_due(runtime.office) if is_trusted else 0
            sent = worker.deliver([int(lane) for lane in Lane])
            answered |= sent.reached > 0
            if not handled and not sent.claimed:
                break
    worker.close()
    return answered


def _ring_nobody(_lanes: Iterable[int]) -> None:
    """Whoever works once sends by itself."""


def next_work_at(runtime: Runtime) -> datetime | None:
    """When the next mail, timer or put-off message becomes due."""
    with reading(runtime.engine) as connection:
        times = (
            timers.next_timer_at(connection),
            outbox.next_mail_at(connection),
            waiting.next_waiting_at(connection),
        )
    known = [moment for moment in times if moment is not None]
    return min(known) if known else None
