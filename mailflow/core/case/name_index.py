"""Names and titles of everybody, looked up by their first words in constant time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.case.name_words import name_words, spellings
from mailflow.core.case.nicknames import NICKNAMES
from mailflow.core.case.title_words import OF_AUTHORITY, OFFICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LONGEST = 6
_Phrase = tuple[str, ...]
_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PersonNames:
    """One person: ``key`` is their first address."""

    key: str
    names: tuple[str, ...]
    title: str | None = None


@dataclass(frozen=True)
class NameIndex:
    """``full`` and ``titles`` are phrases by their length in words and the words themselves;
    ``surnames`` and ``short_names`` hold only what one person alone is called.
    """

    full: Mapping[_Phrase, frozenset[str]]
    titles: Mapping[_Phrase, frozenset[str]]
    surnames: Mapping[str, str]
    short_names: Mapping[str, str]
    first_names: frozenset[str]
    all_surnames: frozenset[str]
    starts: Mapping[str, tuple[int, ...]]

    def full_name_at(self, words: _Phrase, position: int) -> tuple[frozenset[str], int]:
        """Who is named in full from this word on, and how many words that takes."""
        for length in self.starts.get(words[position], ()):
            phrase = words[position : position + length]
            found = self.full.get(phrase) or self.full.get(_without_ending(phrase))
            if found:
                return found, length
        return _NOBODY, 0

    def title_at(self, words: _Phrase, position: int) -> frozenset[str]:
        found: frozenset[str] = _NOBODY
        for length in self.starts.get(words[position], ()):
            found |= self.titles.get(words[position : position + length], _NOBODY)
        return found

    def surname(self, word: str) -> frozenset[str]:
        return _one(self.surnames, word)

    def short_name(self, word: str) -> frozenset[str]:
        return _one(self.short_names, word)


def index_names(people: Iterable[PersonNames]) -> NameIndex:
    """A name of one word stands for nobody in full. Names that two people share are left out of
    what counts alone.
    """
    full: dict[_Phrase, set[str]] = defaultdict(set)
    titles: dict[_Phrase, set[str]] = defaultdict(set)
    surnames: dict[str, set[str]] = defaultdict(set)
    short: dict[str, set[str]] = defaultdict(set)
    for person in people:
        for name in person.names:
            for words in spellings(name):
                _add_name(words, person.key, full, surnames, short)
        for phrase in _title_phrases(person.title or ""):
            titles[phrase].add(person.key)
    lengths: dict[str, set[int]] = defaultdict(set)
    for phrase in (*full, *titles):
        lengths[phrase[0]].add(len(phrase))
    return NameIndex(
        full={phrase: frozenset(keys) for phrase, keys in full.items()},
        titles={phrase: frozenset(keys) for phrase, keys in titles.items()},
        surnames=_alone(surnames),
        short_names=_alone(short),
        first_names=frozenset((*short, *NICKNAMES, *(n for s in NICKNAMES.values() for n in s))),
        all_surnames=frozenset(surnames),
        starts={word: tuple(sorted(found, reverse=True)) for word, found in lengths.items()},
    )


def _add_name(
    words: _Phrase,
    key: str,
    full: dict[_Phrase, set[str]],
    surnames: dict[str, set[str]],
    short: dict[str, set[str]],
) -> None:
    if not 1 < len(words) <= _LONGEST:
        return
    first, *rest = words
    for called in (first, *NICKNAMES.get(first, ())):
        short[called].add(key)
        full[called, *rest].add(key)
        full[*rest, called].add(key)
        # Middle names are mostly left out.
        full[called, words[-1]].add(key)
        full[words[-1], called].add(key)
    surnames[words[-1]].add(key)


def _title_phrases(title: str) -> Iterable[_Phrase]:
    """The title itself, the beginnings of it that name an office, and that office's other names."""
    words = name_words(title)[:_LONGEST]
    beginnings = {words[:length] for length in range(2, len(words) + 1)}
    beginnings = {phrase for phrase in beginnings if OF_AUTHORITY.intersection(phrase)}
    yield from beginnings
    for office in OFFICES:
        if words[:1] in office or beginnings.intersection(office):
            yield from office


def _alone(keys: dict[str, set[str]]) -> dict[str, str]:
    return {word: next(iter(found)) for word, found in keys.items() if len(found) == 1}


def _one(index: Mapping[str, str], word: str) -> frozenset[str]:
    """Also with a genitive's s, which German writes without an apostrophe."""
    found = index.get(word) or index.get(word.removesuffix("s"))
    return frozenset({found}) if found else _NOBODY


def _without_ending(phrase: _Phrase) -> _Phrase:
    return (*phrase[:-1], phrase[-1].removesuffix("s"))
