"""Reclassified cases: a raised class pulls a due time closer, a breach stays (SLA rule 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.core.policy.durations import parse_duration
from mailflow.core.policy.pauses import Pause
from mailflow.core.policy.reclassified import due_when_lowered, due_when_raised
from mailflow.core.policy.sla import Promise
from tests.unit.core.policy.sample_calendars import BERLIN, local

if TYPE_CHECKING:
    from datetime import datetime

START = local(BERLIN, "2026-11-23T10:00")


def promise(target: str) -> Promise:
    duration = parse_duration(target)
    return Promise("resolve", duration, BERLIN, is_pausable=duration.is_pausable)


def at(text: str | None) -> datetime | None:
    return None if text is None else local(BERLIN, text)


@pytest.mark.parametrize(
    ("old", "new", "changed", "due"),
    [
        pytest.param("11-24T17:00", "1 working hour", "11-23T11:30", "11-23T13:30", id="grace"),
        pytest.param("11-24T17:00", "6 working hours", "11-23T11:30", "11-23T16:00", id="new"),
        pytest.param("11-23T12:00", "6 working hours", "11-23T11:30", "11-23T12:00", id="old"),
        pytest.param("11-24T17:00", "1 clock hour", "11-23T16:30", "11-24T10:30", id="overnight"),
        pytest.param("11-23T11:00", "1 clock hour", "11-24T16:30", "11-23T11:00", id="breached"),
        pytest.param(None, "48 clock hours", "11-26T10:00", "11-26T12:00", id="added"),
    ],
)
def test_due_after_a_raise(old: str | None, new: str, changed: str, due: str) -> None:
    found = due_when_raised(
        at(f"2026-{old}") if old else None,
        promise(new),
        start=START,
        changed_at=local(BERLIN, f"2026-{changed}"),
    )
    assert found == at(f"2026-{due}")


def test_no_due_after_a_raise_while_paused() -> None:
    found = due_when_raised(
        None,
        promise("4 working hours"),
        start=START,
        changed_at=local(BERLIN, "2026-11-23T13:00"),
        pauses=[Pause(local(BERLIN, "2026-11-23T11:00"))],
    )
    assert found is None


def test_a_target_that_never_pauses_is_raised_in_a_pause_too() -> None:
    found = due_when_raised(
        None,
        promise("1 clock hour"),
        start=START,
        changed_at=local(BERLIN, "2026-11-23T13:00"),
        pauses=[Pause(local(BERLIN, "2026-11-23T11:00"))],
    )
    assert found == local(BERLIN, "2026-11-23T15:00")


@pytest.mark.parametrize(
    ("old", "new", "due"),
    [
        pytest.param("2026-11-23T16:00", "3 working days", "2026-11-26T17:00", id="lengthened"),
        pytest.param("2026-11-23T12:00", "3 working days", "2026-11-26T17:00", id="in-time"),
        pytest.param("2026-11-23T11:59", "3 working days", "2026-11-23T11:59", id="breached"),
        pytest.param("2026-11-23T16:00", None, None, id="not-applicable"),
        pytest.param("2026-11-23T11:00", None, "2026-11-23T11:00", id="gone-but-breached"),
        pytest.param(None, "1 working day", "2026-11-24T17:00", id="was-paused"),
    ],
)
def test_due_after_a_person_lowered_the_class(
    old: str | None, new: str | None, due: str | None
) -> None:
    found = due_when_lowered(
        at(old),
        None if new is None else promise(new),
        start=START,
        changed_at=local(BERLIN, "2026-11-23T12:00"),
    )
    assert found == at(due)
