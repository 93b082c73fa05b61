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
from mailflow.core.policy.rules.sequence import ANY_WORD, Choice, Sequence, Step, sequence_ends
from mailflow.core.policy.rules.word_index import WordIndex, alternate_spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mailflow.core.policy.rules.sequence import Positions
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
    """``anchors``: no match without at least one of these atoms in the mail."""

    number: int
    text: str
    language: str
    sequence: Sequence
    anchors: frozenset[int]


@dataclass
class PhraseBook:
    """Phrases by number. ``lists`` maps (language, name) to its phrases."""

    lists: Mapping[tuple[str, str], tuple[ListEntry, ...]] = field(default_factory=dict)
    index: WordIndex = field(default_factory=WordIndex)
    phrases: list[Phrase] = field(default_factory=list)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _choices: dict[tuple[str, str], Choice] = field(default_factory=dict)
    _interned: dict[tuple[frozenset[int], tuple[Sequence, ...]], Choice] = field(
        default_factory=dict
    )
    _weights: dict[int, int] = field(default_factory=dict)
    _anchored: dict[int, list[tuple[int, frozenset[int]]]] = field(default_factory=dict)

    def add(self, text: str, pieces: tuple[Piece, ...], language: str) -> int:
        """The number of this phrase."""
        number = self._numbers.get((language, text))
        if number is not None:
            return number
        sequence = self._compile(pieces, language)
        anchors = self._anchors(sequence)
        number = self._numbers[language, text] = len(self.phrases)
        self.phrases.append(Phrase(number, text, language, sequence, anchors))
        others = self._second_rarest(sequence, anchors)
        for atom in anchors:
            self._anchored.setdefault(atom, []).append((number, others))
        return number

    def phrases_in(self, positions: Positions, atoms: frozenset[int]) -> dict[int, int]:
        """The phrases that stand in a mail with these atoms: number to ends of their matches.

        Looked up by the rarest word of a phrase; one of the next rarest must be there as well.
        """
        anchored, phrases = self._anchored, self.phrases
        near = [pair for atom in atoms if atom in anchored for pair in anchored[atom]]
        found: dict[int, int] = {}
        for number in {number for number, others in near if not others.isdisjoint(atoms)}:
            ends = sequence_ends(positions, phrases[number].sequence)
            if ends:
                found[number] = ends
        return found

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
            return [atoms[0] if len(atoms) == 1 else Choice(frozenset(atoms))]
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
            return Choice(frozenset())
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
            known = self._interned[content] = Choice(*content, self._anchor_table(content[1]))
        return known

    def _anchor_table(
        self, sequences: tuple[Sequence, ...]
    ) -> dict[int, tuple[tuple[int, frozenset[int]], ...]]:
        table: dict[int, list[tuple[int, frozenset[int]]]] = {}
        for number, sequence in enumerate(sequences):
            anchors = self._anchors(sequence)
            others = self._second_rarest(sequence, anchors)
            for atom in anchors:
                table.setdefault(atom, []).append((number, others))
        return {atom: tuple(entries) for atom, entries in table.items()}

    def _atom(self, piece: WordPiece, language: str) -> int:
        atom = self.index.atom_of(piece, language)
        weight = _COMMON_WEIGHT if piece.word in _COMMON else max(1, 12 - len(piece.word))
        self._weights[atom] = weight
        return atom

    def _anchors(self, sequence: Sequence) -> frozenset[int]:
        """The atoms of the step that the fewest mails will have."""
        options = [self._target_atoms(step.target) for step in sequence]
        return min(
            (atoms for atoms in options if atoms is not None),
            key=lambda atoms: sum(self._weights[atom] for atom in atoms),
            default=frozenset(),
        )

    def _second_rarest(self, sequence: Sequence, anchors: frozenset[int]) -> frozenset[int]:
        options = [self._target_atoms(step.target) for step in sequence]
        return min(
            (atoms for atoms in options if atoms is not None and atoms != anchors),
            key=lambda atoms: sum(self._weights[atom] for atom in atoms),
            default=anchors,
        )

    def _target_atoms(self, target: int | Choice) -> frozenset[int] | None:
        if isinstance(target, int):
            return None if target == ANY_WORD else frozenset((target,))
        return target.atoms | target.anchor_atoms
