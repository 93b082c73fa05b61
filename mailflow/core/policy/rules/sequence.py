"""A phrase as steps over a stream of words, matched with sets of positions held as integers.

Bit i of an integer stands for word i. One shift moves all candidates on by a word, so the cost of
a phrase depends on its own length and not on how often a hostile text nearly matches it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ANY_WORD = -1


@dataclass(frozen=True, eq=False)
class Choice:
    """One of several: ``atoms`` for single words, ``runs`` for longer alternatives, by number."""

    atoms: frozenset[int]
    runs: Mapping[int, Sequence]

    @property
    def sequences(self) -> Iterable[Sequence]:
        return self.runs.values()

    @cached_property
    def run_numbers(self) -> frozenset[int]:
        # A set of its own: Python walks the longer side when it intersects the keys of a dict.
        return frozenset(self.runs)

    @cached_property
    def lengths(self) -> Mapping[int, int]:
        """The words that each of ``runs`` spans, 0 where matches differ."""
        return {number: _fixed_length(sequence) for number, sequence in self.runs.items()}

    @cached_property
    def width(self) -> int:
        """The most words that an alternative can span."""
        return max((1, *(sequence_width(sequence) for sequence in self.sequences)))

    @cached_property
    def length(self) -> int:
        """The words that every alternative spans, 0 when they differ."""
        lengths = set(self.lengths.values()) | ({1} if self.atoms else set())
        return lengths.pop() if len(lengths) == 1 else 0


class Step(NamedTuple):
    """``low`` to ``high`` other words, then the target: an atom, ANY_WORD, or a choice."""

    target: int | Choice
    low: int = 0
    high: int = 0


Sequence = tuple[Step, ...]


class Positions(Protocol):
    """Where atoms stand. ``words`` has a bit for every real word."""

    @property
    def words(self) -> int: ...

    def atom_bits(self, atom: int) -> int: ...

    def choice_bits(self, choice: Choice) -> int:
        """Where the single words of the choice stand."""
        ...

    def choice_table(self, choice: Choice) -> ChoiceTable: ...


class ChoiceTable(NamedTuple):
    """What of a choice a mail may have.

    ``ends`` are (words spanned, last words) of all matches of the alternatives of fixed length,
    ``variable`` the other sequences, ``possible`` all of them.
    """

    ends: tuple[tuple[int, int], ...]
    variable: tuple[Sequence, ...]
    possible: tuple[Sequence, ...]


def sequence_ends(
    positions: Positions, sequence: Sequence, *, starts: int = -1, visible: int = -1
) -> int:
    """The positions of last words of matches that begin in ``starts``; only ``visible`` count."""
    ends = 0
    moved = starts
    for target, low, high in sequence:
        if ends:
            moved = ends << 1 if high == 0 else _moved(ends, low, high)
        if isinstance(target, int):
            bits = positions.words if target == ANY_WORD else positions.atom_bits(target)
            ends = bits & moved & visible
        else:
            ends = _choice_ends(positions, target, starts=moved, visible=visible)
        if not ends:
            return 0
    return ends


def first_start(positions: Positions, sequence: Sequence, end: int) -> int:
    """The latest first word of a match that ends at word ``end`` (so the shortest match)."""
    for start in range(end, max(end - sequence_width(sequence), 0) - 1, -1):
        if sequence_ends(positions, sequence, starts=1 << start) >> end & 1:
            return start
    return end


def covered_words(
    positions: Positions, sequence: Sequence, *, starts: int = -1, ends: int = -1
) -> int:
    """All words that lie inside some match, the skipped ones between too."""
    return _cover(positions, sequence, starts, ends)[0]


def sequence_width(sequence: Sequence) -> int:
    """The most words that a match can span."""
    return sum(step.high + _target_width(step.target) for step in sequence)


def lowest_bit(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _moved(ends: int, low: int, high: int) -> int:
    """``ends`` moved on by each of low + 1 to high + 1 words, doubling what is covered."""
    moved, width, wanted = ends << (low + 1), 1, high - low + 1
    while width < wanted:
        step = min(width, wanted - width)
        moved |= moved << step
        width += step
    return moved


def _move_back(starts: int, step: Step) -> int:
    moved = 0
    for distance in range(step.low + 1, step.high + 2):
        moved |= starts >> distance
    return moved


def _target_ends(positions: Positions, target: int | Choice, *, starts: int) -> int:
    if isinstance(target, int):
        bits = positions.words if target == ANY_WORD else positions.atom_bits(target)
        return bits & starts
    return _choice_ends(positions, target, starts=starts, visible=-1)


def _choice_ends(positions: Positions, choice: Choice, *, starts: int, visible: int) -> int:
    if not choice.runs:
        return positions.choice_bits(choice) & starts & visible
    table = positions.choice_table(choice)
    ends = 0
    if visible == -1:
        for length, stops in table.ends:
            ends |= (starts << (length - 1)) & stops
        remaining = table.variable
    else:  # some words are blanked: what was found in the whole text does not hold
        ends = positions.choice_bits(choice) & starts & visible
        remaining = table.possible
    for sequence in remaining:
        ends |= sequence_ends(positions, sequence, starts=starts, visible=visible)
    return ends


def _fixed_length(sequence: Sequence) -> int:
    total = 0
    for step in sequence:
        length = 1 if isinstance(step.target, int) else step.target.length
        if step.low != step.high or not length:
            return 0
        total += step.low + length
    return total


def _target_width(target: int | Choice) -> int:
    return 1 if isinstance(target, int) else target.width


def _cover(positions: Positions, sequence: Sequence, starts: int, ends: int) -> tuple[int, int]:
    """(covered words, first words used) of the matches between ``starts`` and ``ends``."""
    reached: list[tuple[int, int]] = []
    allowed = starts
    for step in sequence:
        if reached:
            allowed = _moved(reached[-1][1], step.low, step.high)
        reached.append((allowed, _target_ends(positions, step.target, starts=allowed)))
    covered, wanted = 0, ends
    for place in range(len(sequence) - 1, -1, -1):
        step = sequence[place]
        allowed, stops = reached[place]
        inside, begins = _cover_target(positions, step.target, allowed, stops & wanted)
        covered |= inside
        if place == 0:
            return covered, begins
        wanted = _move_back(begins, step)
        covered |= _skipped_words(reached[place - 1][1] & wanted, begins, step)
    return covered, 0


def _cover_target(
    positions: Positions, target: int | Choice, starts: int, ends: int
) -> tuple[int, int]:
    if isinstance(target, int):
        return ends, ends
    single = positions.choice_bits(target) & starts & ends
    covered = begins = single
    for sequence in positions.choice_table(target).possible:
        inside, firsts = _cover(positions, sequence, starts, ends)
        covered |= inside
        begins |= firsts
    return covered, begins


def _skipped_words(left: int, right: int, step: Step) -> int:
    """Words between a left end and a right begin that the step may have skipped."""
    between = 0
    for before in range(1, step.high + 1):
        for after in range(1, step.high + 2 - before):
            between |= (left << before) & (right >> after)
    return between
