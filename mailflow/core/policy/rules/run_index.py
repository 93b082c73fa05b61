"""Which runs of several words a mail may have, looked up by two words that stand side by side.

That two rare words are in a mail says little once the lists are long; that one follows the other
leaves hardly any run to try that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.sequence import ANY_WORD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence as Series

    from mailflow.core.policy.rules.sequence import Choice, Sequence

# A step may stand for hundreds of words. More pairs than this are not written out: such a run is
# looked up by words that stand anywhere in the mail.
_MOST_PAIRS = 2000

Atoms = frozenset[int]


@dataclass
class RunIndex:
    """Runs by number. ``weights`` says for an atom how often mails have it, roughly."""

    weights: Mapping[int, int]
    _pairs: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    _anchored: dict[int, list[tuple[int, Atoms]]] = field(default_factory=dict)
    _first: dict[Choice, Atoms | None] = field(default_factory=dict)
    _last: dict[Choice, Atoms | None] = field(default_factory=dict)
    _any: dict[Choice, Atoms] = field(default_factory=dict)

    def add(self, number: int, sequence: Sequence) -> None:
        pair = self._rarest_pair(sequence)
        if pair is None:
            self._anchor(number, sequence)
            return
        left, right = pair
        for atom in left:
            following = self._pairs.setdefault(atom, {})
            for other in right:
                following.setdefault(other, []).append(number)

    def runs_near(self, known: Series[tuple[int, tuple[int, ...]]], atoms: Atoms) -> set[int]:
        """The runs of which two words stand in the mail as they do in the run, and those without
        such a pair of which two words are there at all. ``known`` are the words that have atoms,
        each with its place, in the order of the mail.
        """
        pairs = self._pairs
        near: set[int] = set()
        neighbours = {
            (left, right)
            for (place, left), (following_place, right) in pairwise(known)
            if following_place == place + 1
        }
        for left, right in neighbours:
            for atom in left:
                following = pairs.get(atom)
                if following is not None:
                    for other in right:
                        if other in following:
                            near.update(following[other])
        anchored = self._anchored
        for atom in atoms:
            if atom in anchored:
                near.update(n for n, others in anchored[atom] if not others.isdisjoint(atoms))
        return near

    def _rarest_pair(self, sequence: Sequence) -> tuple[Atoms, Atoms] | None:
        """The last words of a step and the first ones of the next that the fewest mails have."""
        found: list[tuple[int, Atoms, Atoms]] = []
        for step, following in pairwise(sequence):
            if following.high:
                continue
            left = self._edge(step.target, self._last, place=-1)
            right = self._edge(following.target, self._first, place=0)
            if left is None or right is None or len(left) * len(right) > _MOST_PAIRS:
                continue
            found.append((self._weight(left) * self._weight(right), left, right))
        return min(found, key=lambda one: one[0])[1:] if found else None

    def _anchor(self, number: int, sequence: Sequence) -> None:
        """By the atoms of the step that the fewest mails will have, and of the next rarest."""
        options = [self._members(step.target) for step in sequence]
        known = sorted((one for one in options if one is not None), key=self._weight)
        if known:
            others = next((one for one in known if one != known[0]), known[0])
            for atom in known[0]:
                self._anchored.setdefault(atom, []).append((number, others))

    def _edge(
        self, target: int | Choice, known: dict[Choice, Atoms | None], *, place: int
    ) -> Atoms | None:
        """The atoms that the first (place 0) or last (place -1) word of the target may be; None
        where it may be any word.
        """
        if isinstance(target, int):
            return None if target == ANY_WORD else frozenset((target,))
        if target not in known:
            edges = [self._edge(run[place].target, known, place=place) for run in target.sequences]
            found = [edge for edge in edges if edge is not None]
            known[target] = target.atoms.union(*found) if len(found) == len(edges) else None
        return known[target]

    def _members(self, target: int | Choice) -> Atoms | None:
        """Atoms of which a match of the target has one; None where it may be any word."""
        if isinstance(target, int):
            return None if target == ANY_WORD else frozenset((target,))
        if target not in self._any:
            # An alternative of any words alone has no rarest step, and is never looked for.
            rarest = (self._rarest_step(run) for run in target.sequences)
            self._any[target] = target.atoms.union(*(one for one in rarest if one is not None))
        return self._any[target]

    def _rarest_step(self, sequence: Sequence) -> Atoms | None:
        options = [self._members(step.target) for step in sequence]
        return min((one for one in options if one is not None), key=self._weight, default=None)

    def _weight(self, atoms: Atoms) -> int:
        return sum(map(self.weights.__getitem__, atoms))
