"""Who is named in a mail, so that they cannot learn of the case it opens.

Addresses and full names only; a salutation, a sign-off and To are no hit.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.case.people import normal_address

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,255}")
_SALUTATIONS = frozenset(
    {"hi", "hello", "hey", "dear", "good", "hallo", "liebe", "lieber", "guten", "sehr", "bonjour"}
    | {"chère", "cher", "salut", "hola", "estimado", "estimada", "querido", "querida"}
)
_SIGN_OFFS = frozenset(
    {"regards", "thanks", "thank", "sincerely", "yours", "best", "cheers", "greetings", "grüße"}
    | {"gruß", "grüßen", "cordialement", "saludos", "atentamente", "merci", "danke"}
)
_SHORT_LINE_WORDS = 5
_SIGN_OFF_WORDS = 4
_SIGN_OFF_LINES = 8
_LONGEST_NAME_WORDS = 5


@dataclass(frozen=True)
class NamedPeople:
    """Everybody who could be named: name words to the person's addresses. Build it once."""

    by_first_word: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = field(repr=False)
    addresses: dict[str, str] = field(repr=False)


def index_people(people: Iterable[tuple[str, Iterable[str]]]) -> NamedPeople:
    """``people`` are (full name, own addresses); the first address stands for the person.

    A name of one word names nobody: that is left to a person to judge.
    """
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    addresses: dict[str, str] = {}
    for name, own in people:
        listed = [normal_address(address) for address in own]
        if not listed:
            continue
        for address in listed:
            addresses.setdefault(address, listed[0])
        words = _words(name)
        for order in {words, (*words[1:], *words[:1])}:
            if 1 < len(order) <= _LONGEST_NAME_WORDS:
                by_first.setdefault(order[0], []).append((order, listed[0]))
    return NamedPeople({word: tuple(rows) for word, rows in by_first.items()}, addresses)


def find_named(text: str, people: NamedPeople) -> frozenset[str]:
    """The people (by their first address) whom the text names by full name or address."""
    body = _without_greeting(text)
    found = {
        people.addresses[address]
        for match in _ADDRESS.finditer(body)
        if (address := normal_address(match.group())) in people.addresses
    }
    words = _words(body)
    for position, word in enumerate(words):
        for name, address in people.by_first_word.get(word, ()):
            if words[position : position + len(name)] == name:
                found.add(address)
    return frozenset(found)


def addressed(addresses: Iterable[str], people: NamedPeople) -> frozenset[str]:
    """The people behind addresses of Cc, by their first address."""
    return frozenset(
        people.addresses[normal]
        for address in addresses
        if (normal := normal_address(address)) in people.addresses
    )


def _words(text: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return tuple(
        match.group().removesuffix("'s").removesuffix("’s") for match in _WORD.finditer(plain)
    )


def _without_greeting(text: str) -> str:
    """The text less the words of the salutation and the short lines of a sign-off."""
    kept: list[str] = []
    seen_text = False
    signing_off = False
    lines = text.split("\n")
    for number, line in enumerate(lines):
        rest = line.strip()
        if rest and not seen_text:
            seen_text = True
            rest = _after_salutation(rest)
        words = _WORD.findall(rest.casefold())
        if _is_sign_off(words, remaining=len(lines) - number):
            signing_off = True
        signing_off = signing_off and len(words) <= _SHORT_LINE_WORDS
        if not signing_off:
            kept.append(rest)
    return "\n".join(kept)


def _after_salutation(line: str) -> str:
    words = _WORD.findall(line.casefold())
    if not words or words[0] not in _SALUTATIONS:
        return line
    head, comma, tail = line.partition(",")
    if comma and len(_WORD.findall(head)) <= _SHORT_LINE_WORDS:
        return tail
    return "" if len(words) <= _SHORT_LINE_WORDS else line


def _is_sign_off(words: list[str], *, remaining: int) -> bool:
    return (
        0 < len(words) <= _SIGN_OFF_WORDS
        and remaining <= _SIGN_OFF_LINES
        and any(word in _SIGN_OFFS for word in words)
    )
