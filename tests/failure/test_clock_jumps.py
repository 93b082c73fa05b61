"""A clock that jumps: nobody is nudged and nothing held is sent until it is right or accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.workers.metrics_server import tell_health
from tests.acceptance.site import write_mail
from tests.servers.smtp_faults import Reply, Stage

if TYPE_CHECKING:
    from mailflow.clock import SteeredClock
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"
ED = "ed.ellis@acme.example"
YEAR = timedelta(days=365)
HOURS = timedelta(hours=2)


@pytest.fixture
def clock(site: Site) -> SteeredClock:
    """A case is open; its clocks run."""
    clock = site.steer()
    site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
    site.run()
    return clock


def nudges(site: Site) -> int:
    return len(site.rows("SELECT id FROM outbox WHERE template = 'nudge'"))


@pytest.mark.parametrize("step", [HOURS, -HOURS, YEAR], ids=["ahead", "back", "a-year"])
def test_after_a_jump_nobody_is_nudged(site: Site, clock: SteeredClock, step: timedelta) -> None:
    clock.jump(step)
    site.run()
    site.run()
    assert nudges(site) == 0
    assert "clock: the clock jumped" in tell_health(site.runtime)[1]


def test_time_that_passes_nudges_as_ever(site: Site, clock: SteeredClock) -> None:
    clock.advance(timedelta(days=20))
    site.run()
    assert nudges(site) > 0


def test_new_mail_is_taken_in_and_acknowledged_meanwhile(site: Site, clock: SteeredClock) -> None:
    clock.jump(HOURS)
    site.deliver(write_mail(ED, "Parking", "Where may I park my car?"))
    site.run()
    assert len(site.sent_to(ED)) == 1


def test_what_waits_for_another_try_is_not_given_up_by_a_jump(
    site: Site, clock: SteeredClock
) -> None:
    site.relay.fail(Stage.RCPT, Reply(450), times=None, recipient=ED)
    site.deliver(write_mail(ED, "Parking", "Where may I park my car?"))
    site.run()
    clock.jump(YEAR)
    site.run()
    site.relay.behave()
    clock.jump(-YEAR)
    clock.advance(timedelta(minutes=2))
    site.run()
    assert len(site.sent_to(ED)) == 1


def test_a_clock_that_is_set_right_goes_on(site: Site, clock: SteeredClock) -> None:
    clock.jump(YEAR)
    site.run()
    clock.jump(-YEAR)
    clock.advance(timedelta(days=20))
    site.run()
    assert nudges(site) > 0
    assert "clock" not in tell_health(site.runtime)[1]


def test_a_restart_does_not_make_a_jump_right(site: Site, clock: SteeredClock) -> None:
    clock.jump(timedelta(days=20))
    site.run()
    site.close()
    site.run()
    assert nudges(site) == 0


def test_a_person_may_say_that_the_time_is_right(site: Site, clock: SteeredClock) -> None:
    clock.jump(timedelta(days=20))
    site.run()
    site.runtime.time_guard.accept()
    site.run()
    assert nudges(site) > 0


def test_another_process_hears_of_it(site: Site, clock: SteeredClock) -> None:
    clock.jump(timedelta(days=20))
    site.run()
    doubting = site.runtime
    site.take(None)  # type: ignore[arg-type]  # the next use assembles another process' runtime
    site.runtime.time_guard.accept()
    assert doubting.time_guard.is_trusted()
    doubting.close()


def test_what_was_accepted_is_not_doubted_by_a_process_that_looks_later(
    site: Site, clock: SteeredClock
) -> None:
    late = site.runtime
    assert late.time_guard.is_trusted()
    clock.jump(timedelta(days=20))
    site.take(None)  # type: ignore[arg-type]  # the next use assembles another process' runtime
    site.runtime.time_guard.accept()
    assert late.time_guard.is_trusted()
    assert site.runtime.time_guard.is_trusted()
    clock.jump(HOURS)
    assert not late.time_guard.is_trusted()
    late.close()


def test_a_start_after_more_than_a_month_waits_for_a_person(
    site: Site, clock: SteeredClock
) -> None:
    site.close()
    clock.advance(timedelta(days=31))
    site.run()
    assert nudges(site) == 0
    site.runtime.time_guard.accept()
    site.run()
    assert nudges(site) > 0
