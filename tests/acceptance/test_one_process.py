"""`mailflow run`: everything in one process, woken by IDLE, stopped by its signal."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from mailflow.workers.run import run_all
from tests.acceptance.site import write_mail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"


@contextmanager
def running(site: Site) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run_all, args=(site.runtime, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)
    assert not thread.is_alive()


def test_mail_is_answered_within_seconds_of_its_arrival(site: Site) -> None:
    site.change_settings("poll_seconds: 1", "poll_seconds: 60")
    with running(site):
        site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
        site.relay.wait_for(2, timeout_seconds=15)
        # Connected now, and waiting: only IDLE can tell of the next one before a minute is over.
        started = time.monotonic()
        site.deliver(write_mail(RIYA, "Parking", "Where may I park my car?"))
        site.relay.wait_for(4, timeout_seconds=15)
        assert time.monotonic() - started < 8
    assert len(site.cases()) == 2
    assert len(site.sent_to(RIYA)) == 2


def test_a_site_that_cannot_idle_is_polled(site: Site) -> None:
    site.change_settings("poll_seconds: 1", "poll_seconds: 1\n    idle: false")
    with running(site):
        site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
        site.relay.wait_for(2, timeout_seconds=15)
    assert len(site.cases()) == 1
