"""Who a mail says it is from: one From field with one plain ASCII address, or nobody.

Lenient readings of From belong to display; an identity has a single possible reading or none.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_FROM_BYTES = 2000
_MAX_LOCAL, _MAX_DOMAIN, _MAX_LABEL = 64, 253, 63
_ATEXT = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~")
_LDH = frozenset(string.ascii_letters + string.digits + "-")
_FIRST_PRINTABLE, _DELETE = 0x20, 0x7F


class FromProblem(StrEnum):
    """Why a From field names nobody."""

    MISSING = "from_missing"
    SEVERAL_FIELDS = "several_from_fields"
    TOO_LONG = "from_too_long"
    CONTROL_CHARACTER = "control_character_in_from"
    NOT_ASCII = "address_not_ascii"
    SEVERAL_ADDRESSES = "several_addresses_in_from"
    GROUP_OR_ROUTE = "group_or_route_in_from"
    COMMENT = "comment_in_from"
    ENCODED_ADDRESS = "encoded_word_in_address"
    BAD_PHRASE = "ambiguous_display_name"
    SHOWS_ANOTHER = "display_name_shows_another_address"
    BAD_ADDRESS = "malformed_address"


@dataclass(frozen=True)
class FromField:
    """``address`` is in ASCII lower case, and None exactly when there is a ``problem``."""

    address: str | None
    problem: FromProblem | None = None

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2] if self.address else ""


class _RefusedError(Exception):
    def __init__(self, problem: FromProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_from_field(values: Sequence[bytes]) -> FromField:
    """Read the unfolded values of all From fields of one mail.

    Accepted: ``addr-spec`` and ``[phrase] <addr-spec>`` of RFC 5322 3.4, where the addr-spec is
    a dot-atom at a host name. A comment may stand in the phrase only, and must be harmless.
    """
    if not values:
        return FromField(None, FromProblem.MISSING)
    if len(values) > 1:
        return FromField(None, FromProblem.SEVERAL_FIELDS)
    try:
        return FromField(_read(values[0]))
    except _RefusedError as refused:
        return FromField(None, refused.problem)


def is_plain_address(text: str) -> bool:
    """Whether this is a dot-atom of ASCII at a host name of two labels or more."""
    local, at, domain = text.rpartition("@")
    return bool(at) and _is_local_part(local) and is_host_name(domain)


def is_host_name(domain: str) -> bool:
    """Strict letters, digits and inner hyphens (RFC 1123 2.1), at least two labels."""
    labels = domain.split(".")
    return len(domain) <= _MAX_DOMAIN and len(labels) > 1 and all(map(_is_label, labels))


def _read(value: bytes) -> str:
    if len(value) > MAX_FROM_BYTES:
        raise _RefusedError(FromProblem.TOO_LONG)
    text = value.decode("latin-1").replace("\t", " ").strip(" ")
    if any(ord(c) < _FIRST_PRINTABLE or ord(c) == _DELETE for c in text):
        raise _RefusedError(FromProblem.CONTROL_CHARACTER)
    if not text:
        raise _RefusedError(FromProblem.MISSING)
    phrase, address = _split_angle(text)
    _check_address(address)
    _check_phrase(phrase, address.lower())
    return address.lower()


def _split_angle(text: str) -> tuple[str, str]:
    """Cut at the one ``<`` outside quotes; without any, the text is the address itself."""
    opened = _find_unquoted(text, "<")
    if opened is None:
        return "", text
    phrase, inside = text[:opened], text[opened + 1 :]
    if not inside.endswith(">") or "<" in inside or inside.count(">") > 1:
        _refuse_for(inside, FromProblem.BAD_ADDRESS)
    return phrase.strip(" "), inside[:-1]


def _find_unquoted(text: str, wanted: str) -> int | None:
    quoted = escaped = False
    for place, c in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and c == "\\":
            escaped = True
        elif c == '"':
            quoted = not quoted
        elif c == wanted and not quoted:
            return place
    return None


def _refuse_for(text: str, otherwise: FromProblem) -> None:
    """Refuse with the most telling reason for a text that is no address."""
    if any(not c.isascii() for c in text):
        raise _RefusedError(FromProblem.NOT_ASCII)
    if "," in text:
        raise _RefusedError(FromProblem.SEVERAL_ADDRESSES)
    if ":" in text or ";" in text:
        raise _RefusedError(FromProblem.GROUP_OR_ROUTE)
    if "(" in text or ")" in text:
        raise _RefusedError(FromProblem.COMMENT)
    raise _RefusedError(otherwise)


def _check_address(address: str) -> None:
    # "=?" is legal in a dot-atom, but other programs would decode it to another address.
    if "=?" in address and address.isascii():
        raise _RefusedError(FromProblem.ENCODED_ADDRESS)
    if not is_plain_address(address):
        _refuse_for(address, FromProblem.BAD_ADDRESS)


def _check_phrase(phrase: str, address: str) -> None:
    shown = phrase.strip(' "').lower()
    rest = _without_quoted_strings(phrase)
    if "(" in rest or ")" in rest:
        rest = _without_comment(rest)
    if shown == address:
        return
    if "@" in phrase:
        raise _RefusedError(FromProblem.SHOWS_ANOTHER)
    for c in rest:
        if c.isascii() and c not in _ATEXT and c not in " .":
            _refuse_for(c, FromProblem.BAD_PHRASE)


def _without_quoted_strings(phrase: str) -> str:
    """What stands outside quotes, which are balanced: an angle inside them opens no address."""
    outside: list[str] = []
    quoted = escaped = False
    for c in phrase:
        if escaped:
            escaped = False
        elif quoted and c == "\\":
            escaped = True
        elif c == '"':
            quoted = not quoted
            outside.append(" ")
        elif not quoted:
            outside.append(c)
    return "".join(outside)


def _without_comment(phrase: str) -> str:
    """``Dana (HR) <...>`` is common; anything trickier than one flat comment is refused."""
    before, _, rest = phrase.partition("(")
    inside, closed, after = rest.partition(")")
    if not closed or any(c in "()@<>,;:\\" for c in before[-1:] + inside + after):
        raise _RefusedError(FromProblem.COMMENT)
    return before + after


def _is_local_part(local: str) -> bool:
    atoms = local.split(".")
    return len(local) <= _MAX_LOCAL and all(atom and _ATEXT.issuperset(atom) for atom in atoms)


def _is_label(label: str) -> bool:
    return (
        0 < len(label) <= _MAX_LABEL
        and _LDH.issuperset(label)
        and not label.startswith("-")
        and not label.endswith("-")
    )
