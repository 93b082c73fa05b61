"""The grammar of one phrase: text to pieces. What a word matches is decided in word_index.py.

pay slip            these words, one after the other; case, accents and line breaks do not count
injur*              a word that starts so
bully~              any form of the word, in the language of the file
my manager ... yell~    up to 5 words between
take * to court     1 to 3 words between
<person> ... <touch>    words of a named list; lists may be combined in one phrase
(he|she|they) keeps     one of these
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from mailflow.core.policy.rules.words import lower_word, split_words

MOST_WORDS_IN_GAP = 5
STAR_WORDS = (1, 3)

_CHUNK = re.compile(r"\([^()|]*\|[^()]*\)|<[A-Za-z0-9_-]+>|[^\s()<>]+")
_JOINERS = frozenset("'\u2019\u2018\u02bc-\u2010\u2011")


class Form(StrEnum):
    EXACT = "exact"
    PREFIX = "prefix"
    STEM = "stem"


@dataclass(frozen=True)
class WordPiece:
    """One word in lower case, accents kept."""

    word: str
    form: Form


@dataclass(frozen=True)
class JoinedPiece:
    """Parts that people also write as one word: can't and cant, co-worker and coworker."""

    parts: tuple[WordPiece, ...]
    joined: WordPiece


@dataclass(frozen=True)
class GapPiece:
    low: int
    high: int


@dataclass(frozen=True)
class ListPiece:
    name: str


@dataclass(frozen=True)
class ChoicePiece:
    alternatives: tuple[tuple[Piece, ...], ...]


Piece = WordPiece | JoinedPiece | GapPiece | ListPiece | ChoicePiece


@dataclass(frozen=True)
class PhraseProblem:
    code: str
    message: str


def parse_phrase(text: str) -> tuple[Piece, ...] | PhraseProblem:
    """The pieces of a phrase, or what is wrong with it."""
    pieces: list[Piece] = []
    for chunk in _CHUNK.findall(text.replace("...", " \u2026 ").replace("\u2026", " \u2026 ")):
        piece = _read_chunk(chunk)
        if isinstance(piece, PhraseProblem):
            return piece
        pieces.extend(piece)
    if not any(not isinstance(piece, GapPiece) for piece in pieces):
        return PhraseProblem("phrase", f'"{text}" has no word to look for')
    for edge in (pieces[0], pieces[-1]):
        if isinstance(edge, GapPiece) and edge.low == 0:
            return PhraseProblem("phrase", '"..." stands between two words, not at an end')
    if any(
        isinstance(one, GapPiece) and isinstance(two, GapPiece) for one, two in pairwise(pieces)
    ):
        return PhraseProblem("phrase", 'two gaps in a row ("..." or "*"): write one')
    return tuple(pieces)


def count_letters(pieces: tuple[Piece, ...]) -> int:
    """Letters that must be there; a list or choice counts as enough, Han and kana as two each."""
    total = 0
    for piece in pieces:
        if isinstance(piece, ListPiece | ChoicePiece):
            return 99
        if isinstance(piece, WordPiece):
            total += sum(2 if c >= "\u3040" else 1 for c in piece.word)
        if isinstance(piece, JoinedPiece):
            total += len(piece.joined.word)
    return total


def _read_chunk(chunk: str) -> list[Piece] | PhraseProblem:
    if chunk == "\u2026":
        return [GapPiece(0, MOST_WORDS_IN_GAP)]
    if chunk == "*":
        return [GapPiece(*STAR_WORDS)]
    if chunk.startswith("<"):
        return [ListPiece(chunk[1:-1])]
    if chunk.startswith("("):
        return _read_choice(chunk[1:-1].split("|"))
    return _read_words(chunk)


def _read_choice(texts: list[str]) -> list[Piece] | PhraseProblem:
    alternatives: list[tuple[Piece, ...]] = []
    for text in texts:
        pieces = parse_phrase(text)
        if isinstance(pieces, PhraseProblem):
            return pieces
        alternatives.append(pieces)
    return [ChoicePiece(tuple(alternatives))]


def _read_words(chunk: str) -> list[Piece] | PhraseProblem:
    core, form = chunk, Form.EXACT
    if chunk[-1] in "*~":
        core, form = chunk[:-1], Form.PREFIX if chunk[-1] == "*" else Form.STEM
    if "*" in core or "~" in core:
        return PhraseProblem("phrase", f'in "{chunk}" the "*" or "~" must stand at the word\'s end')
    words = [lower_word(word) for word in split_words(core)]
    if not words:
        return []
    parts = tuple(
        WordPiece(word, form if place == len(words) else Form.EXACT)
        for place, word in enumerate(words, start=1)
    )
    signs = {c for c in core if not c.isalnum()}
    if len(parts) > 1 and signs <= _JOINERS:
        return [JoinedPiece(parts, WordPiece("".join(words), form))]
    return list(parts)
