"""The very words of a mail that decided, for the person who has to judge the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailflow.core.mail.message import Message
    from mailflow.core.policy.rules.classification import Classification

Span = tuple[str, int, int]

MOST_SHOWN = 5
_LONGEST = 80


def deciding_words(message: Message, found: Classification) -> tuple[str, ...]:
    """Each matched piece of the subject, the new text or the forward, once, in the mail's own
    spelling; a piece within another is left out, a long one is cut in its middle.
    """
    fields = {
        "subject": message.subject,
        "text": message.new_text if message.new_text.strip() else message.text,
        "forwarded": message.forwarded.text if message.forwarded else "",
    }
    if message.forwarded is not None and not message.new_text.strip():
        fields["text"] = ""
    words: dict[str, None] = {}
    spans = [(why.field, *why.span) for why in found.why]
    for field, start, end in spans:
        piece = " ".join(fields.get(field, "")[start:end].split())
        if piece and not _is_inside_another((field, start, end), spans):
            words[_cut(piece)] = None
    return tuple(words)[:MOST_SHOWN]


def _is_inside_another(span: Span, spans: Iterable[Span]) -> bool:
    """The shorter piece tells nothing beside the longer one."""
    field, start, end = span
    return any(
        other == field and first <= start and end <= last and (first, last) != (start, end)
        for other, first, last in spans
    )


def _cut(piece: str) -> str:
    if len(piece) <= _LONGEST:
        return piece
    half = _LONGEST // 2 - 1
    return f"{piece[:half]} … {piece[-half:]}"
