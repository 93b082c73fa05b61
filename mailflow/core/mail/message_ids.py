"""Message identifiers (RFC 5322 3.6.4) as they stand in Message-ID, In-Reply-To and References."""

from __future__ import annotations

import re

from mailflow.core.mail.problems import Problem

MAX_IDS = 50
MAX_ID_CHARACTERS = 998

_BRACKETED = re.compile(r"<([^<>]{1,1200})>")
_SPACE = re.compile(r"[\s\x00-\x1f]+")
_BARE = re.compile(r"[^\s<>\"(),;]{1,500}@[^\s<>\"(),;]{1,500}")


def read_ids(value: str, problems: set[Problem]) -> tuple[str, ...]:
    """Ids in order, without brackets or repeats: at most 50, of which the first and the newest.

    White space inside brackets is what folding left there and is dropped. In-Reply-To of the
    eighties (``Your message of ... <id>``) is read by its bracketed id.
    """
    found = [_SPACE.sub("", match) for match in _BRACKETED.findall(value)]
    if not found:
        found = _BARE.findall(value)
    unique = tuple(dict.fromkeys(one for one in found if one))
    if len(unique) > MAX_IDS:
        problems.add(Problem.ID_LIMIT)
        return (unique[0], *unique[-(MAX_IDS - 1) :])
    return unique


def read_id(value: str, problems: set[Problem]) -> str | None:
    """The one id of a Message-ID field, also when its brackets are missing."""
    if ids := read_ids(value, problems):
        return ids[0]
    bare = _SPACE.sub("", value).strip("<>")[:MAX_ID_CHARACTERS]
    return bare or None
