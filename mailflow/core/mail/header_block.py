"""The header block as raw fields, read within bounds and without the stdlib parser.

Identity is decided on these bytes; what a mail says for people is read elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_HEADER_BYTES = 256 * 1024
MAX_FIELDS = 1000
_WSP = (b" ", b"\t")
# The end of the last header line, and the empty line in any of its shapes.
_BLANK_LINES = ((b"\r\n", b"\r\n"), (b"\n", b"\n"), (b"\r", b"\r"), (b"\n", b"\r\n"))
_FIELD_NAME_BYTES = frozenset(range(0x21, 0x7F)) - {ord(":")}


@dataclass(frozen=True)
class HeaderField:
    """``name`` is lower case; ``value`` is everything after the colon, folding and all."""

    name: str
    raw_name: bytes
    value: bytes

    @property
    def unfolded(self) -> bytes:
        """The value without its line ends (RFC 5322 2.2.3), blanks at both ends cut."""
        return self.value.replace(b"\r", b"").replace(b"\n", b"").strip(b" \t")


@dataclass(frozen=True)
class HeaderBlock:
    """``body`` is None when the block did not end within bounds.

    ``is_sound`` is False when two programs could read two different things: lines that are no
    field, or line ends of several sorts (the trick behind SMTP smuggling).
    """

    fields: tuple[HeaderField, ...]
    body: bytes | None
    is_sound: bool

    @property
    def is_complete(self) -> bool:
        return self.body is not None

    def all(self, name: str) -> tuple[HeaderField, ...]:
        return tuple(field for field in self.fields if field.name == name)

    def count(self, name: str) -> int:
        return len(self.all(name))


def read_header_block(raw: bytes) -> HeaderBlock:
    """Read at most 256 KiB and 1,000 fields of header.

    A lone CR or LF ends a line too, because the parsers behind us take it so; then the block is
    not sound, unless all lines of the mail end in LF, as they do in a file.
    """
    head, separator, body = _split_head(raw)
    fields: list[HeaderField] = []
    pending: list[bytes] = []
    sound = _has_one_line_end(head + separator)
    for number, line in enumerate(head.splitlines(keepends=True)):
        if line.startswith(_WSP):
            sound = sound and bool(pending)
            # What continues no field belongs to none.
            pending += [line] if pending else []
            continue
        _close_field(pending, fields)
        name, colon, _ = line.partition(b":")
        if colon and _is_field_name(name):
            pending = [line]
            # Blanks before the colon are obsolete (RFC 5322 4.5): parsers disagree about them.
            sound = sound and not name.endswith(_WSP)
            continue
        # The envelope line that mbox files put on top (RFC 4155).
        is_envelope = number == 0 and line.startswith(b"From ")
        sound = sound and is_envelope
        pending = []
    _close_field(pending, fields)
    if len(fields) > MAX_FIELDS:
        return HeaderBlock(tuple(fields[:MAX_FIELDS]), None, is_sound=False)
    return HeaderBlock(tuple(fields), body, is_sound=sound and body is not None)


def _split_head(raw: bytes) -> tuple[bytes, bytes, bytes | None]:
    """Header lines, the empty line after them, and the body; None when there is no end."""
    if raw.startswith((b"\r", b"\n")):
        width = 2 if raw.startswith(b"\r\n") else 1
        return b"", raw[:width], raw[width:]
    window = raw[: MAX_HEADER_BYTES + 4]
    ends = [
        (place + len(ending), len(blank))
        for ending, blank in _BLANK_LINES
        if (place := window.find(ending + blank)) >= 0
    ]
    if not ends:
        is_whole = len(raw) <= MAX_HEADER_BYTES
        return window[:MAX_HEADER_BYTES], b"", b"" if is_whole else None
    place, width = min(ends)
    return raw[:place], raw[place : place + width], raw[place + width :]


def _has_one_line_end(head: bytes) -> bool:
    crlf = head.count(b"\r\n")
    lone_lf = head.count(b"\n") - crlf
    lone_cr = head.count(b"\r") - crlf
    return lone_cr == 0 and (lone_lf == 0 or crlf == 0)


def _is_field_name(name: bytes) -> bool:
    stripped = name.rstrip(b" \t")
    return bool(stripped) and _FIELD_NAME_BYTES.issuperset(stripped)


def _close_field(pending: list[bytes], fields: list[HeaderField]) -> None:
    if not pending:
        return
    name, _, first = pending[0].partition(b":")
    text = name.rstrip(b" \t").decode("ascii").lower()
    fields.append(HeaderField(text, name, first + b"".join(pending[1:])))
