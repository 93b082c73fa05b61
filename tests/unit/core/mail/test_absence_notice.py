from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest

from mailflow.core.mail.absence_notice import AbsenceNotice, read_absence_notice

TUESDAY = date(2026, 11, 24)
FRIDAY = date(2026, 11, 27)
SUNDAY = date(2026, 11, 29)
OUT = "Automatic reply: HR case HR-7K2Q9M"


@pytest.mark.parametrize(
    ("text", "last_day"),
    [
        ("I am out of the office until 27 November and read no mail.", FRIDAY),
        ("I am on leave through Friday, November 27th, 2026. In urgent cases call Tom.", FRIDAY),
        ("I will be back on Monday, 30 November.", SUNDAY),
        ("I'm away and return on 2026-11-30.", SUNDAY),
        ("Out of office from 11/23 till 11/27", FRIDAY),
        ("Back Monday!", SUNDAY),
        ("Ich bin bis einschließlich 27.11. nicht im Büro.", FRIDAY),
        ("Ich bin vom 23.11.2026 bis 27.11.2026 im Urlaub.", FRIDAY),
        ("Am 30. November bin ich wieder im Büro.", SUNDAY),
        ("Ab Montag, 30.11., bin ich wieder für Sie da. Danke!", SUNDAY),
        ("Je suis absente jusqu'au 27 novembre inclus.", FRIDAY),
        ("En congé, de retour le lundi 30 novembre.", SUNDAY),
        ("Estoy fuera de la oficina hasta el 27 de noviembre.", FRIDAY),
        ("Estoy de vacaciones, vuelvo el lunes.", SUNDAY),
        ("Away 23.11. - 27.11.", FRIDAY),
        ("On parental leave until 3 January.", date(2027, 1, 3)),
    ],
)
def test_the_last_day_away_is_read(text: str, last_day: date) -> None:
    assert read_absence_notice(OUT, text, today=TUESDAY) == AbsenceNotice(last_day)


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office and read no mail.",
        "I was away until 3 November 2025.",
        "On leave until 31 February.",
        "On leave until 1 January 2099.",
    ],
)
def test_an_absence_without_a_day_to_come_names_none(text: str) -> None:
    assert read_absence_notice(OUT, text, today=TUESDAY) == AbsenceNotice(None)


def test_an_automatic_reply_about_something_else_is_no_absence() -> None:
    text = "Thank you, we received your request and answer by 27 November."
    assert read_absence_notice("We got your mail", text, today=TUESDAY) is None


def test_a_subject_of_its_own_is_known_by_its_words() -> None:
    notice = read_absence_notice("Re: HR case", "Ich bin bis 27.11. abwesend.", today=TUESDAY)
    assert notice == AbsenceNotice(FRIDAY)


@pytest.mark.parametrize("piece", ["until 1 ", "1.1.", "november ", "back on monday 3 de "])
def test_a_hostile_notice_is_read_in_no_time(piece: str) -> None:
    begin = perf_counter()
    read_absence_notice(OUT, piece * 100_000, today=TUESDAY)
    assert perf_counter() - begin < 1
