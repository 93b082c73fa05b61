"""The arguments of one command line: a positional part, then ``key: value`` up to the next key."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class CommandMistake:
    """Why a line is no command: a ``code`` of the receipts' words, and what they speak of."""

    line: int
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Arguments:
    """``values`` hold each key once, in lower case; values are stripped and may be empty."""

    positional: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    repeated: tuple[str, ...] = ()

    def get(self, key: str) -> str:
        return self.values.get(key, "")


def read_arguments(rest: str, keys: Iterable[str]) -> Arguments:
    """Split at the known keys; every other colon belongs to the text around it."""
    names = "|".join(re.escape(key) for key in sorted(keys, key=len, reverse=True))
    if not names:
        return Arguments(rest.strip())
    marks = list(re.finditer(rf"(?:^|(?<=\s))({names})\s?:(?=\s|$|[^\s/])", rest, re.IGNORECASE))
    if not marks:
        return Arguments(rest.strip())
    values: dict[str, str] = {}
    repeated: list[str] = []
    ends = [mark.start() for mark in marks[1:]] + [len(rest)]
    for mark, end in zip(marks, ends, strict=True):
        key = mark.group(1).lower()
        if key in values:
            repeated.append(key)
        values[key] = rest[mark.end() : end].strip()
    return Arguments(rest[: marks[0].start()].strip(), values, tuple(repeated))
