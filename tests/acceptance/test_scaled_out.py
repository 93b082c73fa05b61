from __future__ import annotations

import os
import signal
import subprocess
import sys
from threading import Event
from typing import TYPE_CHECKING

import pytest

from mailflow.store import instance
from mailflow.store.session import reading
from tests.acceptance.site import Site, write_instance, write_mail

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.dovecot import Dovecot
    from tests.servers.smtp_sink import SmtpSink

pytestmark = pytest.mark.servers

_LONGEST_SECONDS = 120


def _start(home: Path, command: str) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "IMAP_PASSWORD": "pw"}
    return subprocess.Popen(
        [sys.executable, "-m", "mailflow", command, "--home", str(home)],
        env=environ,
        stderr=subprocess.DEVNULL,
    )


def _wait_for_scheduler(site: Site) -> None:
    """It has left word that it sweeps: only then does its end say anything."""
    for _ in range(_LONGEST_SECONDS):
        with reading(site.runtime.engine) as connection:
            if instance.heartbeat_at(connection, "scheduler") is not None:
                break
        Event().wait(1.0)
    site.close()


def test_poll_work_and_schedule_share_the_work_over_postgresql_and_redis(
    tmp_path: Path,
    postgres_url: str,
    redis_url: str,
    dovecot: Dovecot,
    imap_user: str,
    smtp_sink: SmtpSink,
) -> None:
    home = tmp_path / "site"
    home.mkdir()
    write_instance(
        home,
        database=postgres_url,
        imap_port=dovecot.port,
        user=imap_user,
        smtp_port=smtp_sink.port,
        broker=redis_url,
    )
    migrated = _start(home, "migrate")
    assert migrated.wait(timeout=_LONGEST_SECONDS) == 0
    processes = [_start(home, name) for name in ("poll", "work", "schedule")]
    employee = "riya.rao@acme.example"
    question = "How many vacation days do I have left this year?"
    dovecot.deliver(imap_user, write_mail(employee, "Days", question))
    try:
        smtp_sink.wait_for(2, timeout_seconds=_LONGEST_SECONDS)
        _wait_for_scheduler(Site(home, dovecot, imap_user, smtp_sink))
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
    assert [process.wait(timeout=90) for process in processes] == [0, 0, 0]
    site = Site(home, dovecot, imap_user, smtp_sink)
    (loaded,) = site.cases()
    site.close()
    assert len(site.sent_to(employee)) == 1
    assert len(site.sent_to(loaded.case.owner)) == 1
