"""Whose case it is while its owner is away: at once where it must not wait, else when needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.clock import Timer, TimerKind
from mailflow.core.case.commands import WaitFor
from mailflow.core.case.events import EventKind
from mailflow.core.case.participant import Participant, ParticipantRole
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.case.waits import STATES, Waiting
from mailflow.core.followup import follow_up
from mailflow.core.mail.authentication import SenderLevel
from mailflow.core.policy.decision import Decision, Situation, Thread, TokenUse
from mailflow.core.policy.ownership import Workload
from mailflow.core.triage import triage
from tests.unit.core.policy.talk_in_memory import at_work
from tests.unit.core.sample_house import NOW, a_message, an_arrival, as_file, decide, sample_house

if TYPE_CHECKING:
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.mail_order import MailOrder

HOUSE = sample_house()
ORDINARY = as_file(decide(a_message("I have moved."), "documentation_update"))
URGENT = as_file(decide(a_message("He groped me."), "harassment_discrimination"))
AWAY = Timer(TimerKind.AWAY, NOW, "stand_in", "20261124T090000")


def away(*people: str) -> Workload:
    return Workload({}, {}, dict.fromkeys(people, ""))


def told(decision: Decision, address: str) -> list[MailOrder]:
    return [mail for mail in decision.mails if mail.recipient == address]


def owner_after(decision: Decision) -> str:
    assert decision.case is not None
    return decision.case.owner


def test_an_urgent_case_of_somebody_away_is_somebody_elses_at_once() -> None:
    owner = URGENT.case.owner
    after = follow_up(AWAY, URGENT, HOUSE, now=NOW, workload=away(owner))
    assert owner_after(after) != owner
    assert told(after, owner_after(after))
    assert not told(after, owner)
    assert after.case is not None
    assert after.case.record.stands_in_for == owner
    (handed,) = [event for event in after.events if event.kind is EventKind.OWNER_ASSIGNED]
    assert handed.data["by"] == "absence"


@pytest.mark.parametrize(
    ("file", "absent"),
    [(ORDINARY, away(ORDINARY.case.owner)), (URGENT, away())],
    ids=["an ordinary case", "an urgent one whose owner is there"],
)
def test_nothing_changes_hands_without_need(file: CaseFile, absent: Workload) -> None:
    after = follow_up(AWAY, file, HOUSE, now=NOW, workload=absent)
    assert owner_after(after) == file.case.owner
    assert not after.mails
    assert not after.timers


def test_while_nobody_else_is_there_the_next_morning_looks_again() -> None:
    everybody = away(*(person.email for person in HOUSE.staff.people))
    after = follow_up(AWAY, URGENT, HOUSE, now=NOW, workload=everybody)
    assert owner_after(after) == URGENT.case.owner
    (again,) = after.timers
    assert again.kind is TimerKind.AWAY
    assert again.fire_at > NOW
    later = follow_up(again, URGENT, HOUSE, now=again.fire_at, workload=away(URGENT.case.owner))
    assert owner_after(later) != URGENT.case.owner


def test_a_case_that_comes_back_from_waiting_comes_to_somebody_who_is_there() -> None:
    owner = ORDINARY.case.owner
    waiting = Waiting(WaitFor.INTERNAL, NOW, until=NOW + timedelta(days=3), cause="c" * 64)
    case = replace(ORDINARY.case, waits=(waiting,), state=STATES[WaitFor.INTERNAL])
    timer = Timer(TimerKind.CHASE, NOW + timedelta(days=3), "waiting", "until", 1)
    after = follow_up(
        timer, replace(ORDINARY, case=case), HOUSE, now=timer.fire_at, workload=away(owner)
    )
    assert owner_after(after) != owner
    assert not told(after, owner)
    purposes = {mail.purpose for mail in told(after, owner_after(after))}
    assert purposes == {"alert", "notification"}, "what is to be done, and that it is theirs"


def test_a_case_that_becomes_urgent_while_its_owner_is_away_waits_for_nobody() -> None:
    lead, owner = "olivia.okafor@acme.example", ORDINARY.case.owner
    who = Participant("f" * 32, lead, None, ParticipantRole.STAFF, Audience.STAFF)
    message = a_message("#risk high reason: there is more behind it", sender=lead)
    arrival = an_arrival(message, level=SenderLevel.V3)
    thread = Thread(file=ORDINARY, token=TokenUse(who, Purpose.NOTE))
    there = triage(arrival, thread, HOUSE, Situation(away()))
    assert owner_after(there) == owner
    gone = triage(arrival, thread, HOUSE, Situation(away(owner)))
    assert owner_after(gone) != owner
    assert told(gone, owner_after(gone))


def test_an_urgent_case_given_to_somebody_away_is_looked_at_at_once() -> None:
    world = at_work("#risk high reason: a threat")
    paul = "paul.petersen@acme.example"
    world.absent[paul] = ""
    world.staff_writes(world.case.owner, f"#assign {paul}")
    assert world.case.owner == paul
    world.pass_time(timedelta(minutes=1))
    assert world.case.owner != paul
    assert world.case.record.stands_in_for == paul
