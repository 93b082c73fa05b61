"""The ``nudges:`` and ``nudge_mail:`` sections of the rules to a Ladder and a NudgeMail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.case import Risk
from mailflow.core.policy.durations import Duration, DurationError, Unit, parse_duration
from mailflow.core.policy.nudges import AfterStep, Ladder, PercentStep, Recipient
from mailflow.core.policy.sla import NudgeMail
from mailflow.located import Entry, Leaf, Node, Place, Series, Table

if TYPE_CHECKING:
    from mailflow.casework.field_reader import FieldReader

_RUNG_KEYS = ("at", "after", "repeat", "to")
_MAIL_KEYS = ("quiet_hours", "digest_every", "urgent_from_risk")
_MOST_REPEATS = 50
_RECIPIENT_CALENDAR = "recipient_calendar"

_LEAD = (Recipient.OWNER, Recipient.TEAM_LEAD)
_ALL = (*_LEAD, Recipient.ESCALATION)
DEFAULT_LADDER = Ladder(
    (PercentStep(50, (Recipient.OWNER,)), PercentStep(80, _LEAD), PercentStep(100, _ALL)),
    AfterStep(Duration(8, Unit.WORKING_HOURS), 5, (Recipient.TEAM_LEAD, Recipient.ESCALATION)),
)


@dataclass
class _Rungs:
    steps: dict[int, PercentStep]
    after: AfterStep | None = None


def read_ladder(reader: FieldReader, node: Node) -> Ladder:
    if not isinstance(node, Series):
        reader.note(node.place, "wrong-type", "nudges must be a list of steps")
        return Ladder()
    rungs = _Rungs({})
    for item in node:
        table = reader.table(item, what="a nudge")
        if table is not None:
            _read_rung(reader, table, rungs)
    return Ladder(tuple(rungs.steps[percent] for percent in sorted(rungs.steps)), rungs.after)


def read_nudge_mail(reader: FieldReader, node: Node) -> NudgeMail:
    table = reader.table(node, what="nudge_mail")
    if table is None:
        return NudgeMail()
    reader.known_keys(table, _MAIL_KEYS, what="nudge_mail")
    quiet, every, urgent = (table.get(key) for key in _MAIL_KEYS)
    choices = (_RECIPIENT_CALENDAR, "none")
    hours = None if quiet is None else reader.choice(quiet, choices, what="quiet_hours")
    risk = None if urgent is None else reader.choice(urgent, tuple(Risk), what="urgent_from_risk")
    known = NudgeMail()
    return NudgeMail(
        keeps_quiet_hours=hours != "none",
        digest_every=known.digest_every if every is None else _read_digest_every(reader, every),
        urgent_from=known.urgent_from if risk is None else Risk(risk),
    )


def _read_rung(reader: FieldReader, table: Table, rungs: _Rungs) -> None:
    reader.known_keys(table, _RUNG_KEYS, what="a nudge")
    to = _read_recipients(reader, table)
    at, after, repeat = (table.get(key) for key in ("at", "after", "repeat"))
    if (at is None) == (after is None):
        message = 'a nudge has either "at: 80%" or "after: 8 working hours"'
        reader.note(table.place, "nudge-time", message)
        return
    if at is not None:
        _add_percent(reader, at, to, rungs)
        if repeat is not None:
            reader.note(repeat.place, "repeat", '"repeat" goes with "after", not with "at"')
        return
    if after is not None:
        _add_after(reader, after, repeat, to=to, rungs=rungs)


def _add_percent(reader: FieldReader, node: Node, to: tuple[Recipient, ...], rungs: _Rungs) -> None:
    percent = _read_percent(reader, node)
    if percent is None:
        return
    if percent in rungs.steps:
        reader.note(node.place, "step-twice", f'"{percent}%" stands here twice: join their "to"')
    rungs.steps[percent] = PercentStep(percent, to)


def _add_after(
    reader: FieldReader,
    node: Node,
    repeat: Node | None,
    *,
    to: tuple[Recipient, ...],
    rungs: _Rungs,
) -> None:
    if rungs.after is not None:
        reader.note(node.place, "step-twice", 'only one step may have "after"')
    times: int | None = 1
    if repeat is not None:
        times = reader.whole_number(repeat, what="repeat", least=1, most=_MOST_REPEATS)
    every = _read_interval(reader, node)
    if every is not None and times is not None:
        rungs.after = AfterStep(every, times, to)


def _read_percent(reader: FieldReader, node: Node) -> int | None:
    text = node.value if isinstance(node, Leaf) else None
    if isinstance(text, str) and text.endswith("%"):
        number = text[:-1].strip()
        if _is_number(number) and 1 <= int(number) <= 100:  # noqa: PLR2004 - percent.
            return int(number)
    reader.note(node.place, "wrong-percent", "at must be a percentage, 1% to 100%")
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len("1440")


def _read_interval(reader: FieldReader, node: Node) -> Duration | None:
    text = reader.text(node, what="after")
    if text is None:
        return None
    try:
        duration = parse_duration(text)
    except DurationError as error:
        reader.note(node.place, "duration", f"after: {error}", width=len(text))
        return None
    if not duration.fixed_length:
        message = f'after: "{text}" must be hours or minutes, for example "8 working hours"'
        reader.note(node.place, "duration", message, width=len(text))
        return None
    return duration


def _read_recipients(reader: FieldReader, table: Table) -> tuple[Recipient, ...]:
    entry = _entry(table, "to")
    if entry is None:
        reader.note(table.place, "missing-key", 'a nudge needs "to", for example "to: [owner]"')
        return ()
    items = entry.value.items if isinstance(entry.value, Series) else (entry.value,)
    if not items:
        _note_nobody(reader, entry.place)
    names = (reader.choice(item, tuple(Recipient), what="nudge recipient") for item in items)
    return tuple(dict.fromkeys(Recipient(name) for name in names if name is not None))


def _note_nobody(reader: FieldReader, place: Place) -> None:
    message = f"a nudge to nobody: name some of {', '.join(Recipient)}"
    reader.note(place, "no-recipient", message, width=len("to"))


def _entry(table: Table, key: str) -> Entry | None:
    return next((entry for entry in table if entry.key == key), None)


def _read_digest_every(reader: FieldReader, node: Node) -> timedelta:
    """`60 minutes` or `1 hour`: of the clock in any case, so the bare unit is enough."""
    text = reader.text(node, what="digest_every")
    match (text or "").split():
        case [number, "minute" | "minutes" | "hour" | "hours" as unit] if (
            _is_number(number) and 1 <= int(number) <= 1440  # noqa: PLR2004 - minutes a day.
        ):
            step = timedelta(hours=1) if unit.startswith("hour") else timedelta(minutes=1)
            return int(number) * step
    if text is not None:
        message = f'digest_every: "{text}" must be minutes or hours, for example "60 minutes"'
        reader.note(node.place, "wrong-value", message, width=len(text))
    return NudgeMail().digest_every
