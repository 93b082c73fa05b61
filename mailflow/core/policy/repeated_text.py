"""Whether a text repeats what was written in confidence: 40 characters in a row are too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_REPEAT = 40


def repeats(text: str, secret: Iterable[str], *, known: Iterable[str] = ()) -> str | None:
    """The first 40 characters of ``text`` that stand in ``secret`` and not in ``known`` as well.

    Case and the amount of white space make no difference. Memory and time are linear.
    """
    hidden: set[str] = set()
    for one in secret:
        hidden.update(_windows(_folded(one)))
    if not hidden:
        return None
    for one in known:
        hidden.difference_update(_windows(_folded(one)))
    folded = _folded(text)
    return next((window for window in _windows(folded) if window in hidden), None)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _windows(text: str) -> Iterable[str]:
    return (text[at : at + LONGEST_REPEAT] for at in range(len(text) - LONGEST_REPEAT + 1))
