"""One entry of the ``sla:`` section as it stands in the file; extending is in target_sets.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.policy.durations import Duration, DurationError, parse_duration
from mailflow.core.policy.targets import MAY_PAUSE, StatutoryClock, StatutoryStart, Target
from mailflow.located import Entry, Leaf, Node, Place, Table

if TYPE_CHECKING:
    from mailflow.casework.field_reader import FieldReader

_KEYS = (
    "calendar", "extends", "pausable", "cycle_by", "if_high", "if_flag", "statutory",
    *(target.value for target in Target),
)  # fmt: skip
_STATUTORY_KEYS = ("within", "from", "flag", "met_by")
_NONE = "none"
# The name is part of the key that keeps a reminder from being sent twice.
LONGEST_NAME = 24


@dataclass(frozen=True)
class WrittenDuration:
    """A duration and where it stands; None takes away what an extended set promises."""

    duration: Duration | None
    place: Place


@dataclass(frozen=True)
class WrittenName:
    name: str
    place: Place


@dataclass
class WrittenSet:
    """A target set before extending; what is None or missing is inherited."""

    name: str
    place: Place
    calendar: WrittenName | None = None
    extends: WrittenName | None = None
    cycle_by_payroll_group: bool | None = None
    pausable: frozenset[Target] | None = None
    targets: dict[Target, WrittenDuration] = field(default_factory=dict)
    if_high: dict[Target, WrittenDuration] = field(default_factory=dict)
    if_flag: dict[str, dict[Target, WrittenDuration]] = field(default_factory=dict)
    statutory: dict[str, StatutoryClock | None] = field(default_factory=dict)


def read_target_set(reader: FieldReader, entry: Entry) -> WrittenSet | None:
    what = f'sla "{entry.key}"'
    table = reader.table(entry.value, what=what)
    if table is None:
        return None
    reader.known_keys(table, _KEYS, what=what)
    written = WrittenSet(entry.key, entry.place)
    written.calendar = _read_name(reader, table, "calendar")
    written.extends = _read_name(reader, table, "extends")
    written.pausable = _read_pausable(reader, table.get("pausable"))
    written.cycle_by_payroll_group = _read_cycle_by(reader, table.get("cycle_by"))
    written.targets = _read_targets(reader, table)
    if_high, if_flag, statutory = (table.get(key) for key in ("if_high", "if_flag", "statutory"))
    if if_high is not None:
        written.if_high = _read_conditional(reader, if_high, what="if_high")
    if if_flag is not None:
        flags = reader.table(if_flag, what="if_flag")
        for flag in flags or ():
            written.if_flag[flag.key] = _read_conditional(reader, flag.value, what=flag.key)
    if statutory is not None:
        clocks = reader.table(statutory, what="statutory")
        for clock in clocks or ():
            _read_statutory(reader, clock, written)
    return written


def _read_name(reader: FieldReader, table: Table, key: str) -> WrittenName | None:
    node = table.get(key)
    text = None if node is None else reader.text(node, what=key)
    return None if node is None or text is None else WrittenName(text, node.place)


def _read_pausable(reader: FieldReader, node: Node | None) -> frozenset[Target] | None:
    if node is None:
        return None
    targets: set[Target] = set()
    for text, place in reader.texts(node, what="pausable"):
        if text in MAY_PAUSE:
            targets.add(Target(text))
            continue
        allowed = ", ".join(sorted(MAY_PAUSE))
        message = f'"{text}" never pauses; pausable may be: {allowed}'
        reader.note(place, "never-pauses", message, width=len(text))
    return frozenset(targets)


def _read_cycle_by(reader: FieldReader, node: Node | None) -> bool | None:
    if node is None:
        return None
    choice = reader.choice(node, ("payroll_group", _NONE), what="cycle_by")
    return None if choice is None else choice != _NONE


def _read_targets(reader: FieldReader, table: Table) -> dict[Target, WrittenDuration]:
    """The targets among a table's keys."""
    found: dict[Target, WrittenDuration] = {}
    for entry in table:
        if entry.key in tuple(Target):
            written = _read_duration(reader, entry.value, what=entry.key)
            if written is not None:
                found[Target(entry.key)] = written
    return found


def _read_conditional(
    reader: FieldReader, node: Node, *, what: str
) -> dict[Target, WrittenDuration]:
    table = reader.table(node, what=what)
    if table is None:
        return {}
    reader.known_keys(table, tuple(Target), what=what)
    return _read_targets(reader, table)


def _read_duration(reader: FieldReader, node: Node, *, what: str) -> WrittenDuration | None:
    if isinstance(node, Leaf) and node.value == _NONE:
        return WrittenDuration(None, node.place)
    text = reader.text(node, what=what)
    if text is None:
        return None
    try:
        return WrittenDuration(parse_duration(text), node.place)
    except DurationError as error:
        reader.note(node.place, "duration", f"{what}: {error}", width=len(text))
        return None


def _read_statutory(reader: FieldReader, entry: Entry, written: WrittenSet) -> None:
    if isinstance(entry.value, Leaf) and entry.value.value == _NONE:
        written.statutory[entry.key] = None
        return
    what = f'statutory clock "{entry.key}"'
    if entry.key in tuple(Target):
        message = f"{what} has the name of a target: give it one of its own"
        reader.note(entry.place, "name-taken", message, width=len(entry.key))
    if len(entry.key) > LONGEST_NAME:
        message = f"{what} has a name of {len(entry.key)} characters: {LONGEST_NAME} are the most"
        reader.note(entry.place, "name-too-long", message, width=len(entry.key))
    table = reader.table(entry.value, what=what)
    if table is None:
        return
    reader.known_keys(table, _STATUTORY_KEYS, what=what)
    within, starts, flag, met_by = (table.get(key) for key in _STATUTORY_KEYS)
    if within is None:
        message = f'{what} needs "within", for example "within: 7 calendar days"'
        reader.note(entry.place, "missing-key", message, width=len(entry.key))
        return
    duration = _read_duration(reader, within, what=what)
    event = None if starts is None else reader.choice(starts, tuple(StatutoryStart), what="from")
    kept = None if met_by is None else reader.choice(met_by, tuple(Target), what="met_by")
    if duration is None or duration.duration is None:
        return
    written.statutory[entry.key] = StatutoryClock(
        name=entry.key,
        within=duration.duration,
        starts=StatutoryStart.RECEIPT if event is None else StatutoryStart(event),
        flag=None if flag is None else reader.text(flag, what="flag"),
        met_by=Target(kept) if kept is not None else None,
    )
