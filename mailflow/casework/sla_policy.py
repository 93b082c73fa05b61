"""Calendars, targets and nudges of a rules folder as one SlaPolicy.

All files of the folder are one bundle; of each file only these sections are read here.
"""

from __future__ import annotations

import zoneinfo
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from mailflow.casework.calendar_fields import read_calendar
from mailflow.casework.field_reader import FieldReader
from mailflow.casework.nudge_fields import DEFAULT_LADDER, read_ladder, read_nudge_mail
from mailflow.casework.public_holidays import holidays_version
from mailflow.casework.target_fields import WrittenSet, read_target_set
from mailflow.casework.target_sets import resolve_target_sets
from mailflow.core.policy.sla import NudgeMail, SlaPolicy
from mailflow.errors import InvalidFilesError, Mistake
from mailflow.located import Entry, Table
from mailflow.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SECTIONS = ("calendars", "sla", "nudges", "nudge_mail")


def load_sla(folder: Path) -> SlaPolicy:
    """Read every ``*.yaml`` of the folder. Raises InvalidFilesError with all mistakes at once."""
    reader = FieldReader()
    sections = _collect_sections(folder, reader)
    return _whole_policy(reader, sections, place=folder.name)


def _whole_policy(
    reader: FieldReader, sections: dict[str, list[Entry]], *, place: str
) -> SlaPolicy:
    policy = read_sla(reader, sections)
    if not sections["calendars"]:
        message = 'no file here has "calendars:": a calendar is needed to count working time'
        reader.mistakes.append(Mistake(place, 0, 0, "no-calendars", message))
    if reader.mistakes:
        raise InvalidFilesError(tuple(sorted(reader.mistakes)))
    return policy


def sla_of_texts(texts: Mapping[str, str]) -> SlaPolicy:
    """The same from the text of the files by name. Raises InvalidFilesError likewise."""
    reader = FieldReader()
    sections = _empty_sections()
    for name, text in sorted(texts.items()):
        _collect_from(text, name, sections, reader)
    return _whole_policy(reader, sections, place="rules")


def read_sla(reader: FieldReader, sections: dict[str, list[Entry]]) -> SlaPolicy:
    """The policy out of the top-level entries, by section; mistakes stay with the reader."""
    named = _named_entries(reader, sections["calendars"])
    calendars = {entry.key: read_calendar(reader, entry) for entry in named}
    written: dict[str, WrittenSet] = {}
    for entry in _named_entries(reader, sections["sla"]):
        one = read_target_set(reader, entry)
        if one is not None:
            written[entry.key] = one
    sets = resolve_target_sets(reader, written, calendars)
    ladder = _only_one(reader, sections["nudges"], "nudges")
    nudge_mail = _only_one(reader, sections["nudge_mail"], "nudge_mail")
    return SlaPolicy(
        calendars={name: calendar for name, calendar in calendars.items() if calendar},
        sets=sets,
        ladder=DEFAULT_LADDER if ladder is None else read_ladder(reader, ladder.value),
        nudge_mail=NudgeMail() if nudge_mail is None else read_nudge_mail(reader, nudge_mail.value),
        build=f"tzdata {tzdata_version()}, holidays {holidays_version()}",
    )


def tzdata_version() -> str:
    """The release of the time zone data in use: the system's goes before the package's."""
    for folder in zoneinfo.TZPATH:
        try:
            with Path(folder, "tzdata.zi").open(encoding="ascii", errors="replace") as lines:
                return lines.readline().removeprefix("# version").strip()
        except OSError:
            continue
    return version("tzdata")


def _collect_sections(folder: Path, reader: FieldReader) -> dict[str, list[Entry]]:
    sections = _empty_sections()
    for path in sorted(folder.glob("[!.]*")):
        if path.suffix not in (".yaml", ".yml"):
            continue
        name = f"{folder.name}/{path.name}"
        if path.suffix == ".yml":
            message = f"rename it to {path.stem}.yaml: only .yaml files are read"
            reader.mistakes.append(Mistake(name, 0, 0, "yml", message))
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reader.mistakes.append(Mistake(name, 0, 0, "unreadable", f"cannot be read: {error}"))
            continue
        _collect_from(text, name, sections, reader)
    return sections


def _empty_sections() -> dict[str, list[Entry]]:
    return {name: [] for name in SECTIONS}


def _collect_from(
    text: str, name: str, sections: dict[str, list[Entry]], reader: FieldReader
) -> None:
    if not _may_hold_sections(text):
        return
    root, mistakes = read_yaml(text, name)
    reader.mistakes.extend(mistakes)
    for entry in root if isinstance(root, Table) else ():
        if entry.key in sections:
            sections[entry.key].append(entry)


def _may_hold_sections(text: str) -> bool:
    """Spares reading a thousand detection rules for the sake of a calendar."""
    lines = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()
    first = next((line for line in lines if line.strip() and not line.startswith(("#", "-"))), "")
    if first.startswith((" ", "{", "%", "?")):
        return True
    words = tuple(f"{quote}{name}" for name in SECTIONS for quote in ("", '"', "'"))
    return any(line.startswith(words) for line in lines)


def _named_entries(reader: FieldReader, sections: list[Entry]) -> Iterator[Entry]:
    """The named entries below a section that may stand in several files."""
    seen: dict[str, Entry] = {}
    for section in sections:
        table = reader.table(section.value, what=section.key)
        for entry in table or ():
            first = seen.setdefault(entry.key, entry)
            if first is entry:
                yield entry
                continue
            place = f"{first.place.file}:{first.place.line}"
            message = f'"{entry.key}" stands already in {place}'
            reader.note(entry.place, "duplicate-key", message, width=len(entry.key))


def _only_one(reader: FieldReader, sections: list[Entry], name: str) -> Entry | None:
    for extra in sections[1:]:
        place = f"{sections[0].place.file}:{sections[0].place.line}"
        message = f'"{name}" stands already in {place}'
        reader.note(extra.place, "duplicate-key", message, width=len(name))
    return sections[0] if sections else None
