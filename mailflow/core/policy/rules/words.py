"""Words as the rules see them: split, and folded over case, accents and look-alike signs."""

from __future__ import annotations

import re
from functools import lru_cache

from mailflow.core.mail.unicode_form import LONGEST_WORD, fold, normal_form

# One character class after another, so that no text can make it backtrack. Marks, soft hyphens
# and zero-width characters belong to the word they stand in; Han and kana stand alone.
_INSIDE = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_ALONE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_ALONE}]|[^\\W_{_ALONE}](?:[^\\W_{_ALONE}]|[{_INSIDE}])*")
_ASCII_WORD = re.compile("[A-Za-z0-9]+")
# For plain ASCII one table does what the pattern does, three times as fast.
_ASCII_WORDS_ONLY = "".join(chr(n).lower() if chr(n).isalnum() else " " for n in range(128))


def split_words(text: str) -> list[str]:
    """The words in the order of the text; pure ASCII comes back in lower case, else as written."""
    if text.isascii():
        return text.translate(_ASCII_WORDS_ONLY).split()
    return _WORD.findall(text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """[start, end) in code points of each word that split_words gives, in the same order."""
    if text.isascii():
        return [match.span() for match in _ASCII_WORD.finditer(text)]
    return [match.span() for match in _WORD.finditer(text)]


@lru_cache(maxsize=8192)
def fold_word(word: str) -> str:
    return fold(word)


def lower_word(word: str) -> str:
    """Lower case with accents kept and invisible characters removed: what a stemmer wants."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in normal_form("NFKC", word[:LONGEST_WORD]).lower() if c.isalnum())


def without_surrogates(text: str) -> str:
    """The text as RE2 can take it: lone surrogates become "?", so that no offset moves."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
