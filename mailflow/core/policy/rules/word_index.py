"""From a word of a mail to the atoms of phrases that it satisfies: exact word, prefix, stem."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import snowballstemmer

from mailflow.core.policy.rules.phrase_grammar import Form, WordPiece
from mailflow.core.policy.rules.words import fold_word, lower_word

if TYPE_CHECKING:
    from collections.abc import Iterable

LANGUAGES = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "sv": "swedish",
    "tr": "turkish",
}
# A new word costs a few µs to stem, so one mail may ask for this many. More than that is no
# letter; the mail is then treated like one that was cut.
_STEMS_A_MAIL = 3000
_LONGEST_STEMMED = 48
_REMEMBERED_WORDS = 60_000
_KEY_LETTERS = 4


@dataclass
class Budget:
    """How many words of one mail may still be stemmed; ``is_spent`` once one was refused."""

    stems_left: int = _STEMS_A_MAIL
    is_spent: bool = False


@dataclass
class WordIndex:
    """Atoms are small numbers. It grows while phrases are read and is then only looked at.

    Words once seen are remembered, because mails repeat them; the memory is bounded.
    """

    _exact: dict[str, int] = field(default_factory=dict)
    _prefixes: dict[str, int] = field(default_factory=dict)
    _stems: dict[str, dict[str, int]] = field(default_factory=dict)
    _prefix_lengths: set[int] = field(default_factory=set)
    _stem_keys: dict[str, set[str]] = field(default_factory=dict)
    _size: int = 0
    _remembered: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def atom_of(self, piece: WordPiece, language: str) -> int:
        """The atom that stands for this piece; equal pieces share one."""
        if piece.form is Form.EXACT:
            return self._intern(self._exact, fold_word(piece.word))
        if piece.form is Form.PREFIX:
            prefix = fold_word(piece.word)
            self._prefix_lengths.add(len(prefix))
            return self._intern(self._prefixes, prefix)
        stem = stem_word(piece.word, language)
        keys = self._stem_keys.setdefault(language, set())
        keys.add(_stem_key(stem, language)[: _key_length(stem)])
        return self._intern(self._stems.setdefault(language, {}), stem)

    def atoms_in(self, word: str, budget: Budget) -> tuple[int, ...]:
        """The atoms that a word, as split_words gives it, satisfies."""
        known = self._remembered.get(word)
        if known is not None:
            return known
        folded = fold_word(word)
        found = [self._exact[folded]] if folded in self._exact else []
        for length in self._prefix_lengths:
            atom = self._prefixes.get(folded[:length])
            if atom is not None and len(folded) >= length:
                found.append(atom)
        for language, keys in self._stem_keys.items():
            key = _stem_key(folded, language)[:_KEY_LETTERS]
            if key in keys or key[:3] in keys or key[:2] in keys or key[:1] in keys:
                if budget.stems_left <= 0 or len(word) > _LONGEST_STEMMED:
                    budget.is_spent = budget.is_spent or budget.stems_left <= 0
                    continue
                budget.stems_left -= 1
                atom = self._stems[language].get(stem_word(lower_word(word), language))
                if atom is not None:
                    found.append(atom)
        atoms = tuple(found)
        self._remember(word, atoms, budget)
        return atoms

    def known_words(self) -> dict[str, tuple[int, ...]]:
        """The memory of words, for the loop that cannot afford a call a word."""
        return self._remembered

    def _remember(self, word: str, atoms: tuple[int, ...], budget: Budget) -> None:
        if budget.is_spent:
            return
        if len(self._remembered) >= _REMEMBERED_WORDS:
            self._remembered.clear()
        self._remembered[word] = atoms

    def _intern(self, table: dict[str, int], key: str) -> int:
        atom = table.get(key)
        if atom is None:
            atom = table[key] = self._size
            self._size += 1
            self._remembered.clear()
        return atom


def stem_word(word: str, language: str) -> str:
    """The Snowball stem, folded. ``word`` in lower case with its accents."""
    return fold_word(_stemmer(language).stemWord(word))


def forms_missed_by_prefix(prefix: str) -> tuple[str, ...]:
    """English forms that "prefix*" does not match though "prefix~" does, for the warning."""
    if prefix.endswith("y") and len(prefix) > 3 and prefix[-2] not in "aeiou":  # noqa: PLR2004 - letters of a word that changes y to i.
        return (f"{prefix[:-1]}ies", f"{prefix[:-1]}ied")
    if prefix.endswith("e") and not prefix.endswith("ee"):
        return (f"{prefix[:-1]}ing",)
    return ()


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(LANGUAGES[language])


def _key_length(stem: str) -> int:
    # Snowball changes the end of a word only (dying -> die), never more than its last two letters
    # against the first ones of the word.
    return max(1, min(_KEY_LETTERS, len(stem) - 2))


def _stem_key(folded: str, language: str) -> str:
    if language == "de":
        return folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return folded


def alternate_spellings(piece: WordPiece, language: str) -> Iterable[WordPiece]:
    """The piece itself and, in German, the form with ae, oe, ue for a keyboard without umlauts."""
    yield piece
    if language == "de" and any(umlaut in piece.word for umlaut in "äöü"):
        word = piece.word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
        yield WordPiece(word, piece.form)
