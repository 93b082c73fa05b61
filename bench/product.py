"""The whole product in a process of its own, as an operator starts it, and what it uses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from mailflow.store.session import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mailflow.bootstrap import Runtime

LIMITS = (
    "limits: {acks_per_sender_per_day: 1000000, acks_per_directory_sender_per_day: 1000000, "
    "acks_per_outside_domain_per_hour: 1000000, acks_outside_per_hour: 1000000}\n"
)
_MIB = 1024


@contextmanager
def running_product(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`mailflow run`, ended by SIGTERM."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mailflow", "run", "--home", str(home)],
        env={**os.environ, "IMAP_PASSWORD": "pw"},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(90)


def use_relay(home: Path, *, old_port: int, new_port: int) -> None:
    """Send to another relay, and acknowledge all that comes."""
    path = home / "config" / "mailflow.yaml"
    settings = path.read_text(encoding="utf-8").replace(f"port: {old_port}", f"port: {new_port}")
    path.write_text(settings + LIMITS, encoding="utf-8")


def count(runtime: Runtime, query: str) -> int:
    with reading(runtime.engine) as connection:
        return int(connection.execute(text(query)).scalar_one())


def wait_until(is_so: Callable[[], bool], *, timeout_seconds: float = 900.0) -> float:
    """Seconds until it was so."""
    start = time.monotonic()
    while not is_so():
        if time.monotonic() - start > timeout_seconds:
            raise TimeoutError("it did not happen in time")
        time.sleep(0.1)
    return time.monotonic() - start


def memory_mib(pid: int) -> float:
    """Resident memory of a process and its children, shared pages counted once for each."""
    pids = [pid, *_children(pid)]
    return sum(_resident_kib(one) for one in pids) / _MIB


def _children(pid: int) -> list[int]:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    children = [int(child) for child in found]
    return children + [grandchild for child in children for grandchild in _children(child)]


def _resident_kib(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(line.split()[1])
