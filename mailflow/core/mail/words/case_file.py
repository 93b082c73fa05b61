"""The words of the case file by locale; an unknown language speaks English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.mail import words
from mailflow.core.mail.words.case_file_english import ENGLISH
from mailflow.core.mail.words.case_file_french import FRENCH
from mailflow.core.mail.words.case_file_german import GERMAN
from mailflow.core.mail.words.case_file_spanish import SPANISH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailflow.core.mail.words.case_file_words import CaseFileWords

CASE_FILE: Mapping[str, CaseFileWords] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
}


def spoken_language(locale: str) -> str:
    """The language that the words come in."""
    language = words.language(locale)
    return language if language in CASE_FILE else "en"


def case_file_words(locale: str) -> CaseFileWords:
    return CASE_FILE[spoken_language(locale)]


def event_words(kind: str, locale: str) -> str:
    """What happened, by the kind of the event."""
    return case_file_words(locale).events.get(kind) or kind.replace("_", " ")


def field_label(field: str, locale: str) -> str:
    """One of the six documentation fields, as a heading."""
    said = words.field_words(field, locale)
    return said[:1].upper() + said[1:]


def outcome_words(outcome: str, locale: str) -> str:
    return case_file_words(locale).outcomes.get(outcome) or outcome.replace("_", " ")


def party_words(role: str, locale: str) -> str:
    """What a party is to the case; ``named`` is all that is known of some."""
    return case_file_words(locale).named if role == "named" else words.role_words(role, locale)
