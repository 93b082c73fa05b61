"""Plain text under construction: white space collapsed, blank lines counted, marks kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SPACE = re.compile(r"[ \t\r\n\f]+")
MAX_LINES = 100_000


@dataclass(slots=True)
class LineWriter:
    """``quoted`` and ``signature`` count the elements around the text that is being written."""

    lines: list[str] = field(default_factory=list)
    quoted_lines: set[int] = field(default_factory=set)
    signature_lines: set[int] = field(default_factory=set)
    header_candidates: list[int] = field(default_factory=list)
    quoted: int = 0
    signature: int = 0
    prefix: str = ""
    is_cell_fresh: bool = False
    _pieces: list[str] = field(default_factory=list)
    _blank_lines: int = 0

    def write(self, text: str) -> None:
        collapsed = _SPACE.sub(" ", text)
        if not self._pieces or self._pieces[-1].endswith(" "):
            collapsed = collapsed.lstrip(" ")
        if collapsed:
            self.is_cell_fresh = False
            self._begin()
            self._pieces.append(collapsed)

    def write_verbatim(self, text: str) -> None:
        self.is_cell_fresh = False
        first, *rest = text.split("\n")
        if first:
            self._begin()
            self._pieces.append(first)
        for line in rest:
            self.force_break()
            if line:
                self._begin()
                self._pieces.append(line)

    def _begin(self) -> None:
        if self._pieces:
            return
        if self.lines:
            self.lines.extend([""] * self._blank_lines)
        self._blank_lines = 0
        if self.prefix:
            self._pieces.append(self.prefix)
            self.prefix = ""
        number = len(self.lines)
        if self.quoted:
            self.quoted_lines.add(number)
        if self.signature:
            self.signature_lines.add(number)

    @property
    def is_line_open(self) -> bool:
        return bool(self._pieces)

    @property
    def number(self) -> int:
        """The line that is being written, or would be next."""
        is_blank_pending = bool(self.lines) and not self._pieces
        return len(self.lines) + (self._blank_lines if is_blank_pending else 0)

    def end_line(self) -> None:
        """A line break unless the line is still empty."""
        if self._pieces:
            self.lines.append("".join(self._pieces).rstrip(" \xa0").replace("\xa0", " "))
            self._pieces.clear()

    def force_break(self) -> None:
        """A line break that counts even on an empty line (br)."""
        if self._pieces:
            self.end_line()
        else:
            self._blank_lines = min(self._blank_lines + 1, 2)

    def end_paragraph(self) -> None:
        self.end_line()
        self._blank_lines = max(self._blank_lines, 1)

    def reopen_line(self, separator: str) -> None:
        """Goes on in the line just ended: the next cell of a table row. ``Label:`` needs no bar."""
        if not self._pieces and self.lines:
            self._pieces.append(self.lines.pop())
            self._blank_lines = 0
        if self._pieces:
            is_label = self._pieces[-1].rstrip().endswith(":")
            self._pieces.append(" " if is_label else separator)
