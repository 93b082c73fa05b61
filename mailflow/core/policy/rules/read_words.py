"""Phrases, word lists and the long forms of a text field, from located YAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import re2

from mailflow.core.policy.rules.conditions import (
    TEXT_FIELDS,
    Near,
    Pattern,
    SameSentence,
    Term,
    TextTest,
    Wanted,
    compile_pattern,
)
from mailflow.core.policy.rules.keys import TEXT_KEYS
from mailflow.core.policy.rules.phrase_grammar import (
    ChoicePiece,
    Form,
    ListPiece,
    PhraseProblem,
    WordPiece,
    count_letters,
    parse_phrase,
)
from mailflow.core.policy.rules.word_index import forms_missed_by_prefix
from mailflow.located import Leaf, Node, Series, Table, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailflow.core.policy.rules.findings import Findings, Named
    from mailflow.core.policy.rules.phrase_book import PhraseBook
    from mailflow.core.policy.rules.phrase_grammar import Piece
    from mailflow.located import Place

FEWEST_LETTERS = 3
DEFAULT_WINDOW_WORDS = 12
WIDEST_WINDOW_WORDS = 100
_TERM_KEYS = ("list", "matches", "near", "same_sentence")


def parse_checked(findings: Findings, named: Named, language: str) -> tuple[Piece, ...] | None:
    """The pieces of a phrase; mistakes and the warning about word forms are noted."""
    width = len(named.text)
    pieces = parse_phrase(named.text)
    if isinstance(pieces, PhraseProblem):
        findings.error(named.place, pieces.code, pieces.message, width=width)
        return None
    for piece in pieces:
        if language != "en" or not isinstance(piece, WordPiece) or piece.form is not Form.PREFIX:
            continue
        missed = forms_missed_by_prefix(piece.word)
        if missed:
            forms = ", ".join(f'"{form}"' for form in missed)
            message = f'"{piece.word}*" misses {forms}: write {piece.word}~'
            findings.warning(named.place, "word-form", message, width=width)
    return pieces


def read_pattern(findings: Findings, named: Named, what: str) -> Pattern | None:
    """Compile by RE2: never the standard library's, which one hostile mail can stop for seconds."""
    try:
        return compile_pattern(named.text)
    except re2.error as error:
        reason = _reason(error)
        message = f"{what}: this expression is refused ({reason})"
        if "(?" in reason or "\\" in reason:
            message += ": looking ahead or back and back-references are not understood"
        findings.error(named.place, "regex", message, width=len(named.text))
        return None


def list_names(pieces: Iterable[Piece]) -> Iterable[str]:
    """The lists that a phrase refers to."""
    for piece in pieces:
        if isinstance(piece, ListPiece):
            yield piece.name
        if isinstance(piece, ChoicePiece):
            for alternative in piece.alternatives:
                yield from list_names(alternative)


