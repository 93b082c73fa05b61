"""Waiting for what other threads and processes do, with an end to it."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mailflow.workers.run import run_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mailflow.bootstrap import Runtime


def wait_until(is_so: Callable[[], object], *, timeout_seconds: float = 30.0) -> float:
    """Seconds until ``is_so()``; AssertionError when it never was."""
    start = time.monotonic()
    while not is_so():
        assert time.monotonic() - start < timeout_seconds, "it did not happen in time"
        time.sleep(0.05)
    return time.monotonic() - start


def pause(seconds: float) -> None:
    """For a server that is to be away so long."""
    time.sleep(seconds)


@contextmanager
def in_background(work: Callable[[], object]) -> Iterator[None]:
    """``work`` runs beside the block; what it raises is raised at the end."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 (handed on to the test)
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join(timeout=120)
    assert not thread.is_alive()
    if raised:
        raise raised[0]


@contextmanager
def running(runtime: Runtime) -> Iterator[None]:
    """`mailflow run` beside the block."""
    stop = threading.Event()
    with in_background(lambda: run_all(runtime, stop)):
        try:
            yield
        finally:
            stop.set()
