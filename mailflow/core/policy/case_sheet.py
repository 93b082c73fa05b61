"""A case as one staff mail changes it, step by step. When a step is refused the sheet is thrown
away whole, and nothing of it has happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.transitions import may_go
from mailflow.core.policy.clock_changes import (
    current_promises,
    due_after_pause,
    may_pause,
    moved,
    next_timer,
)
from mailflow.core.policy.clocks import close, meet
from mailflow.core.policy.decision import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from mailflow.core.case.case import Case, State
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.case.dossier import Dossier
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.case.people import StaffMember
    from mailflow.core.policy.decision import (
        Absence,
        Arrival,
        Disposition,
        FiledText,
        Joining,
        Situation,
    )
    from mailflow.core.policy.handover import Handover
    from mailflow.core.policy.house import House


@dataclass(frozen=True)
class Said:
    """One line of a receipt: a ``code`` of the receipts' words and what it speaks of."""

    is_done: bool
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


def done(code: str, **facts: str) -> Said:
    return Said(is_done=True, code=code, facts=facts)


def refused(code: str, **facts: str) -> Said:
    return Said(is_done=False, code=code, facts=facts)


@dataclass
class CaseSheet:
    """``file`` is the case as it was; ``case`` and ``clocks`` are as they are now."""

    arrival: Arrival
    member: StaffMember
    file: CaseFile
    house: House
    situation: Situation
    case: Case = field(init=False)
    clocks: list[CaseClock] = field(init=False)
    new_clocks: list[CaseClock] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    mails: list[MailOrder] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    joining: list[Joining] = field(default_factory=list)
    texts: list[FiledText] = field(default_factory=list)
    cancels: list[str] = field(default_factory=list)
    releases: list[str] = field(default_factory=list)
    rejects: list[str] = field(default_factory=list)
    workload: dict[str, int] = field(default_factory=dict)
    also: list[Decision] = field(default_factory=list)
    absence: Absence | None = None

    def __post_init__(self) -> None:
        self.case = self.file.case
        self.clocks = list(self.file.clocks)

    @property
    def now(self) -> datetime:
        return self.arrival.now

    @property
    def today(self) -> date:
        return self.now.astimezone(self.house.zone).date()

    @property
    def dossier(self) -> Dossier:
        return self.situation.dossier

    @property
    def current(self) -> CaseFile:
        """The file as it would be if the mail ended here."""
        return replace(self.file, case=self.case, clocks=(*self.clocks, *self.new_clocks))

    def note(self, kind: EventKind, /, **data: object) -> None:
        """Add a fact, done by the staff member who wrote."""
        self.events.append(Event(kind, self.now, actor=self.member.email, data=data))

    def go(self, state: State, **why: object) -> bool:
        """Change the state, where that is legal."""
        if not may_go(self.case.state, state):
            return False
        if state is not self.case.state:
            data = {"from": self.case.state, "to": state, **why}
            self.note(EventKind.STATE_CHANGED, **data)
            self.case = replace(self.case, state=state)
        return True

    def change_record(self, **changes: object) -> None:
        self.case = replace(self.case, record=replace(self.case.record, **changes))  # type: ignore[arg-type]  # names are Record's own

    def running(self, target: str) -> CaseClock | None:
        return self.current.running(target)

    def put_clock(self, before: CaseClock, after: CaseClock, *, drop: bool = True) -> None:
        """Replace a clock by its changed self; its timers are forgotten unless told otherwise."""
        listed = self.clocks if before in self.clocks else self.new_clocks
        listed[listed.index(before)] = after
        if drop:
            self.dropped.add(before.target)
            self.timers = [timer for timer in self.timers if timer.target != before.target]

    def take_over(self, taken: Handover) -> None:
        """Another owner, with all that goes with it."""
        self.case = taken.case
        for before, after in taken.changed:
            self.put_clock(before, after)
        self.new_clocks += taken.started
        self.timers += taken.timers
        self.events += taken.events
        self.joining += taken.joining
        for owner, change in (taken.workload or {}).items():
            self.workload[owner] = self.workload.get(owner, 0) + change

    def meet_clock(self, target: str) -> bool:
        clock = self.running(target)
        if clock is None:
            return False
        met, events = meet(clock, at=self.now)
        self.put_clock(clock, met)
        self.events += events
        return True

    def close_clock(self, target: str, *, reason: str) -> None:
        clock = self.running(target)
        if clock is not None:
            closed, events = close(clock, at=self.now, reason=reason)
            self.put_clock(clock, closed)
            self.events += events

    def move_clock(
        self, clock: CaseClock, due: datetime | None, *, terms: str | None = None
    ) -> None:
        """Another due time, the timer that goes with it, and the fact."""
        after = moved(clock, due, terms=terms)
        self.put_clock(clock, after)
        promise = current_promises(self.case, self.house).get(clock.target)
        timer = next_timer(after, promise, self.case, self.house, now=self.now)
        self.timers += [timer] if timer else []
        data = {
            "target": clock.target,
            "due": due.isoformat() if due else None,
            "terms": after.terms,
        }
        self.note(EventKind.CLOCK_MOVED, **data)

    def pause_clocks(self) -> dict[str, datetime]:
        """Stop every clock that may pause; what was due when, by target."""
        promises = current_promises(self.case, self.house)
        dues: dict[str, datetime] = {}
        for clock in list(self.current.clocks):
            if may_pause(clock, promises.get(clock.target)) and clock.due_at is not None:
                dues[clock.target] = clock.due_at
                self.move_clock(clock, None)
        return dues

    def resume_clocks(self, dues: Mapping[str, datetime], *, since: datetime) -> None:
        promises = current_promises(self.case, self.house)
        for target, due in dues.items():
            clock, promise = self.running(target), promises.get(target)
            if clock is not None and clock.due_at is None and promise is not None:
                self.move_clock(clock, due_after_pause(due, promise, since=since, now=self.now))

    def decision(self, disposition: Disposition | None, *, reason: str = "") -> Decision:
        """All that the sheet came to, in one value."""
        changed = tuple(
            (before, after)
            for before, after in zip(self.file.clocks, self.clocks, strict=True)
            if before is not after
        )
        return Decision(
            disposition=disposition,
            reason=reason,
            case=self.case,
            joining=tuple(self.joining),
            new_clocks=tuple(self.new_clocks),
            changed_clocks=changed,
            timers=tuple(self.timers),
            dropped=tuple(sorted(self.dropped)),
            mails=tuple(self.mails),
            events=tuple(self.events),
            texts=tuple(self.texts),
            cancels=tuple(self.cancels),
            releases=tuple(self.releases),
            rejects=tuple(self.rejects),
            workload=dict(self.workload),
            absence=self.absence,
            also=tuple(self.also),
        )
