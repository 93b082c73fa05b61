"""Encoded words (RFC 2047), read the way broken senders write them. Never raises."""

from __future__ import annotations

import binascii
import re

from mailflow.core.mail.charset import decode_bytes

_START = re.compile(r"=\?([^?\s=]{1,60})\?([bBqQ])\?")


def decode_words(value: str) -> tuple[str, bool]:
    """The decoded text and whether all of it was well formed.

    Neighbouring words of one character set are decoded together, because senders split
    characters between words (Japanese webmail, Lotus). White space between words is dropped.
    """
    if "=?" not in value:
        return value, True
    output: list[str] = []
    pending: list[tuple[str, bytes]] = []
    is_clean = True
    position = 0
    while match := _START.search(value, position):
        close = value.find("?=", match.end())
        if close < 0:
            is_clean = False
            break
        gap = value[position : match.start()]
        if gap and not (pending and gap.isspace()):
            is_clean &= _flush(pending, output)
            output.append(gap)
        content = _decode_content(match.group(2), value[match.end() : close])
        if content is None:
            is_clean &= _flush(pending, output)
            output.append(value[match.start() : close + 2])
            is_clean = False
        else:
            _add(pending, match.group(1).partition("*")[0], content)
        position = close + 2
    is_clean &= _flush(pending, output)
    output.append(value[position:])
    return "".join(output), is_clean


def _add(pending: list[tuple[str, bytes]], charset: str, content: bytes) -> None:
    if pending and pending[-1][0].lower() == charset.lower():
        pending[-1] = (charset, pending[-1][1] + content)
    else:
        pending.append((charset, content))


def _flush(pending: list[tuple[str, bytes]], output: list[str]) -> bool:
    is_clean = True
    for charset, content in pending:
        text, is_guessed = decode_bytes(content, charset)
        is_clean &= not is_guessed
        output.append(text)
    pending.clear()
    return is_clean


def _decode_content(encoding: str, content: str) -> bytes | None:
    raw = content.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    try:
        return binascii.a2b_base64(raw + b"==")
    except binascii.Error:
        pass
    try:
        return binascii.a2b_base64(raw[: len(raw) // 4 * 4])
    except binascii.Error:
        return None
