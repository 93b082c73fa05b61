"""Whether the plain text and the HTML of one mail say the same: what a person saw while writing
has to be what we read.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

_WORD = re.compile(r"[^\W_]+")
_LINK = re.compile(r"(?:https?://|mailto:|cid:)[^\s<>\")]{1,2000}", re.IGNORECASE)
_LONGEST = 200_000
_HEAD_WORDS = 12
_REACH_WORDS = 80
_MOST_STRANGE = 0.25
_LEAST_SHARED = 0.5


def differ(plain: str, html_text: str) -> bool:
    """``html_text`` is what the HTML shows. Links, marks and the order of lines make no
    difference; the beginning counts by itself, since commands stand there.
    """
    one, other = _words(plain), _words(html_text)
    if not one or not other:
        return bool(one) != bool(other)
    if _is_strange(one, other) or _is_strange(other, one):
        return True
    shared = (Counter(one) & Counter(other)).total()
    return shared < _LEAST_SHARED * max(len(one), len(other))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(_LINK.sub(" ", text[:_LONGEST]))]


def _is_strange(one: list[str], other: list[str]) -> bool:
    """Whether the first words of one are not among those of the other."""
    head = one[:_HEAD_WORDS]
    near = set(islice(other, _REACH_WORDS))
    strange = sum(word not in near for word in head)
    return strange > _MOST_STRANGE * len(head)
