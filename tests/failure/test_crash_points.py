"""kill -9 at each point between an IMAP folder and a 250: nothing lost, nothing done twice."""

from __future__ import annotations

import signal
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.failure.accounts import check_the_books, write_mails
from tests.failure.faulty_run import POINTS, FaultyRun
from tests.servers.smtp_faults import Stage, Stall

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

MAILS = write_mails(4)
LEASES_ARE_OVER = timedelta(minutes=3)
MAY_COPY = ("O4", "O5")


def go_on(site: Site) -> None:
    """As the next process does, when the leases of the dead one have run out."""
    site.steer().advance(LEASES_ARE_OVER)
    site.run()


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_loses_nothing_and_doubles_nothing(site: Site, point: str) -> None:
    site.dovecot.deliver_files(site.user, MAILS)
    assert FaultyRun(site.home, point=point).wait() == -signal.SIGKILL
    go_on(site)
    copies = check_the_books(site, MAILS)
    assert not copies or point.startswith(MAY_COPY)
    before = len(site.relay.envelopes)
    site.run()
    assert len(site.relay.envelopes) == before


def test_a_kill_after_the_dot_makes_identical_copies_at_most(site: Site) -> None:
    site.dovecot.deliver_files(site.user, MAILS)
    site.relay.fail(Stage.KEPT, Stall(), times=None)
    process = FaultyRun(site.home)
    site.relay.wait_for(2, timeout_seconds=60)
    process.kill()
    sent = len(site.relay.envelopes)
    site.relay.behave()

    site.run()
    in_doubt = site.rows("SELECT outbox_id FROM outbox_attempts WHERE stage = 'data_ended'")
    assert len(in_doubt) >= sent
    go_on(site)
    copies = check_the_books(site, MAILS)
    assert sent <= sum(copies.values()) <= len(in_doubt)
    assert set(copies.values()) == {1}


def test_two_kills_in_a_row_at_different_points_are_no_worse(site: Site) -> None:
    site.dovecot.deliver_files(site.user, MAILS)
    assert FaultyRun(site.home, point="I3 after the commit of the sealed copy").wait() == -9
    assert FaultyRun(site.home, point="I6 after the commit of the decision").wait() == -9
    assert FaultyRun(site.home, point="O2 after the commit of the claim").wait() == -9
    go_on(site)
    assert check_the_books(site, MAILS) == {}
