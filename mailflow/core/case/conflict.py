"""Who is named in a mail, so that they cannot learn of the case it opens.

A salutation, a sign-off and To are no hit. What follows from a hit is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.case.greeting import without_greeting
from mailflow.core.case.name_index import PersonNames, index_names
from mailflow.core.case.name_words import read_words
from mailflow.core.case.ordinary_names import BEFORE_A_JOB, HONORIFICS, ORDINARY
from mailflow.core.case.people import normal_address
from mailflow.core.case.title_words import levels_above

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailflow.core.case.name_index import NameIndex
    from mailflow.core.case.name_words import Word
    from mailflow.core.case.people import Directory, Staff

# A full stop after an address ends the sentence.
_ADDRESS = re.compile(
    r"[A-Za-z0-9_%+\-][A-Za-z0-9._%+\-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,253}[A-Za-z0-9])?"
)


@dataclass(frozen=True)
class NamedPeople:
    """Everybody who could be named. Build it once; people go by their first address."""

    names: NameIndex = field(repr=False)
    addresses: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class Mentions:
    """``certain`` are named by address or full name; ``possible`` by a surname, a short name or
    a title alone. ``levels`` above the writer are meant by words such as "my boss".
    """

    certain: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    levels: frozenset[int] = frozenset()

    def __or__(self, other: Mentions) -> Mentions:
        return Mentions(
            self.certain | other.certain,
            self.possible | other.possible,
            self.levels | other.levels,
        )


def index_people(staff: Staff, directory: Directory) -> NamedPeople:
    """Staff first: where both know a person, the staff address stands for them."""
    addresses: dict[str, str] = {}
    people: dict[str, PersonNames] = {}
    rows: list[tuple[str, tuple[str, ...], str | None]] = [
        (one.name, one.addresses, None) for one in staff.people
    ]
    rows += [(one.name, one.addresses, one.title) for one in directory.employees]
    for name, own, title in rows:
        listed = [normal_address(address) for address in own]
        key = next((addresses[a] for a in listed if a in addresses), listed[0])
        for address in listed:
            addresses.setdefault(address, key)
        known = people.get(key)
        names = (*(known.names if known else ()), name)
        people[key] = PersonNames(
            key, tuple(dict.fromkeys(names)), title or (known.title if known else None)
        )
    return NamedPeople(index_names(people.values()), addresses)


def find_named(text: str, people: NamedPeople) -> Mentions:
    """Whom a subject, a body or a file's name speaks of."""
    body = without_greeting(text)
    by_address = frozenset(
        people.addresses[address]
        for match in _ADDRESS.finditer(body)
        if (address := normal_address(match.group())) in people.addresses
    )
    words = read_words(_ADDRESS.sub(" ", body))
    plain = tuple(word.plain for word in words)
    certain: set[str] = set()
    possible: set[str] = set()
    levels: set[int] = set()
    covered = 0
    for position, word in enumerate(words):
        full, length = people.names.full_name_at(plain, position)
        certain |= full
        covered = max(covered, position + length if full else 0)
        possible |= people.names.title_at(plain, position)
        levels.add(levels_above(plain, position))
        if position >= covered and _stands_as_name(word, words, position):
            possible |= _named_alone(words, position, people.names)
    return Mentions(by_address | certain, frozenset(possible), frozenset(levels - {0}))


def addressed(addresses: Iterable[str], people: NamedPeople) -> frozenset[str]:
    """The people behind addresses of Cc, by their first address."""
    return frozenset(
        people.addresses[normal]
        for address in addresses
        if (normal := normal_address(address)) in people.addresses
    )


def _stands_as_name(word: Word, words: tuple[Word, ...], position: int) -> bool:
    before = words[position - 1].plain if position else ""
    if word.plain not in ORDINARY or before in HONORIFICS:
        return True
    return word.is_capital and not word.opens and before not in BEFORE_A_JOB


def _named_alone(words: tuple[Word, ...], position: int, names: NameIndex) -> frozenset[str]:
    """A surname or a short name by itself; beside a name that is not theirs it is another's."""
    plain = words[position].plain
    before = words[position - 1].plain if position else ""
    after = words[position + 1] if position + 1 < len(words) else None
    by_surname = names.surname(plain)
    if by_surname and before in names.first_names:
        by_surname = frozenset()
    by_first = names.short_name(plain)
    if by_first and after is not None and not after.opens and after.plain in names.all_surnames:
        by_first = frozenset()
    return by_surname | by_first
