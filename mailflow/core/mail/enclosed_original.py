"""The original that a notice encloses: as a part, as header fields, or pasted into the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mailflow.core.mail.header_fields import Fields, read_fields
from mailflow.core.mail.message_ids import read_id
from mailflow.core.mail.status_report import walk_parts
from mailflow.core.mail.transfer_encoding import decode_part

if TYPE_CHECKING:
    from mailflow.core.mail.part import Part

MAX_ORIGINAL_BYTES = 256 * 1024
MAX_RETOLD_LINES = 400

_ENCLOSING = frozenset({
    "message/rfc822", "message/global", "text/rfc822-headers", "text/rfc822-header", "text/rfc822",
    "message/rfc822-headers", "message/global-headers", "message/news", "message/partial",
})  # fmt: skip
_FIELD = re.compile(r"[>|]?\s{0,8}([A-Za-z][A-Za-z0-9-]{1,40}):(?:\s|$)")
_RETOLD_ID = re.compile(r"\bmessage-?id\W{1,6}<([^<>\s]{1,250})>", re.IGNORECASE)
_ORIGINAL_FIELDS = frozenset({
    "received", "return-path", "message-id", "from", "to", "subject", "date", "mime-version",
    "content-type", "x-mailer", "reply-to", "dkim-signature", "delivered-to", "x-originating-ip",
    "sender", "cc",
})  # fmt: skip
_STRONG_FIELDS = frozenset(
    {"received", "return-path", "message-id", "mime-version", "dkim-signature"}
)
_TRACE_FIELDS = frozenset({"received", "return-path"})
_COPY_MARKS = (
    "copy of the message", "copy of your message", "original message", "header follow",
    "headers follow", "message follows", "mail follows", "message text follows", "returned message",
    "unsent message", "message header", "the header", "original mail", "returned mail follows",
    "end of message", "included is a copy", "body of your message", "ursprüngliche nachricht",
    "message d'origine", "kopie der nachricht", "old message", "your message reads",
    "undelivered message", "the text of",
)  # fmt: skip


def read_original(root: Part, original_lines: list[str]) -> Fields | None:
    """The header fields of the enclosed original, or None."""
    for part in walk_parts(root):
        if part is not root and part.content_type in _ENCLOSING:
            content = decode_part(part, set())[:MAX_ORIGINAL_BYTES].lstrip()
            fields, _ = read_fields(content, 0, len(content), set())
            if fields.pairs:
                return fields
    if original_lines:
        start = next((n for n, line in enumerate(original_lines) if _FIELD.match(line)), None)
        if start is not None:
            indent = len(original_lines[start]) - len(original_lines[start].lstrip("> |\t"))
            lines = [line[indent:] for line in original_lines[start : start + 400]]
            block = "\n".join(lines).encode("utf-8", "replace")
            fields, _ = read_fields(block, 0, len(block), set())
            return fields if len(fields.pairs) > 1 else None
    return None


def original_message_id(fields: Fields | None) -> str | None:
    return read_id(fields.text("message-id"), set()) if fields is not None else None


def retold_message_id(lines: list[str]) -> str | None:
    """``Message-ID: <...>`` among the server's own words, as X.400 gateways write it."""
    for line in lines[:MAX_RETOLD_LINES]:
        match = _RETOLD_ID.search(line[:1_000])
        if match is not None:
            return match.group(1)
    return None


def split_notice(lines: list[str]) -> tuple[list[str], list[str]]:
    """The server's own words, and the original pasted below them."""
    for number, line in enumerate(lines):
        if _is_copy_mark(line) and number > 0:
            return lines[:number], lines[number + 1 :]
        if _starts_header(lines, number):
            return lines[:number], lines[number:]
    return lines, []


def _is_copy_mark(line: str) -> bool:
    stripped = line.strip().lower()
    if not stripped or len(stripped) > 120:  # noqa: PLR2004 - a mark is one short line
        return False
    if not (stripped[0] in "-=*_#+>" or stripped.endswith((":", "--", "=="))):
        return False
    return any(mark in stripped for mark in _COPY_MARKS)


def _goes_on(lines: list[str], number: int) -> bool:
    """Whether the server speaks on below an indented block: the next paragraph is not indented."""
    rest = iter(lines[number : number + MAX_RETOLD_LINES])
    for line in rest:
        if not line.strip():
            break
    following = next((line for line in rest if line.strip()), "")
    return bool(following) and not following[0].isspace()


def _starts_header(lines: list[str], number: int) -> bool:
    """Three fields of an original in a row, one of them such as only real headers have."""
    match = _FIELD.match(lines[number])
    if match is None or match.group(1).lower() not in _ORIGINAL_FIELDS:
        return False
    names: list[str] = []
    for line in lines[number : number + 14]:
        found = _FIELD.match(line)
        if found is not None:
            names.append(found.group(1).lower())
        elif line[:1] not in (" ", "\t", ">") or not line.strip():
            break
    known = [name for name in names if name in _ORIGINAL_FIELDS or name.startswith("x-")]
    if lines[number][:1] == " " and (_TRACE_FIELDS.isdisjoint(names) or _goes_on(lines, number)):
        return False  # a notice that retells the fields, indented (Sun, Exchange)
    has_strong = not _STRONG_FIELDS.isdisjoint(names)
    return len(known) >= 3 and (has_strong or {"from", "date", "subject"} <= set(names))  # noqa: PLR2004 - three in a row
