"""Two of everything over PostgreSQL and Redis, while they are replaced and their servers fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.failure.accounts import check_the_books, write_mails
from tests.failure.faulty_run import FaultyRun, Role
from tests.failure.waiting import pause, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.acceptance.site import Site
    from tests.servers.postgres import Postgres
    from tests.servers.redis import RedisServer

pytestmark = pytest.mark.servers

MAILS = write_mails(28)
TEAM = (Role.POLL, Role.WORK, Role.SCHEDULE) * 2
SOON_SECONDS = 5.0
AWAY_SECONDS = 6.0


@pytest.fixture
def site(make_site: Callable[..., Site], postgres_url: str, redis_url: str) -> Site:
    return make_site(postgres_url, broker=redis_url)


@pytest.fixture
def team(site: Site) -> Iterator[list[FaultyRun]]:
    team = [FaultyRun(site.home, stays=True, role=role) for role in TEAM]
    for process in team:
        process.wait_until_it_works()
    yield team
    for process in team:
        process.kill()


def are_sent(site: Site, mails: int) -> bool:
    decided = site.rows("SELECT count(*) AS n FROM inbound WHERE state = 'processed'")[0]["n"]
    unsent = site.rows("SELECT count(*) AS n FROM outbox WHERE state <> 'sent'")[0]["n"]
    return bool(decided == mails and unsent == 0)


def test_nothing_is_lost_or_doubled_whatever_is_replaced_or_fails(
    site: Site, team: list[FaultyRun], redis_server: RedisServer, postgres: Postgres
) -> None:
    """One story, since starting six processes costs more than all that it tells."""
    waiting = list(MAILS)
    arrived: list[bytes] = []

    def deliver(count: int) -> None:
        for _ in range(count):
            arrived.append(waiting.pop(0))
            site.deliver(arrived[-1])

    def sent_within(seconds: float) -> None:
        assert wait_until(lambda: are_sent(site, len(arrived)), timeout_seconds=60) < seconds

    deliver(4)
    sent_within(SOON_SECONDS)

    # A rolling restart: the new one works before the old one goes.
    for place, role in enumerate(TEAM):
        newer = FaultyRun(site.home, stays=True, role=role)
        newer.wait_until_it_works()
        deliver(1)
        older, team[place] = team[place], newer
        assert older.end() == 0
        deliver(1)
    sent_within(SOON_SECONDS)

    redis_server.flush_all()
    deliver(2)
    sent_within(SOON_SECONDS)

    redis_server.stop()
    deliver(3)
    wait_until(lambda: "stored" not in site.ledger() and len(site.ledger()) == len(arrived))
    pause(AWAY_SECONDS)
    redis_server.ensure_running()
    sent_within(SOON_SECONDS)

    postgres.kill()
    deliver(2)
    pause(AWAY_SECONDS)
    postgres.ensure_running()
    sent_within(SOON_SECONDS)

    site.relay.stop()
    deliver(2)
    wait_until(lambda: site.rows("SELECT id FROM outbox WHERE state = 'deferred'"))
    pause(AWAY_SECONDS)
    site.relay.restart()
    sent_within(SOON_SECONDS)

    site.dovecot.stop()
    pause(AWAY_SECONDS)
    site.dovecot.restart()
    deliver(2)
    sent_within(SOON_SECONDS)

    assert [process.end() for process in team] == [0] * len(team)
    assert check_the_books(site, arrived) == {}
