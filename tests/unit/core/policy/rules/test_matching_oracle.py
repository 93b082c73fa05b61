"""The matcher against one that tries everything, and against texts made to slow it down."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.core.policy.rules.phrase_book import ListEntry, PhraseBook
from mailflow.core.policy.rules.phrase_grammar import (
    ChoicePiece,
    GapPiece,
    JoinedPiece,
    ListPiece,
    Piece,
    WordPiece,
    parse_phrase,
)
from mailflow.core.policy.rules.sequence import covered_words, first_start, sequence_ends
from mailflow.core.policy.rules.token_stream import TokenStream
from mailflow.located import Place
from tests.unit.core.policy.rules.sample_rules import ask, build

WORDS = st.sampled_from(["ba", "co", "de"])
ATOMS = st.one_of(
    WORDS,
    st.just("<list>"),
    st.builds(lambda one, two: f"({one}|{two} {one})", WORDS, WORDS),
)
LIST = ("ba", "co de")


@st.composite
def phrases(draw: st.DrawFn) -> str:
    parts = [draw(ATOMS)]
    for _ in range(draw(st.integers(0, 3))):
        parts += [draw(st.sampled_from(["", "...", "*"])), draw(ATOMS)]
    return " ".join(part for part in parts if part)


def every_match(pieces: tuple[Piece, ...], words: list[str], start: int) -> set[int]:
    """The ends (exclusive) of all matches that begin at this word."""
    if not pieces:
        return {start}
    first, rest = pieces[0], pieces[1:]
    found: set[int] = set()
    for end in _piece_ends(first, words, start):
        found |= every_match(rest, words, end)
    return found


def _piece_ends(piece: Piece, words: list[str], start: int) -> set[int]:
    if isinstance(piece, GapPiece):
        return {start + n for n in range(piece.low, piece.high + 1) if start + n <= len(words)}
    if isinstance(piece, WordPiece):
        return {start + 1} if start < len(words) and words[start] == piece.word else set()
    if isinstance(piece, ListPiece):
        alternatives = [_parsed(text) for text in LIST]
    else:
        assert isinstance(piece, ChoicePiece)
        alternatives = list(piece.alternatives)
    return set().union(*(every_match(one, words, start) for one in alternatives))


def _parsed(text: str) -> tuple[Piece, ...]:
    pieces = parse_phrase(text)
    assert isinstance(pieces, tuple)
    assert not any(isinstance(piece, JoinedPiece) for piece in pieces)
    return pieces


@settings(deadline=None, max_examples=300)
@given(phrase=phrases(), words=st.lists(st.sampled_from(["ba", "co", "de", "x"]), max_size=14))
def test_all_matches_are_found_and_nothing_else(phrase: str, words: list[str]) -> None:
    place = Place("a.yaml", 1, 1)
    entries = tuple(ListEntry(text, _parsed(text), place) for text in LIST)
    book = PhraseBook({("en", "list"): entries})
    pieces = _parsed(phrase)
    sequence = book.phrases[book.add(phrase, pieces, "en")].sequence
    stream = TokenStream(book, {"text": " ".join(words)})
    matches = {
        (start, end) for start in range(len(words)) for end in every_match(pieces, words, start)
    }
    ends = sequence_ends(stream, sequence)
    assert {n for n in range(len(words)) if ends >> n & 1} == {end - 1 for _, end in matches}
    covered = covered_words(stream, sequence, ends=ends)
    expected = {n for start, end in matches for n in range(start, end)}
    assert {n for n in range(len(words)) if covered >> n & 1} == expected
    for _, end in matches:
        latest = max(start for start, other in matches if other == end)
        assert first_start(stream, sequence, end - 1) == latest


@settings(deadline=None, max_examples=150)
@given(
    words=st.lists(st.sampled_from(["ba", "co", "x", "y"]), max_size=20),
    within=st.integers(1, 6),
)
def test_near_agrees_with_looking_at_every_window(words: list[str], within: int) -> None:
    rule = (
        "  - id: near\n    category: leave\n"
        f"    when: {{text: {{near: {{within: {within}, all: [[ba], [co]]}}}}}}\n"
    )
    windows = [set(words[at : at + within]) for at in range(len(words))]
    expected = any({"ba", "co"} <= window for window in windows)
    assert ("near" in ask(build(rule), " ".join(words)).rules) is expected


@pytest.mark.parametrize(
    "text",
    [
        "my manager keeps on " * 11_000,
        "harass " * 30_000,
        " ".join(f"harass{n:x}" for n in range(20_000)),
        "a" * 220_000,
        "\n" * 220_000,
        "." * 220_000,
        "I hurt " * 31_000,
        "\u0301" * 220_000,
    ],
    ids=["near matches", "one word", "new words", "long word", "lines", "stops", "hits", "marks"],
)
def test_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    rules = """
  - {id: a, category: leave, when: {text: [my manager ... yell~, harass~ ... me, "* court"]}}
  - {id: b, category: leave, when: {text: {same_sentence: [[I, me], [hurt~]]}}}
  - {id: c, category: leave, when: {text: {near: {within: 50, all: [[I], [court]]}}}}
  - {id: d, category: leave, when: {text: {any: [hurt], but_not: ["I hurt ... I"]}}}
"""
    bundle = build(rules)
    ask(bundle, "warm")
    started = time.process_time()  # its own processor time: neighbours do not count
    ask(bundle, text)
    assert time.process_time() - started < 1.0


def test_too_many_words_to_stem_send_the_mail_to_triage() -> None:
    text = "annual leave " + " ".join(f"harass{n:x}" for n in range(10_000))
    assert ask(build(), text).category == "triage"
