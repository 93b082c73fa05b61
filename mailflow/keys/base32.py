"""Numbers as lower-case base32 of a fixed width (alphabet of RFC 4648 section 6, no padding)."""

from __future__ import annotations

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = tuple(high + low for high in ALPHABET for low in ALPHABET)
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_VALUES |= {character.upper(): value for character, value in tuple(_VALUES.items())}


def encode_base32(number: int, *, width: int) -> str:
    """``width`` characters of 5 bits each, most significant first."""
    first_pair = 5 * (width - width % 2 - 2)
    pairs = [_PAIRS[(number >> shift) & 0x3FF] for shift in range(first_pair, -1, -10)]
    odd = ALPHABET[number >> (5 * (width - 1))] if width % 2 else ""
    return odd + "".join(pairs)


def decode_base32(text: str) -> int | None:
    """The number, whatever the case of the letters, or None where a character is no base32."""
    number = 0
    for character in text:
        value = _VALUES.get(character)
        if value is None:
            return None
        number = number << 5 | value
    return number
