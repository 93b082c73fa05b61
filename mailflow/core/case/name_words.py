"""The words of a text in the form in which names are compared: no case, no accents, no endings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailflow.core.mail.unicode_form import fold, normal_form

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# How keyboards without the letters write them.
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_SENTENCE_END = frozenset(".!?:;…•*>-")


@dataclass(frozen=True)
class Word:
    """``plain`` is what is compared; ``opens`` says that a capital letter here means nothing."""

    plain: str
    is_capital: bool
    opens: bool


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name or title, in plain form."""
    return tuple(word.plain for word in read_words(text))


def spellings(name: str) -> tuple[tuple[str, ...], ...]:
    """The words of a name as it is written with and without its umlauts: Müller, Mueller."""
    lowered = normal_form("NFC", name).casefold()
    return tuple(dict.fromkeys((name_words(name), name_words(lowered.translate(_WRITTEN_OUT)))))


def read_words(text: str) -> tuple[Word, ...]:
    """Every word, hyphenated ones apart; a possessive ending goes, a single letter too."""
    found: list[Word] = []
    end = 0
    initial_before = False
    for match in _TOKEN.finditer(normal_form("NFC", text)):
        token = match.group()
        opens = _opens_sentence(match.string, end, match.start()) and not initial_before
        end = match.end()
        plain = _plain(token)
        initial_before = len(plain) <= 1
        if plain and not initial_before:
            found.append(Word(plain, token[0].isupper(), opens))
    return tuple(found)


def _opens_sentence(text: str, end: int, start: int) -> bool:
    if end == 0:
        return True
    between = text[end : min(start, end + 8)]
    marks = between.strip()
    return between.count("\n") > 1 or (bool(marks) and marks[0] in _SENTENCE_END and between != "-")


def _plain(token: str) -> str:
    return fold(token.replace("’", "'").removesuffix("'s").removesuffix("'S"))
