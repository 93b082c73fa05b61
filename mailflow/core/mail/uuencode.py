"""uuencoded files, as a transfer encoding and inside plain text (Outlook of the nineties)."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

MAX_FILES = 100
MAX_LINE_CHARACTERS = 91

_BEGIN = re.compile(r"^begin(?:-base64)? ([0-7]{3,4}) (\S[^\r\n]{0,300})$", re.MULTILINE)

_END = re.compile(r"^end[ \t]{0,10}$", re.MULTILINE)


@dataclass(frozen=True)
class UuFile:
    filename: str
    content: bytes


def decode_uu(body: bytes) -> bytes:
    """The content of the first file in it; lines that are no uuencoding are left out."""
    lines = body.splitlines()
    first = next((n for n, line in enumerate(lines) if line.startswith(b"begin ")), -1)
    content = bytearray()
    for line in lines[first + 1 :]:
        if line.strip() == b"end":
            break
        content += _decode_line(line)
    return bytes(content)


def _decode_line(line: bytes) -> bytes:
    if not line or not 32 <= line[0] <= 96:  # noqa: PLR2004 - a count of 0 to 63 in uu's alphabet
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        pass
    length = (((line[0] - 32) & 63) * 4 + 5) // 3  # broken encoders pad a line beyond its count
    try:
        return binascii.a2b_uu(line[:length])
    except binascii.Error:
        return b""


def take_uu_files(text: str) -> tuple[str, tuple[UuFile, ...]]:
    """The text without the uuencoded files in it, and the files."""
    if "\nend" not in text:
        return text, ()
    files: list[UuFile] = []
    kept: list[str] = []
    position = 0
    close: re.Match[str] | None = None
    for _ in range(MAX_FILES):
        match = _BEGIN.search(text, position)
        if match is None:
            break
        if close is None or close.start() < match.end():
            close = _END.search(text, match.end())
        if close is None:
            break
        if not _looks_encoded(text[match.end() + 1 : match.end() + 1 + MAX_LINE_CHARACTERS]):
            kept.append(text[position : match.end()])
            position = match.end()
            continue
        block = text[match.end() + 1 : close.start()]
        content = b"".join(
            _decode_line(line.encode("latin-1", "replace")) for line in block.splitlines()
        )
        files.append(UuFile(match.group(2).strip(), content))
        kept.append(text[position : match.start()])
        position = close.end()
    kept.append(text[position:])
    return "".join(kept), tuple(files)


def _looks_encoded(head: str) -> bool:
    """By the first line; one longer than 61 characters and some padding is none."""
    first = head.partition("\n")[0]
    return bool(first) and " " <= first[0] <= "`" and len(first) < MAX_LINE_CHARACTERS
