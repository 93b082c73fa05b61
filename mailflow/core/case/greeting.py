"""Words of politeness, in which a name says only to whom one writes and who one is."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_SALUTATIONS = frozenset(
    {"hi", "hello", "hey", "dear", "good", "hallo", "liebe", "lieber", "guten", "sehr", "bonjour"}
    | {"chère", "cher", "salut", "hola", "estimado", "estimada", "querido", "querida", "moin"}
    | {"bonsoir", "buenos", "buenas", "greetings", "morning", "servus", "madame", "monsieur"}
)
_SIGN_OFFS = frozenset(
    {"regards", "thanks", "thank", "sincerely", "yours", "best", "cheers", "greetings", "grüße"}
    | {"gruß", "grüßen", "cordialement", "saludos", "atentamente", "merci", "danke", "gracias"}
    | {"salutations", "lg", "vg", "mfg", "bises", "saludo"}
)
_SHORT_LINE_WORDS = 5
_SIGN_OFF_WORDS = 4
_SIGN_OFF_LINES = 8


def without_greeting(text: str) -> str:
    """The text less the words of the salutation and the short lines of a sign-off."""
    kept: list[str] = []
    seen_text = False
    signing_off = False
    lines = text.split("\n")
    for number, line in enumerate(lines):
        rest = line.strip()
        if rest and not seen_text:
            seen_text = True
            rest = _after_salutation(rest)
        words = _WORD.findall(rest.casefold())
        if _is_sign_off(words, remaining=len(lines) - number):
            signing_off = True
        signing_off = signing_off and len(words) <= _SHORT_LINE_WORDS
        if not signing_off:
            kept.append(rest)
    return "\n".join(kept)


def _after_salutation(line: str) -> str:
    words = _WORD.findall(line.casefold())
    if not words or words[0] not in _SALUTATIONS:
        return line
    head, comma, tail = line.partition(",")
    if comma and len(_WORD.findall(head)) <= _SHORT_LINE_WORDS:
        return tail
    return "" if len(words) <= _SHORT_LINE_WORDS else line


def _is_sign_off(words: list[str], *, remaining: int) -> bool:
    return (
        0 < len(words) <= _SIGN_OFF_WORDS
        and remaining <= _SIGN_OFF_LINES
        and any(word in _SIGN_OFFS for word in words)
    )
