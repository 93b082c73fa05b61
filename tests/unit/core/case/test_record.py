from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mailflow.core.case.case import Case, CaseClass, Risk, State
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.record import Party, keep_record

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
STAFF = "hana@acme.example"
CASE = Case(
    uid="0" * 32,
    ref="HR-7K2Q9M",
    state=State.ASSIGNED,
    risk=Risk.LOW,
    case_class=CaseClass.LOW,
    category="leave_request",
    team="leave",
    owner=STAFF,
    requester="erin@acme.example",
    opened_at=NOW,
    mailbox="hr",
)


def event(kind: EventKind, *, actor: str = "mailflow", **data: object) -> Event:
    return Event(kind, NOW, actor, data)


def test_a_new_case_has_only_what_its_mail_brought() -> None:
    record = keep_record(CASE, (), description="Please help", names={})
    assert record.filled == 3
    assert record.parties == (Party("erin@acme.example", "requester"),)


def test_a_mail_without_words_describes_nothing() -> None:
    assert keep_record(CASE, (), description=" \n", names={}).filled == 2


@pytest.mark.parametrize(
    ("one", "counts"),
    [
        (event(EventKind.NOTE_ADDED, actor=STAFF), True),
        (event(EventKind.ESCALATED), True),
        (event(EventKind.MAIL_SENT, template="reply"), True),
        (event(EventKind.MAIL_SENT, template="acknowledgement"), False),
        (event(EventKind.OWNER_ASSIGNED), False),
        (event(EventKind.MESSAGE_RECEIVED, actor="erin@acme.example"), False),
        (event(EventKind.MAIL_HELD, actor="spouse@home.example"), False),
    ],
)
def test_actions_are_what_people_did_and_answers_that_left(one: Event, *, counts: bool) -> None:
    record = keep_record(CASE, (one,), description="x", names={})
    assert bool(record.actions) is counts


def test_a_resolved_case_with_an_outcome_is_complete() -> None:
    resolved = replace(CASE, resolved_at=NOW + timedelta(days=1))
    events = (event(EventKind.NOTE_ADDED, actor=STAFF, outcome="answered"),)
    record = keep_record(resolved, events, description="x", names={})
    assert record.outcome == "answered"
    assert record.filled == 6


def test_whoever_a_sensitive_mail_names_is_one_party_whatever_their_addresses() -> None:
    named = frozenset({"marc@acme.example", "m@acme.example"})
    sealed = replace(CASE, case_class=CaseClass.ER, excluded=named)
    names = {"marc@acme.example": "Marc M", "m@acme.example": "Marc M"}
    parties = keep_record(sealed, (), description="x", names=names).parties
    assert [party.role for party in parties] == ["complainant", "named"]
    assert parties[1].name == "Marc M"
