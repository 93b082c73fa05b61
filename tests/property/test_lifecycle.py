from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mailflow.core.case.case import State
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.case.transitions import TRANSITIONS, may_go
from tests.property.case_world import World, replay, shipped_house

if TYPE_CHECKING:
    from mailflow.core.policy.house import House

SECRET = "what only staff may know: the manager was warned about this in the spring already"
COMMANDS = (
    "#ack",
    "#take",
    "#status",
    "#cancel",
    "#resume",
    "#wait employee until: +5d q: Which month is it?",
    "#wait third party until: +3d",
    "#wait internal",
    "#close",
    "#close outcome: resolved resolution: it was paid",
    "#close outcome: substantiated resolution: it was so",
    "#reopen reason: not done",
    "#cancel-case reason: not for HR",
    "#risk high reason: a threat",
    "#risk confidential reason: a threat",
    "#risk low reason: a mistake",
    "#category leave_request",
    "#category harassment_discrimination",
    "#flag legal_threat",
    "#due +10d reason: holidays",
    "#remind +2d look again",
    "#party subject: Paul Petersen",
    "#party other: Wes Walker",
    "#allegation type: conduct text: shouted",
    "#finding 1 substantiated basis: two witnesses",
    "#action text: spoke with payroll",
    "#done 1",
    "#begin plan: ask both",
    "#assign paul.petersen@acme.example",
    "#escalate reason: stuck",
    "#hold reason: a claim",
    "#release reason: over",
    "#send 1",
    f"#note\n\n{SECRET}",
    f"#reply\n\nDear Riya,\n{SECRET}",
    "#reply\n\nWe look into it.",
    "#repyl\n\nWe look into it.",
    "We look into it.",
    SECRET,
)
MAILS = (
    "My paycheck is missing the overtime of October.",
    "Thank you!",
    "It is still not there. When?",
    "My manager threatens me since I complained and humiliates me in front of others.",
)


@cache
def house() -> House:
    return shipped_house()


class Lifecycle(RuleBasedStateMachine):
    """Random mails and commands on one case; whatever comes, the promises below hold."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(house())

    @initialize()
    def open_it(self) -> None:
        self.world.employee_writes(MAILS[0])
        self.world.staff_writes(self.world.case.owner, f"#note\n\n{SECRET}")

    @rule(text=st.sampled_from(COMMANDS), answers=st.booleans())
    def owner_writes(self, text: str, *, answers: bool) -> None:
        purpose = Purpose.REPLY if answers and SECRET not in text else Purpose.NOTE
        self.world.staff_writes(self.world.case.owner, text, purpose=purpose)

    @rule(text=st.sampled_from(COMMANDS), who=st.integers(0, 5))
    def somebody_else_writes(self, text: str, who: int) -> None:
        assert self.world.file is not None
        # What the employee writes themselves is no secret to them.
        people = [p for p in self.world.file.participants if p.audience is Audience.STAFF]
        self.world.staff_writes(people[who % len(people)].address, text)

    @rule(text=st.sampled_from(MAILS))
    def employee_writes(self, text: str) -> None:
        self.world.employee_writes(text)

    @rule(hours=st.sampled_from((0.1, 3, 30, 200, 900)))
    def time_passes(self, hours: float) -> None:
        self.world.pass_time(timedelta(hours=hours))

    @rule(who=st.integers(0, 30))
    def somebody_goes_away_or_comes_back(self, who: int) -> None:
        people = self.world.house.staff.people
        person = people[who % len(people)]
        if self.world.absent.pop(person.email, None) is None:
            self.world.absent[person.email] = person.delegate or ""

    @rule()
    def the_owner_goes_away(self) -> None:
        owner = self.world.house.staff.member(self.world.case.owner)
        if owner is not None:
            self.world.absent[owner.email] = owner.delegate or ""

    @invariant()
    def somebody_who_may_owns_the_case(self) -> None:
        if self.world.file is not None:
            case = self.world.case
            assert case.owner
            assert case.owner not in case.excluded

    @invariant()
    def nothing_of_a_note_reaches_the_employee_unless_it_was_promoted(self) -> None:
        promoted = {self.world.notes[n - 1].text for n in self.world.promoted}
        for letter in self.world.letters:
            assert SECRET not in letter or any(SECRET in text for text in promoted)

    @invariant()
    def every_step_was_legal(self) -> None:
        for before, after in self.world.states:
            chain = State(before), State(after)
            assert may_go(*chain) or _by_two_legal_steps(*chain)

    @invariant()
    def one_clock_of_a_kind_runs_and_none_after_the_end(self) -> None:
        if self.world.file is None:
            return
        running = Counter(c.target for c in self.world.file.clocks if c.is_running)
        assert all(count == 1 for count in running.values())
        keys = Counter((c.target, c.generation) for c in self.world.file.clocks)
        assert all(count == 1 for count in keys.values())
        if self.world.case.state is State.RESOLVED:
            assert "resolve" not in running

    @invariant()
    def the_events_tell_the_row(self) -> None:
        if self.world.file is None:
            return
        case, told = self.world.case, replay(self.world.events)
        assert told.get("state", case.state) == case.state
        assert told["owner"] == case.owner
        assert told["parties"] == len(case.record.parties)
        assert told["actions"] == len(case.record.actions)
        assert told["allegations"] == len(case.record.allegations)


def _by_two_legal_steps(before: State, after: State) -> bool:
    """One mail may confirm the owner and then do something."""
    return any(after in TRANSITIONS[between] for between in TRANSITIONS[before])


TestLifecycle = Lifecycle.TestCase
Lifecycle.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", list(State))
def test_a_step_that_is_not_in_the_table_is_refused(before: State, after: State) -> None:
    assert may_go(before, after) == (before is after or after in TRANSITIONS[before])
