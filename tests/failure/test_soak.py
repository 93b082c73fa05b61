"""kill -9 at random moments, again and again, while mail keeps coming: the books are in order."""

from __future__ import annotations

import os
import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from mailflow.store.session import transaction
from tests.failure.accounts import check_the_books, write_mails
from tests.failure.faulty_run import FaultyRun
from tests.failure.waiting import pause, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

_IS_SOAK = os.environ.get("MAILFLOW_SOAK") == "1"
KILLS = int(os.environ.get("MAILFLOW_SOAK_KILLS", "300" if _IS_SOAK else "5"))
MAILS_A_KILL = 10
SEED = int(os.environ.get("MAILFLOW_SOAK_SEED", "20261124"))
# Six senders write it all, and each mail is to be acknowledged.
_NO_LIMIT = "limits: {acks_per_directory_sender_per_day: 100000}"
_LONGEST_LIFE_SECONDS = 1.5
_ALL_DONE_SECONDS = 60 + 2 * KILLS


def let_leases_run_out(site: Site) -> None:
    """What two minutes would do, without the nudges that two minutes of each kill would add."""
    runtime = site.runtime
    now = runtime.clock.now()
    with transaction(runtime.engine) as connection:
        connection.execute(text("DELETE FROM leases"))
        connection.execute(
            text("UPDATE outbox SET due_at = :now WHERE state = 'sending'"), {"now": now}
        )


def is_all_sent(site: Site, mails: int) -> bool:
    decided = site.rows("SELECT COUNT(*) AS n FROM inbound WHERE state = 'processed'")[0]["n"]
    waiting = site.rows(
        "SELECT COUNT(*) AS n FROM outbox WHERE state IN ('queued', 'sending', 'deferred')"
    )[0]["n"]
    return bool(decided == mails and waiting == 0)


def test_random_kills_lose_nothing_and_double_nothing(
    site: Site, record_property: Callable[[str, object], None]
) -> None:
    floor = "free_space_floor: 1 MiB"
    site.change_settings(floor, f"{floor}\n{_NO_LIMIT}")
    chance = random.Random(SEED)
    mails = write_mails(KILLS * MAILS_A_KILL)
    for kill in range(KILLS):
        start = kill * MAILS_A_KILL
        site.dovecot.deliver_files(site.user, mails[start : start + MAILS_A_KILL])
        process = FaultyRun(site.home, stays=True)
        process.wait_until_it_works()
        pause(chance.uniform(0, _LONGEST_LIFE_SECONDS))
        process.kill()
        let_leases_run_out(site)
    last = FaultyRun(site.home, stays=True)
    wait_until(lambda: is_all_sent(site, len(mails)), timeout_seconds=_ALL_DONE_SECONDS)
    last.kill()
    let_leases_run_out(site)
    site.steer().advance(timedelta(minutes=3))
    site.run()
    copies = check_the_books(site, mails)
    in_doubt = site.rows("SELECT outbox_id FROM outbox_attempts WHERE stage = 'data_ended'")
    assert sum(copies.values()) <= len(in_doubt)
    record_property("copies", sum(copies.values()))
    record_property("in_doubt", len(in_doubt))
