"""Reminders at decent hours: one mail an hour and person, none at night, one a day at the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.clock import SteeredClock
from mailflow.core.case.case import CaseClass
from mailflow.workers.run import next_work_at
from tests.acceptance.conversation import EMPLOYEE, Talk

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers
_MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_OPENING, _CLOSING = 8, 18


@pytest.fixture
def talk(site: Site) -> Talk:
    site.clock = clock = SteeredClock(_MONDAY)
    return Talk(site, clock)


def ask(talk: Talk, subject: str) -> None:
    talk.write(EMPLOYEE, "How many vacation days do I have left this year?", subject=subject)


def reminders(talk: Talk, to: str) -> list[str]:
    """What this person got since the notices of their cases."""
    return talk.texts_to(to)[len(talk.site.cases()) :]


def test_cases_of_one_person_are_reminded_of_in_one_mail(talk: Talk) -> None:
    ask(talk, "Days")
    ask(talk, "More days")
    first, second = (loaded.case for loaded in talk.site.cases())
    assert first.owner == second.owner
    before = len(reminders(talk, first.owner))
    talk.pass_time(timedelta(hours=5))
    sent = reminders(talk, first.owner)[before:]
    assert len(sent) == 1
    assert first.ref in sent[0]
    assert second.ref in sent[0]


def test_an_ordinary_case_reminds_nobody_at_night(talk: Talk) -> None:
    ask(talk, "Days")
    owner = talk.site.case().case.owner
    zone = talk.site.runtime.office.house().zone
    moments = []
    for _ in range(25):
        before = talk.count_to(owner)
        go_to_the_next_work(talk)
        if talk.count_to(owner) > before:
            moments.append(talk.clock.now().astimezone(zone))
    assert moments
    assert {moment.weekday() for moment in moments} <= set(range(5))
    assert all(_OPENING <= moment.hour <= _CLOSING for moment in moments)


def test_once_the_ladder_is_used_up_there_is_one_reminder_each_working_day(talk: Talk) -> None:
    ask(talk, "Days")
    owner = talk.site.case().case.owner
    talk.pass_time(timedelta(days=42))
    for _ in range(3):
        go_to_the_next_work(talk)
    days = []
    for _ in range(8):
        before = len(reminders(talk, owner))
        go_to_the_next_work(talk)
        if len(reminders(talk, owner)) > before:
            days.append(talk.clock.now().astimezone(UTC).date())
    assert len(days) > 2
    assert len(set(days)) == len(days)
    assert {day.weekday() for day in days} <= set(range(5))


def go_to_the_next_work(talk: Talk) -> None:
    due = next_work_at(talk.site.runtime)
    assert due is not None
    talk.pass_time(max(due - talk.clock.now(), timedelta(seconds=1)))


def test_a_digest_shows_number_and_due_time_alone_of_a_sensitive_case(talk: Talk) -> None:
    talk.write(EMPLOYEE, "My manager keeps shouting at me and belittles me.", subject="Boss")
    case = talk.site.case().case
    assert case.case_class.is_sealed
    talk.pass_time(timedelta(days=3))
    for text in reminders(talk, case.owner):
        assert case.ref in text
        assert "Boss" not in text
        assert "manager" not in text.lower()


def test_a_digest_that_was_put_off_lists_no_case_its_reader_is_kept_out_of_since(
    talk: Talk,
) -> None:
    tension = "There is tension in the team, and I need mediation."
    for n in range(3):
        talk.write(EMPLOYEE, f"{tension} {n}", subject=f"Team {n}")
    cases = [one.case for one in talk.site.cases() if one.case.requester == EMPLOYEE]
    assert {case.case_class for case in cases} == {CaseClass.ER}
    owner = cases[0].owner
    mine = [case for case in cases if case.owner == owner]
    assert len(mine) > 1, "a digest needs two cases of one person"
    kept_from = mine[-1]
    notice = next(mail for mail in talk.site.sent_to(owner) if kept_from.ref in mail.as_string())
    talk.write(owner, f"#conflict {owner}", answers=notice)
    after = next(one.case for one in talk.site.cases() if one.case.ref == kept_from.ref)
    assert owner in after.excluded
    had = talk.count_to(owner)
    for _ in range(3):
        talk.pass_time(timedelta(hours=1, minutes=15))
    later = talk.site.sent_to(owner)[had:]
    assert any(mine[0].ref in mail.as_string() for mail in later)
    assert not any(kept_from.ref in mail.as_string() for mail in later)
