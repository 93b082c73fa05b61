"""Until when somebody is away, as their out-of-office reply says it in English, German, French or
Spanish. Whether a mail is an automatic reply is auto_submitted.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mailflow.core.mail.automatic_words import is_out_of_office

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_NOTICE = 4_000
_LONGEST_ABSENCE = timedelta(days=400)
_LONG_PAST = timedelta(days=180)
_CUE_REACH = 48
_WEEK = 7
_MONTHS_A_YEAR = 12
_CENTURY = 100
_AWAY = (
    "out of office", "out of the office", "on vacation", "on holiday", "on leave", "i am away",
    "i'm away", "annual leave", "parental leave", "sick leave", "abwesend", "nicht im büro",
    "nicht im hause", "im urlaub", "außer haus", "nicht erreichbar", "elternzeit", "absent",
    "en congé", "en vacances", "hors du bureau", "ausente", "de vacaciones", "fuera de la oficina",
    "de baja",
)  # fmt: skip
_UNTIL = (
    "until", "till", "through", "up to", "bis", "jusqu", "hasta",
)  # fmt: skip
_BACK = (
    "back", "return", "available again", "wieder", "zurück", "retour", "reviens", "rentre",
    "reprends", "vuelvo", "regreso", "de vuelta", "reincorpor",
)  # fmt: skip
_MONTH_NAMES = (
    ("january", "januar", "jänner", "janvier", "enero"),
    ("february", "februar", "février", "fevrier", "febrero"),
    ("march", "märz", "maerz", "mars", "marzo"),
    ("april", "avril", "abril"),
    ("may", "mai", "mayo"),
    ("june", "juni", "juin", "junio"),
    ("july", "juli", "juillet", "julio"),
    ("august", "août", "aout", "agosto"),
    ("september", "septembre", "septiembre", "setiembre"),
    ("october", "oktober", "octobre", "octubre"),
    ("november", "novembre", "noviembre"),
    ("december", "dezember", "décembre", "decembre", "diciembre"),
)  # fmt: skip
_SHORT_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "sept": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_MONTHS = _SHORT_MONTHS | {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "montag", "lundi", "lunes"),
            ("tuesday", "dienstag", "mardi", "martes"),
            ("wednesday", "mittwoch", "mercredi", "miércoles"),
            ("thursday", "donnerstag", "jeudi", "jueves"),
            ("friday", "freitag", "vendredi", "viernes"),
            ("saturday", "samstag", "samedi", "sábado"),
            ("sunday", "sonntag", "dimanche", "domingo"),
        )
    )
    for name in names
}
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})([./])(\d{1,2})(?:\2(\d{4}|\d{2})\b|\b)")
_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|\.)? (?:de |of )?([^\W\d_]{3,10})\b\.?"
    r"(?:,? (?:de )?(\d{4})\b)?"
)
_MONTH_DAY = re.compile(r"\b([^\W\d_]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?\b(?:,? (\d{4})\b)?")
_SENTENCE_END = re.compile(r"[.!?] ")
_WORD = re.compile(r"\b[^\W\d_]{5,10}\b")


@dataclass(frozen=True)
class AbsenceNotice:
    """``last_day`` is the last day away; None when the notice names none."""

    last_day: date | None


@dataclass(frozen=True)
class _Named:
    at: int
    end: int
    day: date


def read_absence_notice(subject: str, text: str, *, today: date) -> AbsenceNotice | None:
    """None when an automatic reply speaks of something else than an absence.

    "until the 27th" is a last day away, "back on the 30th" the day after it; of a bare span the
    later day counts. Linear in the length of the text, of which the head alone is read.
    """
    words = " ".join(f"{subject}\n{text}"[:_LONGEST_NOTICE].casefold().split())
    if not is_out_of_office(subject, is_answer=True) and not any(w in words for w in _AWAY):
        return None
    named = sorted(_find_days(words, today), key=lambda one: one.at)
    until = [one.day for one in named if _cue(words, one) == "until"]
    back = [one.day - timedelta(days=1) for one in named if _cue(words, one) == "back"]
    bare = [one.day for one in named]
    for days in (until, back, bare):
        coming = [day for day in days if today <= day <= today + _LONGEST_ABSENCE]
        if coming:
            return AbsenceNotice(max(coming))
    return AbsenceNotice(None)


def _cue(words: str, named: _Named) -> str:
    """The cue nearest before a day in its sentence, or after it ("am 30. bin ich wieder da")."""
    before = _SENTENCE_END.split(words[max(0, named.at - _CUE_REACH) : named.at])[-1]
    until = max(before.rfind(cue) for cue in _UNTIL)
    back = max(before.rfind(cue) for cue in _BACK)
    if until >= 0 or back >= 0:
        return "until" if until > back else "back"
    after = _SENTENCE_END.split(words[named.end : named.end + _CUE_REACH])[0]
    return "back" if any(cue in after for cue in _BACK) else ""


def _find_days(words: str, today: date) -> Iterator[_Named]:
    taken: list[tuple[int, int]] = []
    for start, end, day in _find_dates(words, today):
        taken.append((start, end))
        yield _Named(start, end, day)
    for match in _WORD.finditer(words):
        weekday = _WEEKDAYS.get(match.group())
        # "Monday, 30 November" is one day, not two.
        said_fully = any(start - match.end() in range(12) for start, _ in taken)
        if weekday is not None and not said_fully:
            ahead = (weekday - today.weekday()) % _WEEK or _WEEK
            yield _Named(match.start(), match.end(), today + timedelta(days=ahead))


def _find_dates(words: str, today: date) -> Iterator[tuple[int, int, date]]:
    for match in _ISO.finditer(words):
        year, month, number = map(int, match.groups())
        yield from _place(match, _day(year, month, number))
    for match in _NUMBERS.finditer(words):
        first, mark, second, year_text = match.groups()
        orders = [(int(second), int(first))]
        if mark == "/":
            orders.append((int(first), int(second)))
        days = [_in_year(month, number, year_text, today) for month, number in orders]
        known = sorted(day for day in days if day is not None and day >= today)
        yield from _place(match, known[0] if known else None)
    for match in _DAY_MONTH.finditer(words):
        month_number = _MONTHS.get(match.group(2))
        if month_number is not None:
            day = _in_year(month_number, int(match.group(1)), match.group(3), today)
            yield from _place(match, day)
    for match in _MONTH_DAY.finditer(words):
        month_number = _MONTHS.get(match.group(1))
        if month_number is not None:
            day = _in_year(month_number, int(match.group(2)), match.group(3), today)
            yield from _place(match, day)


def _place(match: re.Match[str], day: date | None) -> Iterator[tuple[int, int, date]]:
    if day is not None:
        yield match.start(), match.end(), day


def _in_year(month: int, number: int, year_text: str | None, today: date) -> date | None:
    """Without a year, a day that is not long past, else the next one."""
    if year_text is not None:
        year = int(year_text)
        return _day(year + 2000 if year < _CENTURY else year, month, number)
    this_year = _day(today.year, month, number)
    if this_year is not None and this_year >= today - _LONG_PAST:
        return this_year
    return _day(today.year + 1, month, number)


def _day(year: int, month: int, number: int) -> date | None:
    if not 1 <= month <= _MONTHS_A_YEAR:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None
