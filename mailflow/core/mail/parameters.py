"""Values with parameters: Content-Type and Content-Disposition (RFC 2045, RFC 2231)."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from mailflow.core.mail.charset import decode_bytes
from mailflow.core.mail.encoded_word import decode_words

MAX_PARAMETERS = 100

_PARAMETER = re.compile(
    r"""([^\s=;"]{1,200})\s{0,200}=\s{0,200}(?:"((?:[^"\\]|\\.)*)"?|([^;]*))""", re.DOTALL
)
_GAP = re.compile(r"[;\s]*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def read_parameters(value: str) -> tuple[str, dict[str, str]]:
    """The bare value in lower case, and its parameters by lower-case name, decoded.

    RFC 2231 continuations and character sets are put together; encoded words inside a parameter,
    which RFC 2047 forbids and Outlook sends, are decoded as well.
    """
    head, _, rest = value.partition(";")
    pieces: dict[str, str] = {}
    position = 0
    for _ in range(MAX_PARAMETERS):
        position = _GAP.match(rest, position).end()  # type: ignore[union-attr]  # matches anywhere
        match = _PARAMETER.match(rest, position)
        if match is None:
            following = rest.find(";", position + 1)
            if following < 0:
                break
            position = following
            continue
        quoted, plain = match.group(2), match.group(3)
        name = match.group(1).lower()
        text = _ESCAPE.sub(r"\1", quoted) if quoted is not None else plain.strip()
        pieces.setdefault(name, text)
        position = max(match.end(), position + 1)
    bare = head.strip().strip('"').lower()
    if not any("*" in name for name in pieces):
        return bare, {name: _plain(text) for name, text in pieces.items()}
    return bare, _join_continuations(pieces)


def _plain(text: str) -> str:
    return decode_words(text)[0] if "=?" in text else text


def _join_continuations(pieces: dict[str, str]) -> dict[str, str]:
    joined: dict[str, str] = {}
    numbered: dict[str, list[tuple[int, bool, str]]] = {}
    for name, text in pieces.items():
        stem, _, rest = name.partition("*")
        if not rest and not name.endswith("*"):
            joined.setdefault(stem, _plain(text))
            continue
        is_encoded = name.endswith("*")
        number = rest.rstrip("*")
        numbered.setdefault(stem, []).append(
            (int(number) if number.isascii() and number.isdigit() else 0, is_encoded, text)
        )
    for stem, parts in numbered.items():
        joined[stem] = _join_parts(sorted(parts, key=lambda part: part[0]))
    return joined


def _join_parts(parts: list[tuple[int, bool, str]]) -> str:
    charset = "utf-8"
    first_encoded, first_text = parts[0][1], parts[0][2]
    if first_encoded and first_text.count("'") >= 2:  # noqa: PLR2004 - charset'language'value
        charset, _, first_text = first_text.split("'", 2)
        parts = [(0, True, first_text), *parts[1:]]
    if not any(is_encoded for _, is_encoded, _ in parts):
        return _plain("".join(text for _, _, text in parts))
    content = b"".join(
        unquote_to_bytes(text) if is_encoded else text.encode("utf-8", "surrogateescape")
        for _, is_encoded, text in parts
    )
    return decode_bytes(content, charset or "utf-8")[0]
