"""What the writer wrote now: the text less quotation, signature and disclaimer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReplyText:
    new_text: str
    signature: str | None = None


def cut_reply(text: str, *, quoted_lines: frozenset[int] = frozenset()) -> ReplyText:
    lines = [
        line
        for number, line in enumerate(text.split("\n"))
        if number not in quoted_lines and not line.startswith(">")
    ]
    return ReplyText("\n".join(lines).strip())
