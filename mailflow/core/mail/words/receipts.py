"""What receipts say, by code and language; a language that lacks a code says it in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.mail.words.receipts_english import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Mapping

RECEIPTS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH}


def say_receipt(code: str, facts: Mapping[str, str], locale: str) -> str:
    """The sentence of a code. Facts that a sentence does not name are left out."""
    language = locale.replace("_", "-").split("-")[0].lower()
    pattern = RECEIPTS.get(language, ENGLISH).get(code) or ENGLISH.get(code)
    return code.replace("_", " ") if pattern is None else _fill(pattern, facts)


def _fill(pattern: str, facts: Mapping[str, str]) -> str:
    # Not str.format: a value that people wrote must not be read as a pattern.
    said = pattern
    pieces: list[str] = []
    while "{" in said:
        before, _, rest = said.partition("{")
        name, _, said = rest.partition("}")
        pieces += [before, facts.get(name, "")]
    return "".join((*pieces, said))
