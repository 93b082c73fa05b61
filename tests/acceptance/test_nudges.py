"""Reminders: once, in time, and not at all where they are no longer due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.events import EventKind
from mailflow.core.policy.clocks import meet as met_at
from mailflow.store import cases
from mailflow.store.batch import Batch
from mailflow.store.session import transaction
from mailflow.workers.run import next_work_at
from tests.acceptance.site import write_mail

if TYPE_CHECKING:
    from datetime import datetime

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"


def open_case(site: Site, text: str = "My supervisor sexually harassed me on Friday.") -> None:
    site.deliver(write_mail(RIYA, "Friday", text))
    site.run()


def nudges(site: Site) -> list[dict[str, object]]:
    query = "SELECT cause, state, error FROM outbox WHERE purpose = 'nudge' ORDER BY id"
    return [dict(row) for row in site.rows(query)]


def first_rung(site: Site, target: str) -> datetime:
    """When the next reminder of this clock is due."""
    loaded = site.case()
    (clock,) = (c for c in loaded.file.clocks if c.target == target)
    assert clock.due_at is not None
    return clock.started_at + (clock.due_at - clock.started_at) / 2


def test_a_reminder_is_sent_when_half_of_the_time_has_passed_and_not_again(site: Site) -> None:
    clock = site.steer()
    open_case(site)
    assert nudges(site) == []
    clock.advance(first_rung(site, "begin_investigation") - clock.now() + timedelta(seconds=1))
    site.run()
    of_begin = [n for n in nudges(site) if ":begin_investigation:" in str(n["cause"])]
    assert [n["state"] for n in of_begin] == ["sent"]
    sent = len(site.relay.envelopes)
    site.run()
    site.run()
    assert len(site.relay.envelopes) == sent
    assert EventKind.NUDGED in [event.kind for event in site.events(site.case())]


def test_several_rungs_passed_at_once_send_the_highest_alone(site: Site) -> None:
    clock = site.steer()
    open_case(site)
    clock.advance(timedelta(hours=49))
    site.run()
    begin = [n for n in nudges(site) if ":begin_investigation:" in str(n["cause"])]
    assert {str(n["cause"]) for n in begin} == {str(begin[0]["cause"])}
    assert not str(begin[0]["cause"]).endswith((":50%", ":80%"))
    assert site.clock_of("begin_investigation").breached_at is not None


def test_no_reminder_of_a_clock_that_was_met_meanwhile(site: Site) -> None:
    clock = site.steer()
    open_case(site)
    due = first_rung(site, "begin_investigation")
    meet(site, "begin_investigation")
    clock.advance(due - clock.now() + timedelta(seconds=1))
    site.run()
    assert not [n for n in nudges(site) if ":begin_investigation:" in str(n["cause"])]


def test_a_reminder_that_waits_is_cancelled_when_the_clock_is_met(site: Site) -> None:
    clock = site.steer()
    open_case(site)
    clock.advance(first_rung(site, "begin_investigation") - clock.now() + timedelta(seconds=1))
    site.relay.stop()
    site.run()
    meet(site, "begin_investigation")
    site.relay.restart()
    clock.advance(timedelta(minutes=2))
    site.run()
    begin = [n for n in nudges(site) if ":begin_investigation:" in str(n["cause"])]
    assert [(n["state"], n["error"]) for n in begin] == [("cancelled", "overtaken")]


def test_the_acknowledgement_stops_its_own_reminders(site: Site) -> None:
    clock = site.steer()
    open_case(site)
    clock.advance(timedelta(hours=25))
    site.run()
    assert not [n for n in nudges(site) if ":acknowledge:" in str(n["cause"])]


def test_going_from_one_due_work_to_the_next_meets_the_first_reminder(site: Site) -> None:
    clock = site.steer()
    open_case(site)
    for _ in range(10):
        due = next_work_at(site.runtime)
        assert due is not None
        assert due > clock.now()
        clock.advance(due - clock.now())
        site.run()
        if nudges(site):
            break
    assert len(nudges(site)) > 0


def meet(site: Site, target: str) -> None:
    """As the command of a person would: the clock is met now."""
    loaded = site.case()
    running = loaded.file.running(target)
    assert running is not None
    met, _ = met_at(running, at=site.runtime.clock.now())
    batch = Batch()
    cases.save_clock(batch, running, met, case_uid=loaded.case.uid)
    with transaction(site.runtime.engine) as connection:
        batch.flush(connection)
