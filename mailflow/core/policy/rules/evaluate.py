"""Does a condition hold for this mail, and which words made it so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.conditions import (
    AddressTest,
    AllOf,
    AnyOf,
    AttachmentTest,
    FactTest,
    Near,
    NoneOf,
    Pattern,
    SameSentence,
    TextTest,
)
from mailflow.core.policy.rules.fact_tests import (
    addresses_match,
    attachments_match,
    fact_matches,
)
from mailflow.core.policy.rules.sequence import (
    covered_words,
    first_start,
    lowest_bit,
    sequence_ends,
)
from mailflow.core.policy.rules.words import without_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.core.policy.rules.conditions import Condition, Term, Wanted
    from mailflow.core.policy.rules.facts import MailFacts
    from mailflow.core.policy.rules.phrase_book import PhraseBook
    from mailflow.core.policy.rules.token_stream import TokenStream

_MOST_HITS_SHOWN = 20


@dataclass(frozen=True)
class Hit:
    """A phrase that counted. ``end`` is the stream position of its last word, None for patterns."""

    field: str
    phrase: str
    number: int | None
    end: int | None = None
    span: tuple[int, int] = (0, 0)


Hits = tuple[Hit, ...]


@dataclass
class Reading:
    """One mail in front of one bundle's phrases.

    ``present`` are the numbers of the phrases anywhere in the mail.
    ``with_forwarded``: a forwarded text counts as new text too. ``ignores_none``: blocks of
    ``none`` are taken as kept.
    """

    facts: MailFacts
    book: PhraseBook
    stream: TokenStream
    present: frozenset[int]
    with_forwarded: bool = False
    ignores_none: bool = False
    masked: list[Hit] = field(default_factory=list)
    _ends: dict[int, int] = field(default_factory=dict)
    _covered: dict[int, int] = field(default_factory=dict)

    def holds(self, condition: Condition) -> Hits | None:
        """The hits that made the condition true (maybe none for facts), or None if it is not."""
        if isinstance(condition, TextTest):
            return self._text_hits(condition)
        if isinstance(condition, AllOf):
            return self._all_hits(condition)
        if isinstance(condition, AnyOf):
            return self._any_hits(condition)
        if isinstance(condition, NoneOf):
            return self._none_hits(condition)
        return () if self._fact_holds(condition) else None

    def count_of(self, test: TextTest) -> int:
        """How many different ones of ``any`` are there, for the explanation of a failure."""
        names = self._field_names(test)
        wanted = test.any
        return self._wanted_hits(wanted, names, self._visible(test, names))[0] if wanted else 0

    def locate(self, hit: Hit) -> tuple[int, int]:
        """[start, end) in code points of the field."""
        if hit.end is None or hit.number is None:
            return hit.span
        start = first_start(self.stream, self.book.phrases[hit.number].sequence, hit.end)
        return self.stream.fields[hit.field].span(start, hit.end)

    def _fact_holds(self, condition: AddressTest | FactTest | AttachmentTest) -> bool:
        if isinstance(condition, AddressTest):
            return addresses_match(condition, self.facts)
        if isinstance(condition, AttachmentTest):
            return attachments_match(condition, self.facts.attachments)
        return fact_matches(condition, self.facts)

    def _all_hits(self, condition: AllOf) -> Hits | None:
        found: list[Hit] = []
        for part in condition.parts:
            hits = self.holds(part)
            if hits is None:
                return None
            found.extend(hits)
        return tuple(found)

    def _any_hits(self, condition: AnyOf) -> Hits | None:
        found: list[Hit] = []
        holds = False
        for part in condition.parts:
            hits = self.holds(part)
            if hits is not None:
                holds = True
                found.extend(hits)
        return tuple(found) if holds else None

    def _none_hits(self, condition: NoneOf) -> Hits | None:
        if self.ignores_none:
            return ()
        return None if any(self.holds(part) is not None for part in condition.parts) else ()

    def _text_hits(self, test: TextTest) -> Hits | None:
        names = self._field_names(test)
        visible = self._visible(test, names)
        found: list[Hit] = []
        if test.any is not None:
            count, hits = self._wanted_hits(test.any, names, visible)
            if count < test.at_least:
                return None
            found.extend(hits)
        for wanted in test.all:
            count, hits = self._wanted_hits(wanted, names, visible)
            if not count:
                return None
            found.extend(hits)
        return tuple(found)

    def _field_names(self, test: TextTest) -> tuple[str, ...]:
        names = test.fields
        if self.with_forwarded and "text" in names:
            names = (*names, "forwarded")
        return tuple(name for name in names if name in self.stream.fields)

    def _visible(self, test: TextTest, names: tuple[str, ...]) -> int:
        """All words but those of the masks; -1 has every bit set."""
        hidden = 0
        for number in test.but_not & self.present:
            sequence = self.book.phrases[number].sequence
            ends = self._phrase_ends(number, -1)
            covered = self._covered.get(number)
            if covered is None:
                covered = self._covered[number] = covered_words(self.stream, sequence, ends=ends)
            hidden |= covered
            self.masked.extend(self._every_hit(number, ends, names))
        return ~hidden

    def _wanted_hits(
        self, wanted: Wanted, names: tuple[str, ...], visible: int
    ) -> tuple[int, list[Hit]]:
        """How many different phrases and terms are there, and their first hits."""
        count, found = 0, []
        for number in sorted(wanted.phrases & self.present):
            hits = self._hits_in(number, self._phrase_ends(number, visible), names)[:1]
            count += len(hits)
            found.extend(hits)
        for term in wanted.terms:
            hits = self._term_hits(term, names, visible)
            count += bool(hits)
            found.extend(hits)
        return count, found

    def _phrase_ends(self, number: int, visible: int) -> int:
        """The last words of the matches of a phrase that is present."""
        if visible != -1:
            sequence = self.book.phrases[number].sequence
            return sequence_ends(self.stream, sequence, visible=visible)
        ends = self._ends.get(number)
        if ends is None:
            ends = sequence_ends(self.stream, self.book.phrases[number].sequence)
            self._ends[number] = ends
        return ends

    def _hits_in(self, number: int, ends: int, names: tuple[str, ...]) -> list[Hit]:
        """The first hit of the phrase in each of the fields."""
        if not ends:
            return []
        found = []
        for name in names:
            inside = ends & self.stream.fields[name].bits
            if inside:
                text = self.book.phrases[number].text
                found.append(Hit(name, text, number, lowest_bit(inside)))
        return found

    def _every_hit(self, number: int, ends: int, names: tuple[str, ...]) -> Iterator[Hit]:
        """The hits of the phrase in these fields, as many as anybody wants to read."""
        text = self.book.phrases[number].text
        for name in names:
            inside = ends & self.stream.fields[name].bits
            for _ in range(_MOST_HITS_SHOWN):
                if not inside:
                    break
                yield Hit(name, text, number, lowest_bit(inside))
                inside &= inside - 1

    def _term_hits(self, term: Term, names: tuple[str, ...], visible: int) -> list[Hit]:
        for name in names:
            if isinstance(term, Pattern):
                match = term.compiled.search(without_surrogates(self.stream.fields[name].text))
                if match is not None:
                    return [Hit(name, term.source, None, span=match.span())]
                continue
            region = self._region(term, name, visible)
            if region:
                return self._group_hits(term.groups, name, region & visible)
        return []

    def _region(self, term: Near | SameSentence, name: str, visible: int) -> int:
        """The words of the first window or sentence that has a phrase of every group."""
        inside = self.stream.fields[name].bits
        together = inside
        for group in term.groups:
            ends = 0
            for number in group & self.present:
                ends |= self._phrase_ends(number, visible)
            if not ends & inside:
                return 0
            ends &= inside
            if isinstance(term, SameSentence):
                together &= self.stream.same_sentences(ends)
            else:
                together &= _windows_with(ends, term.within)
        if isinstance(term, SameSentence):
            for number in term.without & self.present:
                together &= ~self.stream.same_sentences(self._phrase_ends(number, visible))
            return self.stream.same_sentences(together & -together)
        first = lowest_bit(together)
        return ((1 << term.within) - 1) << first if together else 0

    def _group_hits(self, groups: tuple[frozenset[int], ...], name: str, region: int) -> list[Hit]:
        found: list[Hit] = []
        for group in groups:
            for number in sorted(group & self.present):
                hits = self._hits_in(number, self._phrase_ends(number, -1) & region, (name,))
                if hits:
                    found.extend(hits)
                    break
        return found


def _windows_with(ends: int, within: int) -> int:
    """First words of all windows of ``within`` words that hold one of ``ends``."""
    windows, width = ends, 1
    while width < within:
        step = min(width, within - width)
        windows |= windows >> step
        width += step
    return windows
