"""Whether two subjects look like the same matter. A hint for people; nothing is joined by it."""

from __future__ import annotations

import re

from mailflow.core.mail.subject_prefix import without_prefixes
from mailflow.core.mail.unicode_form import fold, normal_form

LONGEST_SUBJECT = 300
"""Characters that are compared; what comes after them is no subject any more."""

_WORD = re.compile(r"[^\W_]+")
_SHORT_WORD = 3
_LEAST_SHARED = 2


def subject_words(subject: str) -> frozenset[str]:
    """The words of a subject without prefixes, case, accents and punctuation."""
    head = normal_form("NFC", without_prefixes(subject[:LONGEST_SUBJECT]))
    return frozenset(filter(None, map(fold, _WORD.findall(head))))


def are_similar(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two subjects have the same words, or share two and most of those that say something:
    numbers, and words of more than three letters. A subject without words is like no other.
    """
    if one.isdisjoint(other):
        return False
    if one == other:
        return True
    one, other = _telling(one), _telling(other)
    shared = len(one & other)
    return shared >= _LEAST_SHARED and 2 * shared > len(one | other)


def _telling(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if len(word) > _SHORT_WORD or word.isdigit())
