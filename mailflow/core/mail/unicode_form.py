"""Unicode normalization that hostile text cannot slow down, and the form of words and names."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Literal

MOST_MARKS = 30
"""Combining marks after one character: what the Stream-Safe Text Format allows (UAX #15, 13)."""


LONGEST_WORD = 200
"""Characters of a word that are looked at where it is not plain ASCII: one may become 18."""

# What no decomposition takes apart.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"}
)


def fold(word: str) -> str:
    """The one form in which words and names are compared: letters and digits alone, without case,
    accents, width and invisible characters.
    """
    if word.isascii():
        lowered = word.lower()
        return lowered if lowered.isalnum() else "".join(filter(str.isalnum, lowered))
    plain = normal_form("NFKC", word[:LONGEST_WORD]).casefold()
    return "".join(filter(str.isalnum, normal_form("NFKD", plain))).translate(_LETTERS)


def normal_form(form: Literal["NFC", "NFKC", "NFD", "NFKD"], text: str) -> str:
    """As unicodedata.normalize, less the marks beyond MOST_MARKS in a row.

    CPython sorts each run of marks by insertion: 40,000 in a row take three seconds, a mail of
    a megabyte half an hour.
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, _without_long_runs(text))


def _without_long_runs(text: str) -> str:
    kept: list[str] = []
    start = run = 0
    for position, character in enumerate(text):
        # Decomposition can bring marks of its own, at most three a character.
        is_mark = character > "\u02ff" and unicodedata.combining(character) != 0
        run = run + 1 if is_mark else 0
        if run > MOST_MARKS:
            kept.append(text[start:position])
            start = position + 1
    kept.append(text[start:])
    return "".join(kept)
