"""Periods set by law that run from an event: a person records the event, and the act."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote

import pytest

from mailflow.clock import SteeredClock
from tests.acceptance.conversation import EMPLOYEE, Talk
from tests.acceptance.site import Site, text_of

pytestmark = pytest.mark.servers
_TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def talk(site: Site) -> Talk:
    site.clock = clock = SteeredClock(_TUESDAY)
    return Talk(site, clock)


@pytest.fixture
def leave(talk: Talk) -> Talk:
    talk.write(EMPLOYEE, "I would like to request FMLA leave from January.", subject="Leave")
    assert talk.site.case().case.category == "leave_request"
    return talk


def command(talk: Talk, text: str) -> str:
    """The receipt that the owner gets for it."""
    owner = talk.site.case().case.owner
    notice = next(mail for mail in talk.site.sent_to(owner) if "Reply-To" in mail)
    talk.write(owner, text, answers=notice)
    return text_of(talk.last_to(owner))


def test_the_owner_of_a_leave_request_is_shown_where_to_record_the_event(leave: Talk) -> None:
    notice = leave.last_to(leave.site.case().case.owner)
    assert "Record when a legal period began" in text_of(notice)
    assert "#trigger at:" in unquote(str(notice))


def test_a_recorded_event_starts_the_period_from_that_day(leave: Talk) -> None:
    said = command(leave, "#trigger fmla_notice at: 2026-11-23")
    assert "fmla_notice runs; it is due on 2026-11-30" in said
    clock = leave.site.clock_of("fmla_notice")
    assert clock.due_at is not None
    assert clock.is_running


def test_the_only_period_needs_no_name(leave: Talk) -> None:
    assert "fmla_notice runs" in command(leave, "#trigger at: yesterday")


def test_the_act_keeps_the_period_and_is_an_action_on_record(leave: Talk) -> None:
    command(leave, "#trigger fmla_notice at: 2026-11-23")
    said = command(leave, "#met fmla_notice text: eligibility notice handed over")
    assert "fmla_notice is kept" in said
    clock = leave.site.clock_of("fmla_notice")
    assert (clock.met_at, clock.breached_at) == (leave.clock.now(), None)
    (action,) = leave.site.case().case.record.actions
    assert (action.text, action.done_at) == ("eligibility notice handed over", clock.met_at)


def test_an_act_after_the_due_time_is_on_record_as_late(leave: Talk) -> None:
    said = command(leave, "#trigger at: 2026-11-02")
    assert "due on 2026-11-09" in said
    assert "as late" in command(leave, "#met at: 2026-11-10 text: notice handed over")
    assert leave.site.clock_of("fmla_notice").breached_at is not None


def test_a_wrong_time_is_corrected_only_with_a_reason(leave: Talk) -> None:
    command(leave, "#trigger at: 2026-11-23")
    assert "add reason:" in command(leave, "#trigger at: 2026-11-20")
    assert "due on 2026-11-27" in command(leave, "#trigger at: 2026-11-20 reason: told on Friday")
    found = [c for c in leave.site.case().file.clocks if c.target == "fmla_notice"]
    assert sorted(str(clock.closed_reason) for clock in found) == ["None", "corrected"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("#trigger fmla_notise at: 2026-11-23", "Nearest: fmla_notice"),
        ("#trigger at: 2026-11-25", "is still to come"),
        ("#trigger at: soon", '"soon" is no time'),
        ("#trigger fmla_notice", "at:"),
        ("#met fmla_notice text: done", "No period set by law"),
    ],
)
def test_a_mistake_is_answered_and_starts_nothing(leave: Talk, text: str, answer: str) -> None:
    assert answer in command(leave, text)
    assert [c for c in leave.site.case().file.clocks if c.target == "fmla_notice"] == []


def test_where_hours_count_the_time_of_day_is_asked_for(talk: Talk) -> None:
    talk.write(
        EMPLOYEE,
        "A colleague was injured at work and was taken to hospital by ambulance.",
        subject="Accident",
    )
    assert talk.site.case().case.category == "safety_incident"
    assert "osha_fatality, osha_severe_injury" in command(talk, "#trigger at: today")
    assert "the hour counts" in command(talk, "#trigger osha_severe_injury at: today")
    said = command(talk, "#trigger osha_severe_injury at: today 08:30")
    assert "it is due on 2026-11-25 08:30" in said


def test_the_shown_link_of_a_sensitive_case_does_not_name_the_period(talk: Talk) -> None:
    talk.write(EMPLOYEE, "I was injured at work, my hand is burned.", subject="Accident")
    notice = talk.last_to(talk.site.case().case.owner)
    assert "#trigger at:" in unquote(str(notice))
    assert "osha" not in str(notice)
