"""Answers by mail: where a case stands, what was written, whose cases are whose, what to write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.case import CaseClass
from mailflow.core.case.case_record import read_meter
from mailflow.core.case.command_shapes import SHAPES
from mailflow.core.case.events import EventKind
from mailflow.core.mail import words
from mailflow.core.policy.case_sheet import Said, done
from mailflow.core.policy.persons import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.dossier import Dossier, WrittenText
    from mailflow.core.policy.case_sheet import CaseSheet
    from mailflow.core.policy.house import House

LONGEST_TRANSCRIPT = 60_000
_REDACTED = "█████"


def say_status(file: CaseFile, house: House, *, locale: str) -> Said:
    """State, owner, next due time and the 6/6 meter; nothing that was written."""
    case = file.case
    due = min((c.due_at for c in file.clocks if c.is_running and c.due_at), default=None)
    meter = read_meter(case.record)
    return done(
        "status",
        ref=case.ref,
        state=case.state,
        owner=name_of(case.owner, house),
        due=words.say_time(due, zone=house.zone, locale=locale) if due else "-",
        meter=str(meter),
        missing=", ".join(words.field_words(name, locale) for name in meter.missing) or "-",
    )


def say_mine(files: Iterable[CaseFile], house: House, *, locale: str) -> tuple[Said, ...]:
    """One line a case, the one that is due first at the top; sensitive ones without category."""
    lines: list[tuple[str, Said]] = []
    for file in files:
        case = file.case
        due = min((c.due_at for c in file.clocks if c.is_running and c.due_at), default=None)
        when = words.say_time(due, zone=house.zone, locale=locale) if due else "-"
        what = words.state_words(case.state, locale)
        if case.case_class in (CaseClass.LOW, CaseClass.MODERATE):
            what = f"{words.category_words(case.category, locale)}, {what}"
        key = due.isoformat() if due else "9999"
        lines.append((key, done("mine_line", ref=case.ref, what=what, due=when)))
    if not lines:
        return (done("mine_none"),)
    return tuple(said for _, said in sorted(lines, key=lambda pair: pair[0]))


def say_help() -> tuple[Said, ...]:
    """Every verb with what it takes."""
    lines = " · ".join(f"#{verb} {shape.takes}".strip() for verb, shape in SHAPES.items())
    return (done("help", verbs=lines),)


def write_transcript(
    dossier: Dossier, case: Case, house: House, *, locale: str, newest_only: bool = False
) -> str:
    """What was written, oldest first, less what was redacted."""
    entries = [("in", one) for one in dossier.received]
    if newest_only:
        entries = entries[-1:]
    else:
        entries += [("out", one) for one in dossier.sent]
        entries += [("note", one) for one in dossier.notes]
        # Numbers of notes are the case's own: what came by a merge cannot be sent by number.
        entries += [(direction, replace(one, number=0)) for direction, one in dossier.merged]
    entries.sort(key=lambda entry: entry[1].at)
    pieces = [_say_entry(direction, one, case, house, locale=locale) for direction, one in entries]
    return "\n\n".join(pieces)[:LONGEST_TRANSCRIPT]


def _say_entry(direction: str, one: WrittenText, case: Case, house: House, *, locale: str) -> str:
    when = words.say_time(one.at, zone=house.zone, locale=locale)
    number = f" {one.number}" if direction == "note" and one.number else ""
    label = words.direction_words(direction, locale)
    return f"{label}{number} · {name_of(one.author, house)} · {when}\n{without(case, one.text)}"


def without(case: Case, text: str) -> str:
    """The text with every redaction blacked out."""
    for hidden in case.record.redactions:
        text = text.replace(hidden, _REDACTED)
    return text


def note_reading(sheet: CaseSheet, what: str) -> None:
    """A read of what was written is a fact, too."""
    sheet.note(EventKind.CASE_READ, what=what)
