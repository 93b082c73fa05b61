"""The bounded walk over a mail's structure: limits first, one pass a level, nothing decoded.

Parts are spans of the raw bytes, so that a 40 MiB mail of phone photos is walked without a copy.
Structure and header blocks are read here rather than by the email package, whose parser takes
quadratic time on hostile headers (gh-136063) and recurses without end on nested multiparts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.mail.header_fields import Fields, read_fields
from mailflow.core.mail.parameters import read_parameters
from mailflow.core.mail.part import Part
from mailflow.core.mail.problems import Problem
from mailflow.errors import UnparsableError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 40 * 1024 * 1024
MAX_PARTS = 1_000
MAX_DEPTH = 30
MAX_DELIMITER_LOOKS = 20_000
MAX_SCANNED_BYTES = 6 * MAX_BYTES  # each level looks through all bytes below it

_TYPE = re.compile(r"[a-z0-9!#$&^_.+*'%-]{1,100}/[a-z0-9!#$&^_.+*'%=-]{1,150}")
_UNNAMED_DELIMITER = re.compile(rb"(?:^|\n)(--[^\s-][^\r\n]{0,200})\r?\n[A-Za-z-]{1,60}:")
_REST_OF_DELIMITER = re.compile(rb"(--)?[ \t]{0,200}(?:\r?\n|\r|\Z)")
_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]{0,80}\r?\n){0,50}(?:>?From [^\r\n]*\r?\n)?")


@dataclass(slots=True)
class _Walk:
    """What one walk has used of its limits."""

    problems: set[Problem] = field(default_factory=set)
    parts: int = 0
    scanned_bytes: int = 0


def scan(raw: bytes, problems: set[Problem], *, depth: int = 0) -> Part:
    """The part tree of a mail.

    Raises UnparsableError above 40 MiB; every other limit is a problem code and a shallower tree.
    """
    if len(raw) > MAX_BYTES:
        raise UnparsableError(f"The mail has {len(raw)} bytes; the limit is {MAX_BYTES}.")
    if b"\n" not in raw and b"\r" in raw:  # line ends of classic Mac OS
        raw = raw.replace(b"\r", b"\n")
    match = _LEADING.match(raw)
    walk = _Walk(problems)
    return _build(walk, raw, match.end() if match else 0, len(raw), depth, _Place())


@dataclass(frozen=True, slots=True)
class _Place:
    parent_type: str = ""
    position: int = 0


def _build(walk: _Walk, raw: bytes, start: int, end: int, depth: int, place: _Place) -> Part:
    walk.parts += 1
    fields, body_start = read_fields(raw, start, end, walk.problems)
    content_type, parameters = _content_type(fields, place)
    children: tuple[Part, ...] = ()
    if content_type.startswith("multipart/"):
        walk.scanned_bytes += end - body_start
        if depth >= MAX_DEPTH or walk.scanned_bytes > MAX_SCANNED_BYTES:
            walk.problems.add(Problem.DEPTH_LIMIT)
        else:
            children = _build_children(
                walk, raw, (body_start, end), parameters.get("boundary"), content_type, depth
            )
            if not children:
                walk.problems.add(Problem.MISSING_BOUNDARY)
                content_type = "text/plain"
    return Part(
        fields, raw, body_start, end, content_type, parameters, depth, children,
        place.parent_type, place.position,
    )  # fmt: skip


def _content_type(fields: Fields, place: _Place) -> tuple[str, dict[str, str]]:
    default = "message/rfc822" if place.parent_type == "multipart/digest" else "text/plain"
    value = fields.text("content-type")
    if not value:
        return default, {}
    content_type, parameters = read_parameters(value)
    if _TYPE.fullmatch(content_type):
        return content_type, parameters
    match = _TYPE.match(content_type.replace(" ", ""))
    if match is not None:
        return match.group(), parameters
    return "text/html" if content_type == "html" else default, parameters


def _build_children(
    walk: _Walk, raw: bytes, span: tuple[int, int], boundary: str | None, parent: str, depth: int
) -> tuple[Part, ...]:
    start, end = span
    delimiter = _delimiter(raw, start, end, boundary)
    if delimiter is not None and raw.find(delimiter, start, end) < 0:
        walk.problems.add(Problem.MISSING_BOUNDARY)
        delimiter = _delimiter(raw, start, end, None)  # the named one stands nowhere
    if delimiter is None:
        return ()
    children: list[Part] = []
    for number, (part_start, part_end) in enumerate(_spans(walk, raw, start, end, delimiter)):
        if walk.parts >= MAX_PARTS:
            walk.problems.add(Problem.PART_LIMIT)
            break
        children.append(_build(walk, raw, part_start, part_end, depth + 1, _Place(parent, number)))
    return tuple(children)


def _delimiter(raw: bytes, start: int, end: int, boundary: str | None) -> bytes | None:
    """``--boundary``; one that was not named is taken from the first line that looks like it."""
    if boundary:
        return b"--" + boundary.rstrip().encode("utf-8", "surrogateescape")
    match = _UNNAMED_DELIMITER.search(raw[start : min(end, start + 4096)])
    return match.group(1).rstrip() if match else None


def _spans(
    walk: _Walk, raw: bytes, start: int, end: int, delimiter: bytes
) -> list[tuple[int, int]]:
    """Spans between delimiter lines; a missing close delimiter ends at the parent's end."""
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for match in _delimiter_lines(walk, raw, (start, end), delimiter):
        if opened is not None:
            spans.append(
                (opened, max(opened, _before_break(raw, match.start() - len(delimiter), opened)))
            )
        if match.group(1):
            return spans
        opened = match.end()
        if len(spans) > MAX_PARTS:
            break
    if opened is not None:
        walk.problems.add(Problem.TRUNCATED)
        if opened < end:
            spans.append((opened, end))
    return spans


def _delimiter_lines(
    walk: _Walk, raw: bytes, span: tuple[int, int], delimiter: bytes
) -> Iterator[re.Match[bytes]]:
    """Whole lines of the delimiter, two dashes when it closes, and blanks that gateways add.

    Lines that only begin like it are looked at 20,000 times, then the rest is taken as it is.
    """
    position, end = span
    for _ in range(MAX_DELIMITER_LOOKS):
        found = raw.find(delimiter, position, end)
        if found < 0:
            return
        position = found + len(delimiter)
        if found == 0 or raw[found - 1] in b"\r\n":
            match = _REST_OF_DELIMITER.match(raw, position, end)
            if match is not None:
                yield match
                position = match.end()
    walk.problems.add(Problem.PART_LIMIT)


def _before_break(raw: bytes, position: int, floor: int) -> int:
    """The line break before a delimiter belongs to it (RFC 2046 5.1.1)."""
    if position > floor and raw[position - 1 : position] == b"\n":
        position -= 1
        if position > floor and raw[position - 1 : position] == b"\r":
            position -= 1
    return position
