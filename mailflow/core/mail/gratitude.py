"""Whether a short answer only says thank you."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 14
_THANKS = frozenset(
    {"thanks", "thank", "thx", "cheers", "danke", "dankeschön", "dank", "vielen", "merci"}
    | {"gracias", "grazie", "obrigado", "obrigada", "dziękuję", "tack", "bedankt", "perfect"}
    | {"great", "super", "prima", "parfait", "perfecto", "perfekt"}
)
_BUT = frozenset(
    {"but", "however", "still", "not", "again", "why", "when", "aber", "noch", "nicht", "wieder"}
    | {"mais", "pas", "encore", "pero", "todavía", "no", "sino", "only", "yet", "wrong", "missing"}
    | {"since", "seit", "depuis", "desde", "nothing", "never", "nie", "rien", "jamais", "nada"}
)


def is_only_thanks(text: str) -> bool:
    """A word of thanks in a few words, with no question and nothing that goes on."""
    words = [word.lower() for word in _WORD.findall(text[:500])]
    if not words or len(words) > _MOST_WORDS or "?" in text:
        return False
    said = set(words)
    return bool(said & _THANKS) and not said & _BUT
