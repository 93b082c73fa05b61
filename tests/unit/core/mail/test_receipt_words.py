from __future__ import annotations

import re

import pytest

from mailflow.core.mail.words import LANGUAGES
from mailflow.core.mail.words.receipts import RECEIPTS, say_receipt
from mailflow.core.mail.words.receipts_english import ENGLISH

_NAME = re.compile(r"\{([a-z_]+)\}")
_VERB = re.compile(r"#[a-z]{2,}")
OTHERS = sorted(set(RECEIPTS) - {"en"})


def test_receipts_speak_every_language_that_mails_do() -> None:
    assert set(RECEIPTS) == set(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_every_line_of_a_receipt_is_said_in_every_language(language: str) -> None:
    assert set(RECEIPTS[language]) == set(ENGLISH)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("code", sorted(ENGLISH))
def test_a_line_names_the_same_facts_and_commands_in_every_language(
    language: str, code: str
) -> None:
    theirs, ours = RECEIPTS[language][code], ENGLISH[code]
    assert sorted(_NAME.findall(theirs)) == sorted(_NAME.findall(ours))
    assert set(_VERB.findall(theirs)) == set(_VERB.findall(ours))
    assert theirs != ours


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "That is not possible in a case that is resolved."),
        ("de-AT", "Das geht nicht, solange der Stand des Falls so ist: erledigt."),
        ("it", "That is not possible in a case that is resolved."),
    ],
)
def test_a_state_is_said_in_the_words_of_the_reader(locale: str, expected: str) -> None:
    assert say_receipt("state_forbids", {"state": "resolved"}, locale) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "You are reminded on Tuesday, 1 December 2026."),
        ("fr", "Un rappel vous parviendra le mardi 1er décembre 2026."),
        ("es", "Se le recordará el martes, 1 de diciembre de 2026."),
    ],
)
def test_a_day_is_said_in_the_words_of_the_reader(locale: str, expected: str) -> None:
    assert say_receipt("remind_done", {"date": "2026-12-01"}, locale) == expected


def test_what_people_wrote_is_never_read_as_a_pattern() -> None:
    said = say_receipt("alert_reminder", {"text": "{sender} and {text}"}, "en")
    assert said.endswith("{sender} and {text}")
