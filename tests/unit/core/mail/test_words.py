from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from mailflow.core.case.case import CATEGORY_RANK, Risk
from mailflow.core.mail.words import (
    LANGUAGES,
    action_label,
    category_words,
    risk_words,
    say_age,
    say_promise,
    say_size,
    say_time,
    target_words,
    warning_words,
)
from mailflow.core.mail.words.english import ENGLISH
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from mailflow.core.mail.words.vocabulary import Vocabulary

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "Wednesday, 25 November, 12:00"),
        ("de", "Mittwoch, 25. November, 12:00 Uhr"),
        ("fr", "mercredi 25 novembre à 12\u00a0h\u00a000"),
        ("es", "miércoles, 25 de noviembre, 12:00"),
        ("de_AT.UTF-8", "Mittwoch, 25. November, 12:00 Uhr"),
        ("it", "Wednesday, 25 November, 12:00"),
        ("", "Wednesday, 25 November, 12:00"),
    ],
)
def test_a_time_is_said_in_the_readers_language_and_zone(locale: str, expected: str) -> None:
    assert say_time(NOON, zone=BERLIN, locale=locale) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "by Wednesday, 25 November, 12:00"),
        ("de", "bis Mittwoch, 25. November, 12:00 Uhr"),
        ("fr", "au plus tard le mercredi 25 novembre à 12\u00a0h\u00a000"),
        ("es", "a más tardar el miércoles, 25 de noviembre, 12:00"),
    ],
)
def test_a_promise_names_its_latest_moment(locale: str, expected: str) -> None:
    assert say_promise(NOON, zone=BERLIN, locale=locale) == expected


def test_the_date_is_that_of_the_readers_zone() -> None:
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    assert say_time(late, zone=BERLIN, locale="en") == "Thursday, 26 November, 00:30"


def test_the_year_is_said_only_where_it_is_another() -> None:
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert say_time(new_year, zone=BERLIN, locale="en", now=NOON) == "Friday, 1 January 2027, 00:30"
    assert say_time(new_year, zone=UTC, locale="en", now=NOON) == "Thursday, 31 December, 23:30"


def test_french_counts_the_first_of_a_month() -> None:
    first = datetime(2026, 12, 1, 8, 5, tzinfo=UTC)
    assert say_time(first, zone=UTC, locale="fr") == "mardi 1er décembre à 08\u00a0h\u00a005"


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(seconds=60), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47, minutes=59), "47 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=400), "400 days"),
    ],
)
def test_an_age_is_said_in_its_largest_fitting_unit(age: timedelta, expected: str) -> None:
    assert say_age(age, locale="en") == expected


@pytest.mark.parametrize(
    ("size_bytes", "locale", "expected"),
    [
        (0, "en", "0 bytes"),
        (999, "en", "999 bytes"),
        (1000, "en", "1 kB"),
        (999_499, "en", "999 kB"),
        (999_501, "en", "1.0 MB"),
        (2_449_000, "de", "2,4 MB"),
        (40_000_000, "fr", "40,0 Mo"),
    ],
)
def test_a_size_is_said_as_mail_clients_do(size_bytes: int, locale: str, expected: str) -> None:
    assert say_size(size_bytes, locale=locale) == expected


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_names_every_category_risk_and_clock(language: str) -> None:
    words = LANGUAGES[language]
    assert set(words.categories) == set(CATEGORY_RANK)
    assert set(words.risks) == set(Risk)
    assert set(words.targets) == set(Target)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_knows_the_same_names(language: str) -> None:
    words = LANGUAGES[language]
    for name in ("actions", "links", "warnings", "states", "roles", "fields", "directions"):
        assert set(getattr(words, name)) == set(getattr(ENGLISH, name)), name
    assert (len(words.weekdays), len(words.months), len(words.byte_units)) == (7, 12, 3)


def _all_words(words: Vocabulary) -> list[str]:
    found: list[str] = []
    for each in fields(words):
        value = getattr(words, each.name)
        found += value.values() if hasattr(value, "values") else []
    return found


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_words_are_empty_or_said_twice_for_different_actions(language: str) -> None:
    words = LANGUAGES[language]
    assert all(text.strip() == text and text for text in _all_words(words))
    assert len(set(words.actions.values())) == len(words.actions)


def test_names_that_a_site_added_speak_for_themselves() -> None:
    assert category_words("parking_permit", "de") == "parking permit"
    assert target_words("eu_feedback", "en") == "eu feedback"


def test_names_are_said_in_the_language_asked_for() -> None:
    assert category_words("payroll_discrepancy", "de-CH") == "Gehalt"
    assert risk_words("high", "es") == "riesgo alto"
    assert action_label("close", "fr") == "Clore le dossier"
    assert warning_words("unknown_sender", "xx") == "The writer is not in the directory."
