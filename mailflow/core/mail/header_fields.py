"""Header blocks as fields (RFC 5322 2.2), read from bytes in linear time and within limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from mailflow.core.mail.charset import guess_text
from mailflow.core.mail.problems import Problem

MAX_FIELDS = 1_000
MAX_FIELD_BYTES = 64 * 1024
MAX_HEADER_BYTES = 256 * 1024

_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_FIELD = re.compile(
    rb"^" + _NAME.pattern + rb"([^\n]*+(?:\n[ \t][^\n]*+)*+)(?:\n|\Z)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields in order of appearance: lower-case name and raw unfolded value."""

    pairs: tuple[tuple[str, bytes], ...]
    firsts: dict[str, bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "firsts", dict(reversed(self.pairs)))

    def first(self, name: str) -> bytes | None:
        return self.firsts.get(name)

    def every(self, name: str) -> tuple[bytes, ...]:
        if name not in self.firsts:
            return ()
        return tuple(value for key, value in self.pairs if key == name)

    def text(self, name: str) -> str:
        """The first value as text, undecoded; "" when the field is absent."""
        value = self.firsts.get(name)
        return "" if value is None else raw_text(value)

    def has(self, name: str) -> bool:
        return name in self.firsts


def raw_text(value: bytes) -> str:
    """Bytes of a field as text: UTF-8 (RFC 6532), else the likeliest code of old clients."""
    try:
        return value.decode("ascii")
    except UnicodeDecodeError:
        return guess_text(value)


def find_header_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block ends and the body begins: (end of fields, start of body)."""
    if raw.startswith((b"\n", b"\r\n"), start, end):
        return start, start + (1 if raw[start : start + 1] == b"\n" else 2)
    limit = min(end, start + MAX_HEADER_BYTES * 4)
    crlf = raw.find(b"\n\r\n", start, limit)
    bare = raw.find(b"\n\n", start, crlf + 4 if crlf >= 0 else limit)
    if bare >= 0:
        return bare + 1, bare + 2
    if crlf >= 0:
        return crlf + 1, crlf + 3
    return end, end


def read_fields(raw: bytes, start: int, end: int, problems: set[Problem]) -> tuple[Fields, int]:
    """The fields of the block at ``start`` and where the body begins.

    A line that is no field ends the header when no field follows it, as in mail whose blank line
    was lost; otherwise it is left out.
    """
    header_end, body_start = find_header_end(raw, start, end)
    if header_end - start > MAX_HEADER_BYTES:
        problems.add(Problem.FIELD_LIMIT)
    block = raw[start : min(header_end, start + MAX_HEADER_BYTES)]
    block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    fields = _read_clean_block(block, problems)
    if fields is not None:
        return fields, body_start
    lines = block.split(b"\n")
    pairs: list[tuple[str, list[bytes]]] = []
    offset = start
    for number, line in enumerate(lines):
        if line[:1] in b" \t" and line[:1]:
            if pairs:
                pairs[-1][1].append(line)
        elif match := _NAME.match(line):
            if len(pairs) >= MAX_FIELDS:
                problems.add(Problem.FIELD_LIMIT)
                break
            pairs.append((_lower_name(match.group(1)), [line[match.end() :]]))
        elif line and not _is_envelope_line(line):
            problems.add(Problem.BAD_HEADER_LINE)
            if not _field_follows(lines, number):
                body_start = _line_start(raw, offset, line, end)
                break
        offset += len(line) + 1
    unfolded = ((name, _bound(b"".join(parts), problems)) for name, parts in pairs)
    return Fields(tuple(unfolded)), body_start


def _read_clean_block(block: bytes, problems: set[Problem]) -> Fields | None:
    """The fields of a block that holds nothing else, as nearly all do; None for any other."""
    found: list[tuple[bytes, bytes]] = _FIELD.findall(block)
    lines_read = len(found) + sum(value.count(b"\n") for _, value in found)
    if lines_read != block.count(b"\n") or not block.endswith(b"\n") or len(found) > MAX_FIELDS:
        return None
    pairs = [(_lower_name(name), value.replace(b"\n", b"").strip()) for name, value in found]
    if len(block) > MAX_FIELD_BYTES:
        pairs = [(name, _bound(value, problems)) for name, value in pairs]
    return Fields(tuple(pairs))


@lru_cache(maxsize=512)
def _lower_name(name: bytes) -> str:
    return name.decode("ascii").lower()


def _is_envelope_line(line: bytes) -> bool:
    return line.startswith((b"From ", b">From "))


def _field_follows(lines: list[bytes], number: int) -> bool:
    return any(_NAME.match(line) for line in lines[number + 1 : number + 3])


def _line_start(raw: bytes, offset: int, line: bytes, end: int) -> int:
    found = raw.find(line, offset, end)
    return found if found >= 0 else end


def _bound(value: bytes, problems: set[Problem]) -> bytes:
    if len(value) > MAX_FIELD_BYTES:
        problems.add(Problem.FIELD_LIMIT)
        value = value[:MAX_FIELD_BYTES]
    return value.strip()
