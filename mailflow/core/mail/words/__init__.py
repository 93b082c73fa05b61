"""Words for times, sizes, names and labels, by locale; an unknown language speaks English."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.mail.words.english import ENGLISH
from mailflow.core.mail.words.french import FRENCH
from mailflow.core.mail.words.german import GERMAN
from mailflow.core.mail.words.spanish import SPANISH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, tzinfo

    from mailflow.core.mail.words.vocabulary import Vocabulary

LANGUAGES: Mapping[str, Vocabulary] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
}

WARNING_CODES = tuple(ENGLISH.warnings)

_MINUTES_PER_HOUR = 60
_HOURS_IN_HOURS = 48
_BYTES_PER_STEP = 1000


def language(locale: str) -> str:
    """The language of ``de-AT`` or ``de_AT.UTF-8``: ``de``."""
    return locale.replace("_", "-").split("-")[0].lower()


def vocabulary(locale: str) -> Vocabulary:
    """The words of a locale's language; one that is not known speaks English."""
    return LANGUAGES.get(language(locale), ENGLISH)


def say_time(moment: datetime, *, zone: tzinfo, locale: str, now: datetime | None = None) -> str:
    """A moment as a person of that place says it: "Wednesday, 25 November, 12:00".

    With ``now``, the year is said where it is another one than now's.
    """
    words = vocabulary(locale)
    local = moment.astimezone(zone)
    needs_year = now is not None and now.astimezone(zone).year != local.year
    pattern = words.moment_with_year if needs_year else words.moment
    return pattern.format(
        weekday=words.weekdays[local.weekday()],
        day=words.first_day if local.day == 1 else local.day,
        month=words.months[local.month - 1],
        year=local.year,
        hour=f"{local.hour:02}",
        minute=f"{local.minute:02}",
    )


def say_day(day: date, *, locale: str) -> str:
    """A day without a time: "Wednesday, 25 November 2026"."""
    words = vocabulary(locale)
    return words.date.format(
        weekday=words.weekdays[day.weekday()],
        day=words.first_day if day.day == 1 else day.day,
        month=words.months[day.month - 1],
        year=day.year,
    )


def say_clock(moment: datetime, *, zone: tzinfo, locale: str) -> str:
    """The time of day alone, for what happens in minutes: "10:02"."""
    local = moment.astimezone(zone)
    return vocabulary(locale).clock.format(hour=f"{local.hour:02}", minute=f"{local.minute:02}")


def say_promise(moment: datetime, *, zone: tzinfo, locale: str, now: datetime | None = None) -> str:
    """The latest moment of something promised: "by Wednesday, 25 November, 12:00"."""
    said = say_time(moment, zone=zone, locale=locale, now=now)
    return vocabulary(locale).by.format(moment=said)


def say_age(age: timedelta, *, locale: str) -> str:
    """A length of time in its largest fitting unit, rounded down: minutes, hours to 48, days."""
    words = vocabulary(locale)
    minutes = age // timedelta(minutes=1)
    if minutes < 1:
        return words.under_a_minute
    if minutes < _MINUTES_PER_HOUR:
        return words.minutes.say(minutes)
    hours = minutes // _MINUTES_PER_HOUR
    if hours < _HOURS_IN_HOURS:
        return words.hours.say(hours)
    return words.days.say(age.days)


def say_size(size_bytes: int, *, locale: str) -> str:
    """A size as mail clients show it: "814 bytes", "120 kB", "2.4 MB"."""
    words = vocabulary(locale)
    if size_bytes < _BYTES_PER_STEP:
        return f"{size_bytes} {words.byte_units[0]}"
    kilobytes = size_bytes / _BYTES_PER_STEP
    if round(kilobytes) < _BYTES_PER_STEP:
        return f"{kilobytes:.0f} {words.byte_units[1]}"
    megabytes = f"{kilobytes / _BYTES_PER_STEP:.1f}".replace(".", words.decimal_mark)
    return f"{megabytes} {words.byte_units[2]}"


def category_words(category: str, locale: str) -> str:
    """A category in plain words; one that a site added speaks by its own id."""
    return _say(category, vocabulary(locale).categories)


def risk_words(risk: str, locale: str) -> str:
    return _say(risk, vocabulary(locale).risks)


def state_words(state: str, locale: str) -> str:
    return _say(state, vocabulary(locale).states)


def role_words(role: str, locale: str) -> str:
    """What a party is to the case."""
    return _say(role, vocabulary(locale).roles)


def field_words(field: str, locale: str) -> str:
    """One of the six documentation fields."""
    return _say(field, vocabulary(locale).fields)


def direction_words(direction: str, locale: str) -> str:
    """Who speaks in a transcript: the employee, HR to the employee, or a note."""
    return _say(direction, vocabulary(locale).directions)


def target_words(target: str, locale: str) -> str:
    """What a clock waits for; a statutory clock speaks by the name it has in sla.yaml."""
    return _say(target, vocabulary(locale).targets)


def action_label(action: str, locale: str) -> str:
    """The label of a staff member's link, by the verb it sends (without ``#``)."""
    return _say(action, vocabulary(locale).actions)


def link_label(link: str, locale: str) -> str:
    """The label of an employee's link, by the purpose of its address."""
    return _say(link, vocabulary(locale).links)


def warning_words(code: str, locale: str) -> str:
    """What the owner has to know about a message, by its code."""
    return _say(code, vocabulary(locale).warnings)


def _say(name: str, known: Mapping[str, str]) -> str:
    return known.get(name) or name.replace("_", " ")
