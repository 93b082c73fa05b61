"""Nudges at decent hours: held at night, joined by the hour, dropped when they are settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.case import Risk
from mailflow.core.policy.digests import DueNudge, compose_digests, may_send_at
from mailflow.core.policy.sla import NudgeMail
from tests.unit.core.policy.sample_calendars import BERLIN, local

if TYPE_CHECKING:
    from datetime import datetime

HANA, IVAN = "hana@acme.example", "ivan@acme.example"
MORNING = local(BERLIN, "2026-11-23T09:30")
NIGHT = local(BERLIN, "2026-11-22T23:30")
NUDGE = DueNudge(
    recipient=HANA,
    case="HR-7K2Q9M",
    target="resolve",
    step="50%",
    due=local(BERLIN, "2026-11-24T12:00"),
    passed_at=local(BERLIN, "2026-11-22T22:00"),
    risk=Risk.LOW,
)
MAIL = NudgeMail()


def digests(*nudges: DueNudge, now: datetime = MORNING, **last: timedelta) -> list[tuple[str, str]]:
    """Recipient and "case step" of each line, mail by mail."""
    found = compose_digests(
        nudges,
        now=now,
        nudge_mail=MAIL,
        last_digest_at={HANA: now - last["ago"]} if last else {},
        calendars={HANA: BERLIN, IVAN: BERLIN},
    )
    return [
        (one.recipient, ", ".join(f"{line.case} {line.step}" for line in one.lines))
        for one in found
    ]


@pytest.mark.parametrize(
    ("risk", "mail", "expected"),
    [
        pytest.param(Risk.LOW, MAIL, "2026-11-23T09:00", id="held"),
        pytest.param(Risk.HIGH, MAIL, "2026-11-22T23:30", id="urgent"),
        pytest.param(
            Risk.LOW, NudgeMail(keeps_quiet_hours=False), "2026-11-22T23:30", id="no-quiet-hours"
        ),
        pytest.param(
            Risk.HIGH, NudgeMail(urgent_from=Risk.CONFIDENTIAL), "2026-11-23T09:00", id="threshold"
        ),
    ],
)
def test_a_nudge_waits_for_the_recipients_opening(
    risk: Risk, mail: NudgeMail, expected: str
) -> None:
    found = may_send_at(NIGHT, risk=risk, nudge_mail=mail, calendar=BERLIN)
    assert found == local(BERLIN, expected)


def test_without_a_calendar_there_are_no_quiet_hours() -> None:
    assert may_send_at(NIGHT, risk=Risk.LOW, nudge_mail=MAIL, calendar=None) == NIGHT


def test_nothing_is_sent_at_night() -> None:
    assert digests(NUDGE, now=NIGHT) == []


def test_an_urgent_case_is_sent_at_night_and_alone() -> None:
    urgent = replace(NUDGE, case="HR-URGENT", risk=Risk.HIGH)
    assert digests(NUDGE, urgent, now=NIGHT) == [(HANA, "HR-URGENT 50%")]


def test_one_digest_a_person_lists_cases_by_due_time() -> None:
    sooner = replace(NUDGE, case="HR-SOONER", due=NUDGE.due - timedelta(hours=1))
    other = replace(NUDGE, recipient=IVAN, case="HR-OTHER")
    assert digests(NUDGE, other, sooner) == [
        (HANA, "HR-SOONER 50%, HR-7K2Q9M 50%"),
        (IVAN, "HR-OTHER 50%"),
    ]


def test_of_rungs_passed_while_held_only_the_highest_is_listed() -> None:
    later = replace(NUDGE, step="80%", passed_at=NUDGE.passed_at + timedelta(hours=1))
    assert digests(later, NUDGE) == [(HANA, "HR-7K2Q9M 80%")]


@pytest.mark.parametrize(
    ("minutes", "count"), [(59, 0), (60, 1)], ids=["too-soon", "after-an-hour"]
)
def test_a_person_gets_one_digest_an_hour(minutes: int, count: int) -> None:
    assert len(digests(NUDGE, ago=timedelta(minutes=minutes))) == count


def test_a_settled_or_paused_case_is_dropped() -> None:
    assert digests(replace(NUDGE, is_open=False)) == []


def test_a_sensitive_case_shows_its_number_and_due_time_only() -> None:
    found = compose_digests(
        [replace(NUDGE, is_sensitive=True)],
        now=MORNING,
        nudge_mail=MAIL,
        last_digest_at={},
        calendars={HANA: BERLIN},
    )
    assert not found[0].lines[0].shows_subject
