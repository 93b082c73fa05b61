"""The words of one mail, field after field, and where the atoms of the rules stand in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.sequence import ChoiceTable, sequence_ends
from mailflow.core.policy.rules.word_index import Budget
from mailflow.core.policy.rules.words import split_words, word_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mailflow.core.policy.rules.phrase_book import PhraseBook
    from mailflow.core.policy.rules.sequence import Choice, Sequence

# No gap of a phrase is this wide, so no match reaches from one field into the next.
_WORDS_BETWEEN_FIELDS = 32
_SHORT_TEXT = 2048
_SENTENCE_END = re.compile(r"[.!?;\u2026]+(?=\s|$)|\n[ \t]*(?=[\n*\-\u2022])")
_ABBREVIATED = "mr mrs ms dr st prof no nr vs etc approx dept bzw usw ca vgl fr mme mlle sr sra"
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())


@dataclass(frozen=True)
class FieldWords:
    """A field's words are the positions ``start`` up to ``end`` of the stream."""

    name: str
    text: str
    start: int
    end: int

    @cached_property
    def bits(self) -> int:
        return (1 << self.end) - (1 << self.start)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        return word_spans(self.text)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """[start, end) in code points of the field, of the words at these stream positions."""
        return self.spans[first - self.start][0], self.spans[last - self.start][1]


class TokenStream:
    """Built once a mail. Sets of positions are integers, bit i for word i."""

    def __init__(self, book: PhraseBook, fields: Mapping[str, str]) -> None:
        budget = Budget()
        self.fields: dict[str, FieldWords] = {}
        self._book = book
        self._choices: dict[Choice, int] = {}
        self._tables: dict[Choice, ChoiceTable] = {}
        self._run_ends: dict[int, int] = {}
        self._bits: dict[int, int] = {}
        self._known: list[tuple[int, tuple[int, ...]]] = []
        start = 0
        for name, text in fields.items():
            words = split_words(text)
            self._add_words(words, start, budget)
            end = start + len(words)
            self.fields[name] = FieldWords(name, text, start, end)
            start = end + _WORDS_BETWEEN_FIELDS
        self.is_incomplete = budget.is_spent
        self._length = start

    @cached_property
    def atoms(self) -> frozenset[int]:
        """The atoms that stand anywhere in the mail."""
        return frozenset(self._bits)

    @cached_property
    def runs_near(self) -> frozenset[int]:
        """The runs of the book that may stand in the mail; all others do not."""
        return self._book.runs_near(self._known, self.atoms)

    def run_ends(self, number: int) -> int:
        """The last words of the matches of a run, anywhere in the mail."""
        ends = self._run_ends.get(number)
        if ends is None:
            ends = sequence_ends(self, self._book.runs[number])
            self._run_ends[number] = ends
        return ends

    def atom_bits(self, atom: int) -> int:
        return self._bits.get(atom, 0)

    def _add_words(self, words: list[str], start: int, budget: Budget) -> None:
        index = self._book.index
        try:
            atoms = list(map(index.known_words().__getitem__, words))
        except KeyError:
            atoms = [index.atoms_in(word, budget) for word in words]
        known = list(compress(enumerate(atoms, start), atoms))
        self._known += known
        if len(words) < _SHORT_TEXT:
            self._set_bits(known)
        else:
            self._set_many_bits(known, start, len(words))

    def _set_bits(self, known: list[tuple[int, tuple[int, ...]]]) -> None:
        bits = self._bits
        for place, atoms in known:
            for atom in atoms:
                if atom in bits:
                    bits[atom] |= 1 << place
                else:
                    bits[atom] = 1 << place

    def _set_many_bits(
        self, known: list[tuple[int, tuple[int, ...]]], start: int, length: int
    ) -> None:
        """The same for long texts, where setting one bit would copy a long integer each time."""
        places: dict[int, list[int]] = {}
        for place, atoms in known:
            for atom in atoms:
                if atom in places:
                    places[atom].append(place - start)
                else:
                    places[atom] = [place - start]
        for atom, of_atom in places.items():
            bits = _bits_of(of_atom, length) << start
            self._bits[atom] = self._bits.get(atom, 0) | bits

    def choice_bits(self, choice: Choice) -> int:
        bits = self._choices.get(choice)
        if bits is None:
            bits = 0
            for atom in choice.atoms & self.atoms:
                bits |= self.atom_bits(atom)
            self._choices[choice] = bits
        return bits

    def choice_table(self, choice: Choice) -> ChoiceTable:
        found = self._tables.get(choice)
        if found is None:
            found = self._tables[choice] = self._read_choice(choice)
        return found

    def _read_choice(self, choice: Choice) -> ChoiceTable:
        by_length = {1: self.choice_bits(choice)}
        variable: list[Sequence] = []
        found: list[Sequence] = []
        for number in choice.run_numbers & self.runs_near:
            length = choice.lengths[number]
            if not length:
                variable.append(choice.runs[number])
                continue
            bits = self.run_ends(number)
            if bits:
                found.append(choice.runs[number])
                by_length[length] = by_length.get(length, 0) | bits
        ends = tuple((length, bits) for length, bits in by_length.items() if bits)
        return ChoiceTable(ends, tuple(variable), (*variable, *found))

    @cached_property
    def words(self) -> int:
        bits = 0
        for field in self.fields.values():
            bits |= field.bits
        return bits

    def same_sentences(self, bits: int) -> int:
        """All words of the sentences that have one of these words."""
        for distance, joined in self._sentence_joins:
            bits |= ((bits << distance) & joined) | ((bits & joined) >> distance)
        return bits

    @cached_property
    def _sentence_joins(self) -> tuple[tuple[int, int], ...]:
        """(k, words that share a sentence with the k words before them), k doubling."""
        joined = self.words
        for field in self.fields.values():
            joined &= ~_bits_of(_sentence_starts(field), self._length)
        joins = []
        distance = 1
        while joined:
            joins.append((distance, joined))
            joined &= joined << distance
            distance *= 2
        return tuple(joins)


def _bits_of(places: Iterable[int], length: int) -> int:
    octets = bytearray(length // 8 + 1)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, "little")


def _sentence_starts(field: FieldWords) -> list[int]:
    if field.start == field.end:
        return []
    starts = [field.start]
    begins = [span[0] for span in field.spans]
    for stop in _SENTENCE_END.finditer(field.text):
        place = bisect_left(begins, stop.start())
        if place == len(begins) or (stop.group() == "." and _is_abbreviation(field, place)):
            continue
        if place:
            starts.append(field.start + place)
    return starts


def _is_abbreviation(field: FieldWords, place: int) -> bool:
    if place == 0:
        return False
    start, end = field.spans[place - 1]
    word = field.text[start:end].lower()
    return word in _ABBREVIATIONS or (len(word) == 1 and word != "i")
