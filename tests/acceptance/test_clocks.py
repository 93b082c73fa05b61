from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.casework.recompute_clocks import recompute_some
from mailflow.clock import SteeredClock
from mailflow.store import case_events, timers
from mailflow.store.session import reading
from tests.acceptance.conversation import Talk
from tests.acceptance.site import text_of, write_mail
from tests.servers.smtp_faults import Reply, Stage

if TYPE_CHECKING:
    from mailflow.core.case.clock import CaseClock
from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

_TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_COMPLAINT = "He groped me at the Christmas party and I do not know what to do."
_REPORT = "I want to report fraud: the invoices were backdated and a kickback was paid."


@pytest.fixture
def clock(site: Site) -> SteeredClock:
    steered = SteeredClock(_TUESDAY)
    site.clock = steered
    return steered


def _arrive(site: Site, clock: SteeredClock, *mails: bytes) -> None:
    site.dovecot.deliver_files(site.user, list(mails), received=clock.now())
    site.run()


def _clock(site: Site, target: str, *, case: int = 0) -> CaseClock:
    return next(c for c in site.cases()[case].file.clocks if c.target == target)


def _events(site: Site, *, case: int = 0) -> list[str]:
    loaded = site.cases()[case]
    with reading(site.runtime.engine) as connection:
        return [event.kind for event in case_events.load_events(connection, loaded.vault)]


def test_an_escalation_that_cannot_be_delivered_climbs_after_a_quarter_hour(
    site: Site, clock: SteeredClock
) -> None:
    site.relay.fail(Stage.RCPT, Reply(451, "later"), times=1000)
    _arrive(site, clock, write_mail("riya.rao@acme.example", "Help", _COMPLAINT))
    assert len(site.relay.envelopes) == 0
    site.relay.behave()
    before = len(site.relay.envelopes)
    clock.advance(timedelta(minutes=15))
    site.relay.fail(Stage.RCPT, Reply(451, "later"), times=1)
    site.run()
    assert _events(site).count("escalated") == 2
    assert len(site.relay.envelopes) > before


def test_an_escalation_that_nobody_acts_on_climbs_after_an_hour(
    site: Site, clock: SteeredClock
) -> None:
    _arrive(site, clock, write_mail("riya.rao@acme.example", "Help", _COMPLAINT))
    contact = "counsel@lawfirm.example"
    assert site.sent_to(contact) == []
    clock.advance(timedelta(minutes=59))
    site.run()
    assert site.sent_to(contact) == []
    clock.advance(timedelta(minutes=1))
    site.run()
    (word,) = site.sent_to(contact)
    assert "groped" not in text_of(word)
    clock.advance(timedelta(hours=3))
    site.run()
    assert len(site.sent_to(contact)) == 1


def test_a_case_that_turns_grave_brings_its_clocks_forward_and_escalates(
    site: Site, clock: SteeredClock
) -> None:
    first = write_mail(
        "riya.rao@acme.example",
        "Vacation",
        "How many vacation days do I have left this year?",
        message_id="<one@client.example>",
    )
    _arrive(site, clock, first)
    slow = _clock(site, "first_response").due_at
    clock.advance(timedelta(hours=1))
    answer = write_mail(
        "riya.rao@acme.example", "Re: Vacation", _COMPLAINT, in_reply_to="<one@client.example>"
    )
    _arrive(site, clock, answer)
    (loaded,) = site.cases()
    assert loaded.case.risk.is_urgent
    begin = _clock(site, "begin_investigation")
    assert begin.due_at == _TUESDAY + timedelta(hours=48)
    fast = _clock(site, "first_response").due_at
    assert slow is not None
    assert fast is not None
    assert fast < slow
    assert "escalated" in _events(site)


def test_the_european_feedback_clock_runs_from_the_acknowledgement(
    site: Site, clock: SteeredClock
) -> None:
    _arrive(site, clock, write_mail("riya.rao@acme.example", "Report", _REPORT))
    assert site.cases()[0].case.category == "whistleblower_report"
    assert _clock(site, "eu_acknowledgement").met_at == _TUESDAY
    feedback = _clock(site, "eu_feedback")
    assert feedback.started_at == _TUESDAY
    assert feedback.due_at is not None
    assert feedback.due_at.date().isoformat() == "2027-02-24"


def test_an_edited_calendar_moves_open_clocks_once_and_says_so(
    site: Site, clock: SteeredClock
) -> None:
    question = "How many vacation days do I have left this year?"
    _arrive(site, clock, write_mail("riya.rao@acme.example", "Days", question))
    recompute_some(site.runtime.office)
    before = _clock(site, "resolve").due_at
    _close_on_wednesday(site)
    after = _clock(site, "resolve").due_at
    assert before is not None
    assert after is not None
    assert after > before
    assert _events(site).count("clock_moved") == 1
    recompute_some(site.runtime.office)
    assert _events(site).count("clock_moved") == 1
    with reading(site.runtime.engine) as connection:
        assert timers.next_timer_at(connection) is not None


def _close_on_wednesday(site: Site) -> None:
    """The edit of an admin, and the background work that follows it."""
    path = site.home / "rules" / "calendars.yaml"
    text = path.read_text(encoding="utf-8")
    moved = text.replace("  standard:\n", "  standard:\n    special_days: {2026-11-25: []}\n", 1)
    assert moved != text
    path.write_text(moved, encoding="utf-8")
    site.close()
    while recompute_some(site.runtime.office, limit=1):
        continue


def _ask_and_order(site: Site, clock: SteeredClock, command: str) -> Talk:
    talk = Talk(site, clock)
    talk.write(
        "riya.rao@acme.example", "How many vacation days do I have left this year?", subject="Days"
    )
    recompute_some(site.runtime.office)
    owner = site.case().case.owner
    talk.write(owner, command, answers=talk.last_to(owner))
    return talk


def test_an_edited_calendar_leaves_a_waiting_clock_at_rest_and_counts_when_it_goes_on(
    site: Site, clock: SteeredClock
) -> None:
    talk = _ask_and_order(site, clock, "#wait employee until: +5d q: Which team?")
    before = site.case().case.waits[-1].dues["resolve"]
    _close_on_wednesday(site)
    assert _clock(site, "resolve").due_at is None
    assert site.case().case.waits[-1].dues["resolve"] > before
    clock.advance(timedelta(hours=1))
    talk.write(
        "riya.rao@acme.example", "The team of Ana.", answers=talk.last_to("riya.rao@acme.example")
    )
    due = _clock(site, "resolve").due_at
    assert due is not None
    assert due > before + timedelta(hours=1)


def test_a_date_that_a_person_set_stays_when_the_calendar_is_edited(
    site: Site, clock: SteeredClock
) -> None:
    _ask_and_order(site, clock, "#due 2026-12-01 reason: payroll closes")
    before = _clock(site, "resolve").due_at
    _close_on_wednesday(site)
    assert _clock(site, "resolve").due_at == before
