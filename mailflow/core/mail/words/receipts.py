"""What receipts and alerts say, by code and language; an unknown language speaks English."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from mailflow.core.mail import words
from mailflow.core.mail.words.receipts_english import ENGLISH
from mailflow.core.mail.words.receipts_french import FRENCH
from mailflow.core.mail.words.receipts_german import GERMAN
from mailflow.core.mail.words.receipts_spanish import SPANISH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RECEIPTS: Mapping[str, Mapping[str, str]] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
}


def _say_date(day: str, locale: str) -> str:
    return words.say_day(date.fromisoformat(day), locale=locale)


# Facts that are names of ours, and how each is said in the reader's language.
_NAMED: Mapping[str, Callable[[str, str], str]] = {
    "state": words.state_words,
    "risk": words.risk_words,
    "role": words.role_words,
    "category": words.category_words,
    "date": _say_date,
    "first": _say_date,
    "last": _say_date,
}


def say_receipt(code: str, facts: Mapping[str, str], locale: str) -> str:
    """The sentence of a code. Facts that a sentence does not name are left out."""
    pattern = RECEIPTS.get(words.language(locale), ENGLISH).get(code)
    said = {
        name: _NAMED[name](value, locale) if name in _NAMED else value
        for name, value in facts.items()
    }
    return code.replace("_", " ") if pattern is None else _fill(pattern, said)


def _fill(pattern: str, facts: Mapping[str, str]) -> str:
    # Not str.format: a value that people wrote must not be read as a pattern.
    said = pattern
    pieces: list[str] = []
    while "{" in said:
        before, _, rest = said.partition("{")
        name, _, said = rest.partition("}")
        pieces += [before, facts.get(name, "")]
    return "".join((*pieces, said))
