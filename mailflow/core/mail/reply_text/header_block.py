"""Header lines that a client pastes above an original: From, Sent, To, Subject in any language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailflow.core.mail.reply_text.labels import MAX_LABEL_CHARACTERS, ROLES, Role

MAX_BLOCK_LINES = 40
_MAX_CONTINUATIONS = 6
_MAX_LABEL_PLACE = 48  # the characters of a line within which its label's colon must stand
_DIGIT = re.compile(r"\d")
_MARKUP = "*_ \t\xa0"


@dataclass(frozen=True)
class HeaderBlock:
    """Values by role; ``end`` is the line after the block."""

    fields: dict[Role, str]
    start: int
    end: int

    @property
    def is_convincing(self) -> bool:
        """Three fields with a sender and a date that look like such, so that a writer's own
        ``From: 5 January / To: 9 January`` stays.
        """
        sender = self.fields.get(Role.FROM, "")
        if len(self.fields) < 3 or not sender:  # noqa: PLR2004 - see above
            return False
        if "@" in sender:
            return True
        date = self.fields.get(Role.DATE, "")
        return (
            bool(_DIGIT.search(date)) and not sender[:1].isdigit() and
            (Role.SUBJECT in self.fields or Role.TO in self.fields)
        )  # fmt: skip

    @property
    def is_acceptable(self) -> bool:
        """Enough after a line that announces an original."""
        return Role.FROM in self.fields and len(self.fields) >= 2  # noqa: PLR2004 - sender and one more


def unquote(line: str) -> str:
    """A line without quotation marks in front (Apple quotes the block it forwards)."""
    return line.lstrip("> \t\xa0|")


def read_label(line: str) -> tuple[Role, str] | None:
    """Role and value of a header line; bold marks around the label are ignored."""
    head = line[:_MAX_LABEL_PLACE]
    if ":" not in head and "\uff1a" not in head:
        return None
    text = unquote(line)
    colon = text.find(":", 0, MAX_LABEL_CHARACTERS + 8)
    wide = text.find("\uff1a", 0, MAX_LABEL_CHARACTERS + 8)
    if wide >= 0 and (colon < 0 or wide < colon):
        colon = wide
    if colon <= 0:
        return None
    label = text[:colon].strip(_MARKUP).lower()
    role = ROLES.get(label) or ROLES.get(" ".join(label.split()))
    if role is None:
        return None
    return role, text[colon + 1 :].strip(_MARKUP)


def find_labels(text: str, max_lines: int) -> list[int]:
    """The numbers of the lines that begin with a label: a line's first colon tells."""
    if "\uff1a" in text:
        lines = text.split("\n", max_lines)[:max_lines]
        return [number for number, line in enumerate(lines) if read_label(line) is not None]
    found: list[int] = []
    number = start = 0
    while (colon := text.find(":", start)) >= 0:
        number += text.count("\n", start, colon)
        start = text.rfind("\n", start, colon) + 1 or start
        if number >= max_lines:
            break
        if read_label(text[start : start + _MAX_LABEL_PLACE]) is not None:
            found.append(number)
        start = text.find("\n", colon) + 1
        if not start:
            break
        number += 1
    return found


def read_header_block(lines: list[str], start: int) -> HeaderBlock | None:
    """The block whose first label stands at ``start``; None when that line has no label."""
    first = read_label(lines[start])
    if first is None:
        return None
    fields: dict[Role, str] = {}
    last: Role | None = None
    position = end = start
    limit = min(len(lines), start + MAX_BLOCK_LINES)
    while position < limit:
        label = read_label(lines[position])
        text = unquote(lines[position]).strip(_MARKUP)
        if label is not None:
            role, value = label
            if role in fields and role is not Role.OTHER and value:
                if role in (Role.FROM, Role.DATE, Role.SUBJECT):
                    break
                value = f"{fields[role]}, {value}"
            fields[role] = value
            last = role
        elif not _continues(lines, position, limit, text, fields.get(last or Role.OTHER, "")):
            break
        elif text and last is not None:
            fields[last] = f"{fields[last]} {text}".strip()
        position += 1
        end = position if text else end
    fields.pop(Role.OTHER, None)
    return HeaderBlock(fields, start, end)


def _continues(lines: list[str], position: int, limit: int, text: str, so_far: str) -> bool:
    """A blank or wrapped line belongs to the block when a label follows soon, or a value lacks."""
    following = range(position + 1, min(position + 1 + _MAX_CONTINUATIONS, limit))
    if not text:
        number = position + 1
        return number < limit and (read_label(lines[number]) is not None or not so_far)
    if not so_far or text[0] == "<" or so_far.endswith((",", ";")):
        return True
    for number in following:
        if not unquote(lines[number]).strip():
            return False
        if read_label(lines[number]) is not None:
            return True
    return False