@dataclass(frozen=True)
class WordReader:
    """Reads what is written about words in one rule, in the language of its file."""

    findings: Findings
    book: PhraseBook
    language: str
    what: str
    places: dict[int, Place] = field(default_factory=dict)

    def text_test(self, node: Node, label: str, fields: tuple[str, ...]) -> TextTest | None:
        """A phrase, a list of phrases (any), or the long form."""
        may_be_short = label not in TEXT_FIELDS  # "vp" is a whole title
        if not isinstance(node, Table):
            return TextTest(label, fields, any=self._wanted(node, may_be_short=may_be_short))
        what = f"{self.what}: {label}"
        if self.findings.table(node, what, TEXT_KEYS) is None:
            return None
        any_node, all_node = node.get("any"), node.get("all")
        singles = [entry for entry in node if entry.key in _TERM_KEYS]
        parts = [*_items(all_node), *(Table((entry,), entry.place) for entry in singles)]
        every = [self._wanted(part, may_be_short=may_be_short) for part in parts]
        wanted = None
        if any_node is not None:
            wanted = self._wanted(any_node, may_be_short=may_be_short)
        if wanted is None and not every:
            self.findings.error(node.place, "empty", f"{what} has no words to look for")
            return None
        at_least = self.findings.number(node.get("at_least"), f"{what}: at_least") or 1
        if wanted is not None and at_least > len(wanted.phrases) + len(wanted.terms) > 0:
            message = f"{what}: at_least {at_least} can never be met by so few phrases"
            self.findings.error(node.place, "at-least", message)
        return TextTest(
            label,
            fields,
            any=wanted,
            all=tuple(every),
            at_least=at_least,
            but_not=self.group(node.get("but_not")),
        )

    def group(self, node: Node | None) -> frozenset[int]:
        """Phrases and lists only, for masks and for the groups of near and same_sentence."""
        if node is None:
            return frozenset()
        wanted = self._wanted(node, may_be_short=True)
        for item in _items(node):
            if isinstance(item, Table) and item.get("list") is None:
                message = f"{self.what}: only phrases and lists may stand here"
                self.findings.error(item.place, "wrong-type", message)
        return wanted.phrases

    def _wanted(self, node: Node, *, may_be_short: bool = False) -> Wanted:
        numbers: set[int] = set()
        terms: list[Term] = []
        items = _items(node)
        if not items:
            self.findings.error(node.place, "empty", f"{self.what}: this list is empty")
        for item in items:
            if isinstance(item, Series):
                message = f"{self.what}: a list in a list has no meaning here"
                self.findings.error(item.place, "wrong-type", message)
            elif isinstance(item, Table):
                self._read_term(item, numbers, terms, may_be_short=may_be_short)
            else:
                number = self._phrase(item, may_be_short=may_be_short)
                numbers |= set() if number is None else {number}
        return Wanted(frozenset(numbers), tuple(terms))

    def _read_term(
        self, table: Table, numbers: set[int], terms: list[Term], *, may_be_short: bool
    ) -> None:
        if self.findings.table(table, f"{self.what}: a phrase", _TERM_KEYS) is None:
            return
        for entry in table:
            if entry.key == "list":
                numbers |= self._list(entry.value, may_be_short=may_be_short)
            elif entry.key == "matches":
                found = (self._pattern(item) for item in _items(entry.value))
                terms.extend(term for term in found if term is not None)
            elif entry.key == "near":
                terms.extend(self._near(entry.value))
            elif entry.key == "same_sentence":
                terms.extend(self._same_sentence(entry.value))

    def _phrase(self, leaf: Leaf, *, may_be_short: bool) -> int | None:
        named = self.findings.text(leaf, f"{self.what}: a phrase")
        if named is None:
            return None
        pieces = parse_checked(self.findings, named, self.language)
        if pieces is None:
            return None
        for name in list_names(pieces):
            if self.book.list_key(name, self.language) is None:
                known = {name for _, name in self.book.lists}
                message = unknown_name(name, known, what="list")
                self.findings.error(named.place, "unknown-list", message, width=len(named.text))
                return None
        if not may_be_short and count_letters(pieces) < FEWEST_LETTERS:
            self._refuse_short(named.text, named.place)
            return None
        number = self.book.add(named.text, pieces, self.language)
        self.places.setdefault(number, named.place)
        return number

    def _list(self, node: Node, *, may_be_short: bool) -> set[int]:
        named = self.findings.text(node, f"{self.what}: list")
        if named is None:
            return set()
        key = self.book.list_key(named.text, self.language)
        if key is None:
            self.findings.known(named, {name for _, name in self.book.lists}, what="list")
            return set()
        numbers = set()
        for entry in self.book.lists[key]:
            if not may_be_short and count_letters(entry.pieces) < FEWEST_LETTERS:
                self._refuse_short(entry.text, entry.place)
                continue
            number = self.book.add(entry.text, entry.pieces, key[0])
            self.places.setdefault(number, entry.place)
            numbers.add(number)
        return numbers

    def _refuse_short(self, text: str, place: Place) -> None:
        message = (
            f'"{text}" has under {FEWEST_LETTERS} letters and would match nearly every mail:'
            " add a word (in a group of near or same_sentence it may stand)"
        )
        mistake = place.mistake("short-phrase", message, width=len(text))
        if mistake not in self.findings.mistakes:
            self.findings.mistakes.append(mistake)

    def _pattern(self, node: Node) -> Pattern | None:
        named = self.findings.text(node, f"{self.what}: matches")
        return read_pattern(self.findings, named, self.what) if named is not None else None

    def _groups(self, node: Node | None) -> tuple[frozenset[int], ...]:
        return tuple(self.group(item) for item in _items(node))

    def _near(self, node: Node) -> list[Near]:
        table = self.findings.table(node, f"{self.what}: near", ("within", "all"))
        if table is None:
            return []
        within = self.findings.number(table.get("within"), f"{self.what}: within")
        groups = self._groups(table.get("all"))
        if not self._are_groups(node, groups):
            return []
        if within is not None and within > WIDEST_WINDOW_WORDS:
            message = f"{self.what}: within may be {WIDEST_WINDOW_WORDS} words at most"
            self.findings.error(node.place, "wrong-type", message)
        return [Near(groups, within or DEFAULT_WINDOW_WORDS)]

    def _same_sentence(self, node: Node) -> list[SameSentence]:
        if not isinstance(node, Table):
            groups = self._groups(node)
            return [SameSentence(groups)] if self._are_groups(node, groups) else []
        if self.findings.table(node, f"{self.what}: same_sentence", ("all", "without")) is None:
            return []
        groups = self._groups(node.get("all"))
        if not self._are_groups(node, groups):
            return []
        return [SameSentence(groups, self.group(node.get("without")))]

    def _are_groups(self, node: Node, groups: tuple[frozenset[int], ...]) -> bool:
        if len(groups) > 1:
            return True
        message = f"{self.what}: near and same_sentence need two groups or more: [[…], […]]"
        self.findings.error(node.place, "groups", message)
        return False


def _items(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    return node.items if isinstance(node, Series) else (node,)


def _reason(error: re2.error) -> str:
    argument = error.args[0] if error.args else ""
    return argument.decode("utf-8", "replace") if isinstance(argument, bytes) else str(argument)
