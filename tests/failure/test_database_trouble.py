"""A database that is locked, restarts or has no room: mail waits, nothing is half done."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from mailflow.errors import TemporaryError
from mailflow.intake.parse_pool import ParsePool
from mailflow.workers.poller import Poller
from mailflow.workers.reading import MailReader
from tests.failure.accounts import check_the_books, write_mails
from tests.failure.waiting import pause, running, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.acceptance.site import Site
    from tests.servers.postgres import Postgres

pytestmark = pytest.mark.servers

MAILS = write_mails(4)
# The product waits ten seconds for a lock: it must live through several refusals.
LOCKED_SECONDS = 13
AWAY_SECONDS = 6
SOON_SECONDS = 5


def all_sent(site: Site, cases: int) -> bool:
    open_rows = site.rows("SELECT id FROM outbox WHERE state <> 'sent'")
    return len(site.ledger()) == cases and "stored" not in site.ledger() and not open_rows


def test_a_locked_sqlite_delays_everything_and_loses_nothing(
    sqlite_site: Site, tmp_path: Path
) -> None:
    site = sqlite_site
    with running(site.runtime):
        site.deliver(MAILS[0])
        wait_until(lambda: all_sent(site, 1))
        lock = sqlite3.connect(tmp_path / "mailflow.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        site.deliver(*MAILS[1:])
        pause(LOCKED_SECONDS)
        lock.execute("ROLLBACK")
        lock.close()
        wait_until(lambda: all_sent(site, 4), timeout_seconds=60)
    assert check_the_books(site, MAILS) == {}


def test_a_restarted_postgres_is_found_again(
    make_site: Callable[..., Site], postgres_url: str, postgres: Postgres
) -> None:
    site = make_site(postgres_url)
    with running(site.runtime):
        for mail in MAILS:
            site.deliver(mail)
            postgres.cut_connections()
        postgres.kill()
        pause(AWAY_SECONDS)
        postgres.ensure_running()
        assert wait_until(lambda: all_sent(site, 4), timeout_seconds=60) < SOON_SECONDS
    assert check_the_books(site, MAILS) == {}


def test_without_room_mail_stays_on_the_server_and_what_is_ordered_goes_out(site: Site) -> None:
    site.deliver(*MAILS[:2])
    with ParsePool(workers=1) as pool:
        runtime = site.runtime
        read = MailReader(runtime, pool)
        Poller(runtime, runtime.accounts[0], read=read, ring=lambda _: None).look_once()
    assert site.relay.envelopes == ()
    free_mib = shutil.disk_usage(site.home).free // 2**20
    site.change_settings("free_space_floor: 1 MiB", f"free_space_floor: {free_mib * 2} MiB")
    site.deliver(*MAILS[2:])
    site.run()
    assert len(site.dovecot.messages(site.user)) == 2
    assert all_sent(site, 2)

    site.change_settings(f"free_space_floor: {free_mib * 2} MiB", "free_space_floor: 1 MiB")
    site.run()
    assert check_the_books(site, MAILS) == {}


def test_a_sqlite_without_room_does_nothing_by_halves(sqlite_site: Site) -> None:
    """SQLITE_FULL, as a full disk gives it: the file may not grow by a page more."""
    site = sqlite_site
    site.run()
    pages = site.rows("SELECT page_count FROM pragma_page_count()")[0]["page_count"]
    full = [True]

    @event.listens_for(site.runtime.engine, "begin")
    def limit(connection: Connection) -> None:
        wanted = pages if full[0] else 1_000_000
        connection.exec_driver_sql(f"PRAGMA max_page_count = {wanted}")

    site.deliver(*MAILS)
    with suppress(TemporaryError):
        site.run()
    assert len(site.ledger()) + len(site.dovecot.messages(site.user)) >= 4
    assert len(site.cases()) == site.ledger().count("case") < 4
    full[0] = False
    site.run()
    site.steer().advance(timedelta(minutes=3))
    site.run()
    assert check_the_books(site, MAILS) == {}
