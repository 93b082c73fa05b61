"""Numbers that identify somebody, or say what they earn, made unreadable for mails to staff.

The record keeps them. Every pattern is bounded or advances with each character.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MARK = "•"
_SHOWN = 2
_LABELLED_FIELDS = frozenset({"text", "subject", "attachments", "why", "what", "lines", "writer"})

_IBAN = re.compile(
    r"\b[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{4}){2,7}(?:[ \-]?[A-Z0-9]{1,3})?\b", re.IGNORECASE
)
_CARD = re.compile(r"(?<![\d.\-])\d(?:[ \-]?\d){12,18}(?![\d])")
_SSN = re.compile(r"\b\d{3}-\d{2}-\d{4}\b")
_NATIONAL_INSURANCE = re.compile(r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE)
_GERMAN_INSURANCE = re.compile(r"\b\d{2} ?\d{6} ?[A-Z] ?\d{3}\b")
_FRENCH_NIR = re.compile(
    r"\b[12] ?\d{2} ?[0-9]{2} ?[0-9AB]{2} ?\d{3} ?\d{3} ?\d{2}\b", re.IGNORECASE
)
_SPANISH_ID = re.compile(r"\b([XYZ]?)(\d{7,8})-?([A-Z])\b", re.IGNORECASE)
# What only its label tells from any other number.
_LABELLED = re.compile(
    r"\b(?:ssn|social security(?: number| no\.?)?|tax id(?: number)?|tin|itin|steuer-?id"
    r"(?:entifikationsnummer|nummer)?|sozialversicherungsnummer|passport(?: number| no\.?| nr\.?)?"
    r"|reisepass(?:nummer)?|pass-?nr\.?|passeport(?: n[o°]?)?|pasaporte|personalausweis"
    r"|driving licen[cs]e|driver'?s licen[cs]e|numéro de sécurité sociale|nss|nie|dni"
    r"|national insurance(?: number)?|account number|kontonummer|sort code|routing number)"
    r"[ \t:#=]{0,4}(?:(?:is|ist|est|es|no|nr|number)[ \t.:]{1,3})?"
    r"(?P<number>[A-Z]{0,3}[ \-]?\d(?:[A-Z0-9]|[ \-](?=[A-Z]?\d)){3,16})\b",
    re.IGNORECASE,
)
_AMOUNT = (
    r"(?:[$€£]|EUR|USD|GBP|CHF)?[ ]?\d{1,3}(?:(?:[.,' ]\d{3}){1,3}|\d{0,6})(?:[.,]\d{1,2})?"
    r"(?:[ ]?(?:k\b|K\b|[$€£]|EUR|USD|GBP|CHF|euros?|dollars?|pounds?))?"
)
_SALARY = re.compile(
    r"\b(?:salary|base pay|compensation|wages?|remuneration|gehalt|bruttolohn|jahreslohn|lohn"
    r"|salaire|sueldo|salario|earn|earns|earning|verdiene|gagne|gano)\b"
    r"(?:[ \t:=]{1,3}(?:is|was|of|at|to|from|now|about|currently|package|ist|war|von|beträgt|auf"
    r"|est|de|es|actual|brut|bruto|annual|monthly|gross|net)\b){0,4}[ \t:=]{0,3}"
    rf"(?P<number>{_AMOUNT}(?:[ ]?(?:to|-|–|bis|à|a|and|und)[ ]?{_AMOUNT})?)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_CHECK_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def mask_identifiers(text: str) -> str:
    """The text with social security, tax, passport, bank, card and salary numbers covered; the
    last two characters of a number stay, by which two people can tell that they mean the same.
    """
    if _DIGIT.search(text) is None:
        # There is none in any of the numbers below: most names, subjects and reasons end here.
        return text
    masked = _IBAN.sub(_if(_is_iban), text)
    masked = _FRENCH_NIR.sub(_if(_is_nir), masked)
    masked = _CARD.sub(_if(_is_card), masked)
    for pattern in (_SSN, _NATIONAL_INSURANCE, _GERMAN_INSURANCE):
        masked = pattern.sub(lambda match: _cover(match.group()), masked)
    masked = _SPANISH_ID.sub(_if(_is_spanish), masked)
    masked = _LABELLED.sub(_cover_number, masked)
    return _SALARY.sub(_cover_amount, masked)


def mask_fields(fields: Mapping[str, object]) -> dict[str, object]:
    """The context of a template with everything that came from outside masked."""
    return {
        name: _mask_value(value) if name in _LABELLED_FIELDS else value
        for name, value in fields.items()
    }


def _mask_value(value: object) -> object:
    if isinstance(value, str):
        return mask_identifiers(value)
    if isinstance(value, dict):
        return {name: _mask_value(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mask_value(inner) for inner in value]
    return value


def _cover(number: str) -> str:
    visible = len(number) - _SHOWN
    return "".join(
        MARK if position < visible and character.isalnum() else character
        for position, character in enumerate(number)
    )


def _if(is_one: Callable[[str], bool]) -> Callable[[re.Match[str]], str]:
    return lambda match: _cover(match.group()) if is_one(match.group()) else match.group()


def _cover_number(match: re.Match[str]) -> str:
    label = match.group()[: match.start("number") - match.start()]
    return label + _cover(match.group("number"))


def _cover_amount(match: re.Match[str]) -> str:
    label = match.group()[: match.start("number") - match.start()]
    return label + "".join(MARK if c.isdigit() else c for c in match.group("number"))


def _is_iban(text: str) -> bool:
    """ISO 13616: moved round and read as a number, it leaves 1 modulo 97."""
    plain = "".join(c for c in text.upper() if c.isalnum())
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _is_card(text: str) -> bool:
    """ISO/IEC 7812 annex B, Luhn's sum."""
    digits = [int(c) for c in text if c.isdigit()]
    doubled = [d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2]]  # noqa: PLR2004 - two digits of the double are added up
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_nir(text: str) -> bool:
    """Thirteen digits and a key of two, together a multiple of 97; Corsica has letters."""
    plain = text.replace(" ", "").upper().replace("2A", "19").replace("2B", "18")
    return plain.isdigit() and (int(plain[:13]) + int(plain[13:])) % 97 == 0


def _is_spanish(text: str) -> bool:
    """DNI and NIE: the letter follows from the number."""
    plain = text.upper().replace("-", "")
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return len(plain) == 9 and plain[-1] == _CHECK_LETTERS[int(number) % 23]  # noqa: PLR2004 - the number's length


def hide_addresses(text: str) -> str:
    """The text without a mail address: a mail of a confidential case names no sender."""
    return " ".join(3 * MARK if "@" in word else word for word in text.split(" "))
