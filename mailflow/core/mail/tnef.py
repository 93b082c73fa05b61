"""winmail.dat (TNEF) opened: the files Outlook packed into it, listed in its place.

Reads the attribute stream of MS-OXTNEF 2.1.3 and, of each attachment, the few MAPI properties
that name it. Every length is checked against the bytes that are there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import Struct
from typing import TYPE_CHECKING

from mailflow.core.mail.attachments import make_attachment
from mailflow.core.mail.charset import decode_bytes
from mailflow.core.mail.mapi_properties import read_properties

if TYPE_CHECKING:
    from mailflow.core.mail.message import Attachment

MAX_ATTRIBUTES = 10_000
MAX_FILES = 500

_SIGNATURE = b"\x78\x9f\x3e\x22"
_ATTRIBUTE = Struct("<BII")
_BODY = 0x0002800C
_ATTACH_DATA = 0x0006800F
_ATTACH_TITLE = 0x00018010
_ATTACH_START = 0x00069002
_ATTACH_PROPERTIES = 0x00069005
_MESSAGE_PROPERTIES = 0x00069003

_LONG_FILENAME, _FILENAME, _MIME_TAG = 0x3707, 0x3704, 0x370E
_DATA, _CONTENT_ID, _BODY_TEXT = 0x3701, 0x3712, 0x1000


@dataclass(frozen=True)
class TnefContents:
    """``text`` is the plain body inside, "" when there is none (it may be RTF only)."""

    attachments: tuple[Attachment, ...]
    text: str = ""


@dataclass(slots=True)
class _File:
    title: bytes = b""
    data: bytes = b""
    properties: dict[int, bytes | str] = field(default_factory=dict)


def is_tnef(content_type: str, filename: str | None) -> bool:
    return content_type in ("application/ms-tnef", "application/vnd.ms-tnef") or (
        (filename or "").lower() == "winmail.dat"
    )


def open_tnef(content: bytes) -> TnefContents | None:
    """What is inside, or None when it is not TNEF or is cut off before its first attribute."""
    if not content.startswith(_SIGNATURE):
        return None
    files: list[_File] = []
    text = ""
    for tag, data in _read_attributes(content):
        if tag == _ATTACH_START and len(files) < MAX_FILES:
            files.append(_File())
        elif tag == _BODY:
            text = text or decode_bytes(data.rstrip(b"\0"), None)[0]
        elif tag == _MESSAGE_PROPERTIES:
            body = read_properties(data).get(_BODY_TEXT)
            text = body if isinstance(body, str) and body else text
        elif files:
            _add_to_file(files[-1], tag, data)
    return TnefContents(tuple(_make(file) for file in files), text.replace("\r\n", "\n"))


def _read_attributes(content: bytes) -> list[tuple[int, bytes]]:
    """Attributes until the first whose length does not fit."""
    found: list[tuple[int, bytes]] = []
    position = 6
    while position + _ATTRIBUTE.size <= len(content) and len(found) < MAX_ATTRIBUTES:
        _, tag, length = _ATTRIBUTE.unpack_from(content, position)
        start = position + _ATTRIBUTE.size
        if start + length > len(content):
            break
        found.append((tag, content[start : start + length]))
        position = start + length + 2  # a checksum that Outlook itself does not verify
    return found


def _add_to_file(file: _File, tag: int, data: bytes) -> None:
    if tag == _ATTACH_TITLE:
        file.title = data.rstrip(b"\0")
    elif tag == _ATTACH_DATA:
        file.data = data
    elif tag == _ATTACH_PROPERTIES:
        file.properties = read_properties(data)


def _make(file: _File) -> Attachment:
    properties = file.properties
    name = properties.get(_LONG_FILENAME) or properties.get(_FILENAME)
    filename = name if isinstance(name, str) and name else decode_bytes(file.title, None)[0]
    kind = properties.get(_MIME_TAG)
    content_id = properties.get(_CONTENT_ID)
    data = properties.get(_DATA)
    return make_attachment(
        file.data or (data if isinstance(data, bytes) else b""),
        filename=filename or None,
        content_type=kind.lower() if isinstance(kind, str) and kind else "application/octet-stream",
        inline=bool(content_id),
        content_id=content_id if isinstance(content_id, str) and content_id else None,
    )
