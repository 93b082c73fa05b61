"""A case that goes to another owner without their asking: the old confirmation no longer counts,
the new owner's is waited for. Who it goes to is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.case.events import SYSTEM, Event, EventKind
from mailflow.core.case.participant import ParticipantRole
from mailflow.core.case.reply_address import Audience
from mailflow.core.policy.clock_changes import current_promises
from mailflow.core.policy.clocks import close, start_clock
from mailflow.core.policy.decision import Joining
from mailflow.core.policy.reopening import next_generation
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.policy.decision import Decision
    from mailflow.core.policy.house import House

REPLACED = "replaced"


@dataclass(frozen=True)
class Handover:
    """``changed`` are (before, after); word to the new owner is the caller's to send."""

    case: Case
    changed: tuple[tuple[CaseClock, CaseClock], ...] = ()
    started: tuple[CaseClock, ...] = ()
    timers: tuple[Timer, ...] = ()
    events: tuple[Event, ...] = ()
    joining: tuple[Joining, ...] = ()
    workload: Mapping[str, int] | None = None

    def added_to(self, decision: Decision) -> Decision:
        """The decision with all of this in it. Its own changes of a clock come first."""
        return replace(
            decision,
            case=self.case,
            changed_clocks=chain_changes(decision.changed_clocks, self.changed),
            new_clocks=(*decision.new_clocks, *self.started),
            dropped=(*decision.dropped, *(before.target for before, _ in self.changed)),
            timers=(*_without(decision.timers, self.changed), *self.timers),
            joining=(*decision.joining, *self.joining),
            events=(*decision.events, *self.events),
            workload=_sum(decision.workload, self.workload or {}),
        )


def hand_to(
    file: CaseFile,
    case: Case,
    owner: str,
    house: House,
    *,
    now: datetime,
    by: str,
    actor: str = SYSTEM,
) -> Handover:
    """``case`` is the file's as changed so far; ``owner`` an address, inside or outside."""
    member = house.staff.member(owner)
    after = replace(case, owner=member.email if member else owner)
    changed, events = _stop_confirmation(file, now=now)
    started: tuple[CaseClock, ...] = ()
    timers: tuple[Timer, ...] = ()
    promise = current_promises(after, house).get(Target.CONFIRM_OWNER)
    if promise is not None and member is not None:
        generation = next_generation(file, Target.CONFIRM_OWNER)
        clock, timer = start_clock(promise, house, at=now, generation=generation)
        started, timers = (clock,), (timer,) if timer else ()
    data = {"owner": after.owner, "before": case.owner, "by": by}
    audience = Audience.STAFF if member else Audience.EXTERNAL
    name = member.name if member else None
    return Handover(
        after,
        changed=changed,
        started=started,
        timers=timers,
        events=(*events, Event(EventKind.OWNER_ASSIGNED, now, actor=actor, data=data)),
        joining=(Joining(after.owner, name, ParticipantRole.OWNER, audience),),
        workload={case.owner: -1, after.owner: 1},
    )


def _stop_confirmation(
    file: CaseFile, *, now: datetime
) -> tuple[tuple[tuple[CaseClock, CaseClock], ...], tuple[Event, ...]]:
    running = file.running(Target.CONFIRM_OWNER)
    if running is None:
        return (), ()
    closed, events = close(running, at=now, reason=REPLACED)
    return ((running, closed),), events


def with_changes(file: CaseFile, changed: tuple[tuple[CaseClock, CaseClock], ...]) -> CaseFile:
    """The file with these clocks as they are afterwards."""
    after = {id(before): new for before, new in changed}
    return replace(file, clocks=tuple(after.get(id(clock), clock) for clock in file.clocks))


def chain_changes(
    first: tuple[tuple[CaseClock, CaseClock], ...], then: tuple[tuple[CaseClock, CaseClock], ...]
) -> tuple[tuple[CaseClock, CaseClock], ...]:
    """Two changes in a row as one, for every clock that either of them touched."""
    later = {id(before): after for before, after in then}
    chained = [(before, later.pop(id(middle), middle)) for before, middle in first]
    return (*chained, *((before, after) for before, after in then if id(before) in later))


def _without(
    timers: tuple[Timer, ...], changed: tuple[tuple[CaseClock, CaseClock], ...]
) -> tuple[Timer, ...]:
    gone = {before.target for before, _ in changed}
    return tuple(timer for timer in timers if timer.target not in gone)


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in (*one, *other)}
