"""Target sets with what they extend filled in, checked against the calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.policy.durations import Unit
from mailflow.core.policy.targets import (
    DEFAULT_IF_FLAG,
    DEFAULT_IF_HIGH,
    DEFAULT_TARGETS,
    StatutoryClock,
    Target,
    TargetSet,
)
from mailflow.located import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mailflow.casework.field_reader import FieldReader
    from mailflow.casework.target_fields import WrittenDuration, WrittenSet
    from mailflow.core.policy.calendars import Calendar
    from mailflow.core.policy.durations import Duration

_Durations = dict[Target, "Duration"]


def resolve_target_sets(
    reader: FieldReader, written: Mapping[str, WrittenSet], calendars: Mapping[str, Calendar | None]
) -> dict[str, TargetSet]:
    """Every set in full. Mistakes: unknown or circular extends, unknown calendars and cycles.

    A calendar that is there but could not be read is None: no second mistake comes of it.
    """
    resolved: dict[str, TargetSet] = {}
    for name, one in written.items():
        chain = _extension_chain(reader, one, written)
        resolved[name] = _merge(name, chain)
        _check_calendar(reader, one, calendars)
        _check_cycles(reader, chain, resolved[name], calendars)
    return resolved


def _extension_chain(
    reader: FieldReader, first: WrittenSet, written: Mapping[str, WrittenSet]
) -> list[WrittenSet]:
    """The set and what it extends, the most distant first."""
    chain = [first]
    while (extends := chain[-1].extends) is not None:
        parent = written.get(extends.name)
        if parent is None:
            if chain[-1] is first:
                message = unknown_name(extends.name, written, what="sla to extend")
                reader.note(extends.place, "unknown-sla", message, width=len(extends.name))
            break
        if parent in chain:
            if parent is first and first.extends is not None:
                names = " -> ".join(one.name for one in [*chain, parent])
                message = f"these extend each other in a circle: {names}"
                width = len(first.extends.name)
                reader.note(first.extends.place, "extends-loop", message, width=width)
            break
        chain.append(parent)
    return chain[::-1]


def _merge(name: str, chain: list[WrittenSet]) -> TargetSet:
    calendar: str | None = None
    pausable = frozenset({Target.RESOLVE})
    by_group = False
    targets: _Durations = dict(DEFAULT_TARGETS)
    if_high: _Durations = dict(DEFAULT_IF_HIGH)
    if_flag: dict[str, _Durations] = {flag: dict(one) for flag, one in DEFAULT_IF_FLAG.items()}
    statutory: dict[str, StatutoryClock] = {}
    for one in chain:
        calendar = one.calendar.name if one.calendar else calendar
        pausable = pausable if one.pausable is None else one.pausable
        by_group = by_group if one.cycle_by_payroll_group is None else one.cycle_by_payroll_group
        _overlay(targets, one.targets)
        _overlay(if_high, one.if_high)
        for flag, durations in one.if_flag.items():
            _overlay(if_flag.setdefault(flag, {}), durations)
        for name_of_clock, clock in one.statutory.items():
            statutory.pop(name_of_clock, None)
            if clock is not None:
                statutory[name_of_clock] = clock
    next_response = targets.get(Target.FIRST_RESPONSE)
    if next_response is not None and not _says(chain, Target.NEXT_RESPONSE):
        targets[Target.NEXT_RESPONSE] = next_response
    return TargetSet(
        name=name,
        calendar=calendar,
        targets=targets,
        if_high=if_high,
        if_flag=if_flag,
        pausable=pausable,
        cycle_by_payroll_group=by_group,
        statutory=tuple(statutory.values()),
    )


def _overlay(durations: _Durations, written: Mapping[Target, WrittenDuration]) -> None:
    for target, one in written.items():
        if one.duration is None:
            durations.pop(target, None)
        else:
            durations[target] = one.duration


def _says(chain: list[WrittenSet], target: Target) -> bool:
    return any(target in one.targets for one in chain)


def _check_calendar(
    reader: FieldReader, one: WrittenSet, calendars: Mapping[str, Calendar | None]
) -> None:
    if one.calendar is not None and one.calendar.name not in calendars:
        message = unknown_name(one.calendar.name, calendars, what="calendar")
        reader.note(one.calendar.place, "unknown-calendar", message, width=len(one.calendar.name))


def _check_cycles(
    reader: FieldReader,
    chain: list[WrittenSet],
    resolved: TargetSet,
    calendars: Mapping[str, Calendar | None],
) -> None:
    """A cycle must be one of the set's calendar; of any calendar where the team decides."""
    if resolved.calendar is None:
        considered = tuple(calendars.values())
    else:
        considered = (calendars.get(resolved.calendar),)
    if None in considered:
        return
    known = {name for calendar in considered if calendar for name in calendar.cycles}
    for written in _cycle_targets(chain):
        cycle = written.duration.cycle if written.duration else None
        if cycle is None or cycle in known:
            continue
        where = f" of calendar {resolved.calendar}" if resolved.calendar else ""
        message = f'calendar {resolved.calendar} has no cycle "{cycle}": add it under "cycles:"'
        if known:
            message = unknown_name(cycle, known, what=f"cycle{where}")
        reader.note(written.place, "unknown-cycle", message, width=len(str(written.duration)))


def _cycle_targets(chain: list[WrittenSet]) -> Iterator[WrittenDuration]:
    """The durations of the set that count cycles, as far as no nearer set replaces them."""
    effective: dict[Target, WrittenDuration] = {}
    for one in chain:
        effective |= one.targets
    for written in effective.values():
        if written.duration is not None and written.duration.unit is Unit.CYCLES:
            yield written
