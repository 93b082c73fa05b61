"""All phrases of a bundle, compiled over one word index. Equal phrases are kept once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.phrase_grammar import (
    STAR_WORDS,
    ChoicePiece,
    GapPiece,
    JoinedPiece,
    ListPiece,
    Piece,
    WordPiece,
)
from mailflow.core.policy.rules.run_index import RunIndex
from mailflow.core.policy.rules.sequence import ANY_WORD, Choice, Sequence, Step
from mailflow.core.policy.rules.word_index import WordIndex, alternate_spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Sequence as Series

    from mailflow.core.policy.rules.token_stream import TokenStream
    from mailflow.located import Place

# Words that stand in most mails make poor anchors.
_COMMON_WORDS = """
a an and are as at be been but by can could did do for from had has have he her him his i if in is
it me my not of on or our she so that the their them they this to us was we were what when will
with work would you your ich du er sie es wir ihr mein meine meinem der die das den dem ein eine
und oder nicht mit auf im zu von ist war hat je tu il elle nous vous le la les un une des et de en
est mon ma mes que qui pas el los las yo mi su se no con por para please hr hello hi dear thanks
thank manager regards
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_COMMON_WEIGHT = 60


@dataclass(frozen=True)
class ListEntry:
    """One phrase of a word list, as written."""

    text: str
    pieces: tuple[Piece, ...]
    place: Place


@dataclass(frozen=True)
class Phrase:
    """One phrase, compiled."""

    number: int
    text: str
    language: str
    sequence: Sequence


@dataclass
class PhraseBook:
    """Phrases by number. ``lists`` maps (language, name) to its phrases.

    ``runs`` are the sequences of several words, whether they are a phrase or part of a list.
    """

    lists: Mapping[tuple[str, str], tuple[ListEntry, ...]] = field(default_factory=dict)
    index: WordIndex = field(default_factory=WordIndex)
    phrases: list[Phrase] = field(default_factory=list)
    runs: list[Sequence] = field(default_factory=list)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _choices: dict[tuple[str, str], Choice] = field(default_factory=dict)
    _interned: dict[tuple[frozenset[int], tuple[Sequence, ...]], Choice] = field(
        default_factory=dict
    )
    _runs: dict[Sequence, int] = field(default_factory=dict)
    _weights: dict[int, int] = field(default_factory=dict)
    _by_atom: dict[int, list[int]] = field(default_factory=dict)
    _by_run: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._run_index = RunIndex(self._weights)

    def add(self, text: str, pieces: tuple[Piece, ...], language: str) -> int:
        """The number of this phrase."""
        number = self._numbers.get((language, text))
        if number is not None:
            return number
        sequence = self._compile(pieces, language)
        number = self._numbers[language, text] = len(self.phrases)
        self.phrases.append(Phrase(number, text, language, sequence))
        target = sequence[0].target
        if len(sequence) > 1 or target == ANY_WORD:
            self._by_run.setdefault(self._run(sequence), []).append(number)
        elif isinstance(target, int):
            self._by_atom.setdefault(target, []).append(number)
        else:
            for atom in target.atoms:
                self._by_atom.setdefault(atom, []).append(number)
            for run in target.runs:
                self._by_run.setdefault(run, []).append(number)
        return number

    def runs_near(
        self, known: Series[tuple[int, tuple[int, ...]]], atoms: frozenset[int]
    ) -> frozenset[int]:
        """The runs of several words that a mail with these atoms at these places may have."""
        return frozenset(self._run_index.runs_near(known, atoms))

    def phrases_in(self, stream: TokenStream) -> frozenset[int]:
        """The numbers of the phrases that stand in a mail."""
        by_atom, by_run = self._by_atom, self._by_run
        found = {n for atom in stream.atoms if atom in by_atom for n in by_atom[atom]}
        for run in stream.runs_near:
            numbers = by_run.get(run)
            if numbers is not None and not found.issuperset(numbers) and stream.run_ends(run):
                found.update(numbers)
        return frozenset(found)

    def list_key(self, name: str, language: str) -> tuple[str, str] | None:
        """A list of the file's own language, else the only one of that name."""
        if (language, name) in self.lists:
            return language, name
        others = [key for key in self.lists if key[1] == name]
        return others[0] if len(others) == 1 else None

    def _compile(self, pieces: tuple[Piece, ...], language: str) -> Sequence:
        steps: list[Step] = []
        low = high = 0
        for place, piece in enumerate(pieces):
            if isinstance(piece, GapPiece):
                if 0 < place < len(pieces) - 1:
                    low, high = piece.low, piece.high
                else:  # a star at an end stands for words that must be there
                    steps.append(Step(ANY_WORD))
                    low, high = 0, STAR_WORDS[1] - STAR_WORDS[0]
                continue
            for target in self._targets(piece, language):
                steps.append(Step(target, low, high))
                low = high = 0
        return tuple(steps)

    def _targets(self, piece: Piece, language: str) -> list[int | Choice]:
        if isinstance(piece, WordPiece):
            atoms = [self._atom(one, language) for one in alternate_spellings(piece, language)]
            return [atoms[0] if len(atoms) == 1 else Choice(frozenset(atoms), {})]
        if isinstance(piece, JoinedPiece):
            return [self._choice([piece.parts, (piece.joined,)], language)]
        if isinstance(piece, ChoicePiece):
            return [self._choice(piece.alternatives, language)]
        if isinstance(piece, ListPiece):
            return [self._list_choice(piece.name, language)]
        return []

    def _list_choice(self, name: str, language: str) -> Choice:
        key = self.list_key(name, language)
        if key is None:
            return Choice(frozenset(), {})
        if key not in self._choices:
            self._choices[key] = self._choice((entry.pieces for entry in self.lists[key]), key[0])
        return self._choices[key]

    def _choice(self, alternatives: Iterable[tuple[Piece, ...]], language: str) -> Choice:
        atoms: set[int] = set()
        sequences: list[Sequence] = []
        for pieces in alternatives:
            sequence = self._compile(pieces, language)
            target = sequence[0].target
            if len(sequence) > 1 or target == ANY_WORD:
                sequences.append(sequence)
            elif isinstance(target, int):
                atoms.add(target)
            else:
                atoms |= target.atoms
                sequences.extend(target.sequences)
        content = (frozenset(atoms), tuple(dict.fromkeys(sequences)))
        known = self._interned.get(content)
        if known is None:
            runs = {self._run(sequence): sequence for sequence in content[1]}
            known = self._interned[content] = Choice(content[0], runs)
        return known

    def _run(self, sequence: Sequence) -> int:
        """The number of a sequence of several words; equal ones have the same."""
        number = self._runs.get(sequence)
        if number is None:
            number = self._runs[sequence] = len(self.runs)
            self.runs.append(sequence)
            self._run_index.add(number, sequence)
        return number

    def _atom(self, piece: WordPiece, language: str) -> int:
        atom = self.index.atom_of(piece, language)
        weight = _COMMON_WEIGHT if piece.word in _COMMON else max(1, 12 - len(piece.word))
        self._weights[atom] = weight
        return atom
