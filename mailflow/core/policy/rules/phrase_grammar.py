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

_CHUNK = re.compile(
    r"\([^()]*\)\?|\([^()|]*\|[^()]*\)|<[A-Za-z0-9_-]+>|[^\s()<>]+(?:\([^\s()|]*\))?[^\s()<>]*"
)
_QUESTION_IN_WORD = re.compile(r"\w-?\?\w|\w\([^\s()]*\)\?")
MOST_OPTIONAL = 4
_ENOUGH_LETTERS = 99
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


@dataclass(frozen=True)
class OptionalPiece:
    """Only while parsing: a phrase with optional parts becomes a choice of phrases."""

    alternatives: tuple[tuple[Piece, ...], ...]


Piece = WordPiece | JoinedPiece | GapPiece | ListPiece | ChoicePiece | OptionalPiece


@dataclass(frozen=True)
class PhraseProblem:
    code: str
    message: str


def parse_phrase(text: str) -> tuple[Piece, ...] | PhraseProblem:
    """The pieces of a phrase, or what is wrong with it."""
    plain = text.split()
    if all(map(str.isalnum, plain)):  # most phrases: no sign to look for, which takes half the time
        words = [lower_word(word) for part in plain for word in split_words(part)]
        if words:
            return tuple(WordPiece(word, Form.EXACT) for word in words)
    spaced = text.replace("...", " \u2026 ").replace("\u2026", " \u2026 ")
    problem = _find_slip(spaced)
    if problem is not None:
        return problem
    pieces: list[Piece] = []
    for chunk in _CHUNK.findall(spaced):
        piece = _read_chunk(chunk)
        if isinstance(piece, PhraseProblem):
            return piece
        pieces.extend(piece)
    optional = sum(isinstance(piece, OptionalPiece) for piece in pieces)
    if optional > MOST_OPTIONAL:
        return PhraseProblem("phrase", f"a phrase may have {MOST_OPTIONAL} optional parts at most")
    variants = _without_optional(tuple(pieces))
    for variant in variants:
        problem = _find_gap_slip(text, variant)
        if problem is not None:
            return problem
    return variants[0] if len(variants) == 1 else (ChoicePiece(variants),)


def _find_slip(text: str) -> PhraseProblem | None:
    """Signs that other languages of patterns have, and that would silently mean nothing here."""
    if _QUESTION_IN_WORD.search(text):
        return PhraseProblem("phrase", f'in "{text}": an optional word is written (word)?')
    for match in _CHUNK.finditer(text):
        if match.group()[0] not in "(<":
            continue
        shown, inside = match.group(), match.group().rstrip("?")[1:-1]
        before = "" if inside.startswith(" ") else text[max(match.start() - 1, 0) : match.start()]
        after = "" if inside.endswith(" ") else text[match.end() : match.end() + 1]
        if any(c.isalnum() or c in "*~" for c in before + after):
            message = f'"{shown}" stands for whole words: put spaces around it'
            return PhraseProblem("phrase", message)
    return None


def _find_gap_slip(text: str, pieces: tuple[Piece, ...]) -> PhraseProblem | None:
    if all(isinstance(piece, GapPiece) for piece in pieces):
        return PhraseProblem("phrase", f'"{text}" has no word to look for')
    for edge in (pieces[0], pieces[-1]):
        if isinstance(edge, GapPiece) and edge.low == 0:
            return PhraseProblem("phrase", '"..." stands between two words, not at an end')
    if any(isinstance(a, GapPiece) and isinstance(b, GapPiece) for a, b in pairwise(pieces)):
        return PhraseProblem("phrase", 'two gaps in a row ("..." or "*"): write one')
    return None


def _without_optional(pieces: tuple[Piece, ...]) -> tuple[tuple[Piece, ...], ...]:
    """The phrase with and without each of its optional parts."""
    for place, piece in enumerate(pieces):
        if isinstance(piece, OptionalPiece):
            before, after = pieces[:place], pieces[place + 1 :]
            choice = ChoicePiece(piece.alternatives)
            filled = (*before, choice, *after)
            return (*_without_optional(filled), *_without_optional((*before, *after)))
    return (pieces,)


def count_letters(pieces: tuple[Piece, ...]) -> int:
    """Letters that must be there; a list counts as enough, Han and kana as two letters each."""
    total = 0
    for piece in pieces:
        if isinstance(piece, ListPiece):
            return _ENOUGH_LETTERS
        if isinstance(piece, ChoicePiece):
            total += min(count_letters(one) for one in piece.alternatives)
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
    if chunk.endswith(")?") and chunk.startswith("("):
        choice = _read_choice(chunk[1:-2].split("|"))
        return choice if isinstance(choice, PhraseProblem) else [OptionalPiece(choice)]
    if chunk.startswith("("):
        choice = _read_choice(chunk[1:-1].split("|"))
        return choice if isinstance(choice, PhraseProblem) else [ChoicePiece(choice)]
    return _read_words(chunk)


def _read_choice(texts: list[str]) -> tuple[tuple[Piece, ...], ...] | PhraseProblem:
    alternatives: list[tuple[Piece, ...]] = []
    for text in texts:
        pieces = parse_phrase(text)
        if isinstance(pieces, PhraseProblem):
            return pieces
        alternatives.append(pieces)
    return tuple(alternatives)


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
