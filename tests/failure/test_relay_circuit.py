"""A relay that fails as such is left alone for a while; once it is back, all mail goes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.mail_order import Lane
from mailflow.core.policy.circuit import FAILURES_THAT_OPEN
from mailflow.delivery.deliver import deliver_due
from mailflow.delivery.smtp import SmtpConnection
from mailflow.errors import TemporaryError
from mailflow.workers.metrics_server import tell_health
from tests.failure.accounts import check_the_books, write_mails
from tests.failure.waiting import running, wait_until
from tests.servers.smtp_faults import Reply, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from mailflow.clock import SteeredClock
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

MAILS = write_mails(6)
# Each is acknowledged to its sender and told to an owner.
AT_LEAST = 12
SOON_SECONDS = 5.0
FIRST_RETRY = timedelta(minutes=1, seconds=10)


@pytest.fixture
def clock(sqlite_site: Site) -> SteeredClock:
    clock = sqlite_site.steer()
    sqlite_site.deliver(*MAILS)
    return clock


def tries(site: Site) -> list[int]:
    return [row["tries"] for row in site.rows("SELECT tries FROM outbox")]


def states(site: Site) -> set[str]:
    return {row["state"] for row in site.rows("SELECT state FROM outbox")}


def greetings(site: Site) -> int:
    return sum(command.upper().startswith("EHLO") for command in site.relay.commands)


def test_a_relay_that_is_away_is_not_asked_once_for_each_mail(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    site = sqlite_site
    site.relay.stop()
    site.run()
    assert len(tries(site)) >= AT_LEAST
    assert FAILURES_THAT_OPEN <= sum(tries(site)) < AT_LEAST
    site.relay.restart()
    clock.advance(timedelta(seconds=3))
    site.run()
    # Nobody waits for a minute because of what was never the mail's own fault.
    assert states(site) == {"sent"}
    assert check_the_books(site, MAILS) == {}


def test_one_mail_finds_out_whether_the_relay_is_well_again(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    site = sqlite_site
    site.relay.fail(Stage.MAIL, Reply(421), times=None)
    site.run()
    before = sum(tries(site))
    for _ in range(3):
        clock.advance(timedelta(seconds=61))
        site.run()
    assert sum(tries(site)) == before + 3


def leave_alone(site: Site, clock: SteeredClock) -> None:
    """The relay failed until it was left alone; its next trial is due, and it is well again."""
    site.relay.stop()
    site.run()
    site.relay.restart()
    clock.advance(timedelta(seconds=3))


def deliver(site: Site, *, is_time_trusted: Callable[[], bool] = lambda: True) -> None:
    async def send() -> None:
        room = site.runtime.post_room
        connection = SmtpConnection(room.account)
        lanes = [int(lane) for lane in Lane]
        try:
            await deliver_due(room, [connection], lanes=lanes, is_time_trusted=is_time_trusted)
        finally:
            await connection.close()

    asyncio.run(send())


def test_who_gets_no_mail_to_send_does_not_end_the_trial_of_another(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    leave_alone(sqlite_site, clock)
    breaker = sqlite_site.runtime.post_room.breaker
    assert breaker.ask_for(1) == (1, True)
    deliver(sqlite_site)
    assert breaker.ask_for(1) == (0, False)


def test_a_trial_that_the_database_was_too_busy_for_is_given_back(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    def look() -> bool:
        raise TemporaryError("database: busy")

    leave_alone(sqlite_site, clock)
    with pytest.raises(TemporaryError):
        deliver(sqlite_site, is_time_trusted=look)
    assert sqlite_site.runtime.post_room.breaker.ask_for(1) == (1, True)


def test_what_is_not_tried_after_all_is_due_as_it_was(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    site = sqlite_site
    site.deliver(*write_mails(15)[len(MAILS) :])
    site.relay.stop()
    site.run()
    site.close()
    clock.advance(timedelta(seconds=3))
    # A process that knows nothing of the relay takes all that waits, and puts the most of it back.
    site.run()
    untried = site.rows("SELECT due_at, created_at FROM outbox WHERE tries = 0 AND fence > 1")
    assert untried
    assert all(row["due_at"] == row["created_at"] for row in untried)


def test_a_log_in_that_is_refused_is_not_tried_again_and_again(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    """A server may lock an account that guesses."""
    site = sqlite_site
    site.relay.fail(Stage.CONNECT, Reply(554), times=None)
    site.run()
    before = sum(tries(site))
    for _ in range(10):
        clock.advance(timedelta(seconds=2))
        site.run()
    assert sum(tries(site)) == before


def test_what_recipients_are_refused_for_is_no_fault_of_the_relay(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    site = sqlite_site
    site.relay.fail(Stage.RCPT, Reply(450), times=None)
    site.run()
    assert min(tries(site)) == 1
    site.relay.behave()
    clock.advance(FIRST_RETRY)
    site.run()
    assert states(site) == {"sent"}


def test_mail_goes_within_seconds_of_the_relays_return(sqlite_site: Site) -> None:
    site = sqlite_site
    site.relay.stop()
    with running(site.runtime):
        site.deliver(*MAILS)
        wait_until(lambda: len(tries(site)) >= AT_LEAST and site.runtime.post_room.breaker.is_open)
        wait_until(lambda: "relay: left alone for a while (away)" in tell_health(site.runtime)[1])
        site.relay.restart()
        assert wait_until(lambda: states(site) == {"sent"}) < SOON_SECONDS
        wait_until(lambda: tell_health(site.runtime)[0])
    check_the_books(site, MAILS)


def test_a_mail_or_two_that_did_not_reach_the_relay_go_as_soon(sqlite_site: Site) -> None:
    site = sqlite_site
    site.relay.stop()
    with running(site.runtime):
        site.deliver(MAILS[0])
        wait_until(lambda: states(site) == {"deferred"})
        assert not site.runtime.post_room.breaker.is_open
        site.relay.restart()
        assert wait_until(lambda: states(site) == {"sent"}) < SOON_SECONDS


def test_what_was_not_tried_may_still_be_tried_for_five_days(
    sqlite_site: Site, clock: SteeredClock
) -> None:
    site = sqlite_site
    site.relay.stop()
    site.run()
    clock.advance(timedelta(days=6))
    site.relay.restart()
    site.run()
    acknowledged = site.rows("SELECT state FROM outbox WHERE purpose = 'acknowledgement'")
    assert [row["state"] for row in acknowledged] == ["sent"] * len(MAILS)


def test_a_kept_connection_that_was_closed_meanwhile_puts_no_mail_off(
    sqlite_site: Site,
) -> None:
    site = sqlite_site
    with running(site.runtime):
        site.deliver(MAILS[0])
        wait_until(lambda: states(site) == {"sent"})
        site.relay.stop()
        site.relay.restart()
        site.deliver(MAILS[1])
        wait_until(lambda: len(site.cases()) == 2)
        assert wait_until(lambda: states(site) == {"sent"}) < SOON_SECONDS
    assert set(tries(site)) == {1}
