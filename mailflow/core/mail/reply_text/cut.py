"""Cuts a mail's text into what is new and what is quotation. A view: the text itself is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailflow.core.mail.reply_text.attribution import find_attribution, is_inline_attribution
from mailflow.core.mail.reply_text.header_block import read_header_block, read_label
from mailflow.core.mail.reply_text.notes_block import find_notes_block
from mailflow.core.mail.reply_text.separators import (
    announces_forward,
    announces_original,
    asks_reply_above,
    is_framed,
    is_rule,
    may_ask_reply_above,
)
from mailflow.core.mail.reply_text.signature import find_disclaimer, find_signature

MAX_LINES = 5_000
MAX_ENDINGS = 4  # a footer below a list's footer below a signature

_QUOTED = re.compile(r"\s{0,4}(?:>|&gt;|[A-Z]{2,3}> )")


@dataclass(frozen=True)
class ReplyText:
    """``new_text`` is made of lines of the text in their order; "" when none is the writer's."""

    new_text: str
    signature: str | None = None


def cut_reply(
    text: str,
    *,
    quoted_lines: frozenset[int] = frozenset(),
    signature_lines: frozenset[int] = frozenset(),
) -> ReplyText:
    """``quoted_lines`` and ``signature_lines`` are line numbers that HTML structure marks."""
    lines = text.split("\n", MAX_LINES)[:MAX_LINES]
    own = _find_own_lines(text, lines, quoted_lines)
    kept: list[str] = []
    signatures: list[str] = []
    previous = range(0)
    for region in _regions(lines, own):
        body, signature = _cut_signature(lines, region, signature_lines, is_first=not kept)
        if signature:
            signatures.append(signature)
        if kept and body and _has_blank_between(lines, previous, region):
            kept.append("")
        kept.extend(body)
        previous = region
    return ReplyText("\n".join(kept), "\n".join(signatures) or None)


def is_quoted(line: str) -> bool:
    head = line[:8]
    return (">" in head or "&gt;" in head) and _QUOTED.match(line) is not None


def _find_own_lines(text: str, lines: list[str], quoted_lines: frozenset[int]) -> list[bool]:
    """For each line of the text whether the writer wrote it, signature included."""
    stripped = list(map(str.strip, lines))
    own = list(map(bool, stripped))
    for number in quoted_lines:
        if number < len(own):
            own[number] = False
    cut = _find_cut(text, lines, own, stripped)
    own[cut:] = [False] * (len(lines) - cut)
    return own


def _find_cut(text: str, lines: list[str], own: list[bool], stripped: list[str]) -> int:
    """Where everything below is quotation. On the way, quoted lines and their attributions go."""
    has_marker = may_ask_reply_above(text)
    has_armour = "-----BEGIN PGP " in text
    if has_marker or has_armour:
        candidates = [number for number, is_own in enumerate(own) if is_own]
    else:
        candidates = _find_candidates(stripped)
    in_pgp = False
    for number in candidates:
        if not own[number]:
            continue
        line = stripped[number]
        if is_quoted(lines[number]):
            own[number] = False
            _drop_attribution(lines, own, number)
        elif has_armour and (in_pgp or line.startswith("-----BEGIN PGP ")):
            in_pgp = _drop_pgp(lines, own, number, in_pgp=in_pgp)
        elif _is_cut(lines, own, number, line) or (
            has_marker and asks_reply_above(line) and any(own[:number])
        ):
            return _above_rules(lines, number)
        elif line[0].isdigit() and (name := find_notes_block(stripped, number)) is not None:
            return _above_rules(lines, name)
    return len(lines)


_FIRST = frozenset("-_=*~>&\u2014\u2013\u2500")
_RULES = frozenset("-_=*~\u2014\u2013\u2500")
_LAST = frozenset(":\uff1a-*_\u200e\u200f\u202c")


def _find_candidates(stripped: list[str]) -> list[int]:
    """The cheap look that lets a writer's ordinary lines pass: the numbers of all others."""
    return [
        number
        for number, line in enumerate(stripped)
        if line
        and (
            line[0] in _FIRST
            or line[-1] in _LAST
            or ":" in (head := line[:36])
            or ">" in line[:8]
            or "\uff1a" in head
        )
    ]


def _is_cut(lines: list[str], own: list[bool], number: int, stripped: str) -> bool:
    """Whether from this line on the text is somebody else's."""
    if stripped[0] in _RULES and (
        announces_original(stripped)
        or announces_forward(stripped)
        or _is_rule_above_header(lines, number)
    ):
        return True
    if stripped[-1] in _LAST:
        if announces_forward(stripped):
            return True
        is_before_quote = _quote_follows(lines, own, number)
        start = find_attribution(lines, number, is_before_quote=is_before_quote)
        if start is not None:
            _drop(own, start, number + 1)
            return not is_before_quote
    return _starts_original(lines, number, stripped)


def _starts_original(lines: list[str], number: int, stripped: str) -> bool:
    """A header block that a client pasted, or Yahoo's attribution with text behind it."""
    if ":" not in stripped[:36] and "\uff1a" not in stripped[:36]:
        return False
    if "@" in stripped and is_inline_attribution(stripped):
        return True
    block = read_header_block(lines, number)
    return block is not None and block.is_convincing


def _quote_follows(lines: list[str], own: list[bool], number: int) -> bool:
    """Whether the next line is marked as quotation, by ``>`` or by HTML structure."""
    for following in range(number + 1, min(number + 4, len(lines))):
        if lines[following].strip():
            return not own[following] or is_quoted(lines[following])
    return False


def _drop_attribution(lines: list[str], own: list[bool], quote: int) -> None:
    """The attribution right above a quotation that begins here."""
    above = quote - 1
    while above >= 0 and quote - above <= 3 and not lines[above].strip():  # noqa: PLR2004 - two blank lines
        above -= 1
    if above < 0 or not own[above] or is_quoted(lines[above]):
        return
    start = find_attribution(lines, above, is_before_quote=True)
    if start is not None:
        _drop(own, start, above + 1)


def _drop(own: list[bool], start: int, end: int) -> None:
    for number in range(start, end):
        own[number] = False


def _drop_pgp(lines: list[str], own: list[bool], number: int, *, in_pgp: bool) -> bool:
    """Armour around a signed text; the text in it is the writer's (RFC 9580 7)."""
    own[number] = False
    if in_pgp:
        return not lines[number].startswith("-----END PGP ")
    if not lines[number].startswith("-----BEGIN PGP SIGNED"):
        return True
    if number + 1 < len(lines) and lines[number + 1].startswith("Hash:"):
        own[number + 1] = False
    return False


def _is_rule_above_header(lines: list[str], number: int) -> bool:
    """Outlook's line of underscores above From and Sent."""
    if not is_rule(lines[number]):
        return False
    for following in range(number + 1, min(number + 4, len(lines))):
        if read_label(lines[following]) is not None:
            block = read_header_block(lines, following)
            return block is not None and block.is_acceptable
        if lines[following].strip():
            return False
    return False


def _above_rules(lines: list[str], number: int) -> int:
    """Rules and blank lines right above a cut belong to what is cut."""
    while number > 0 and (
        not lines[number - 1].strip() or is_rule(lines[number - 1]) or is_framed(lines[number - 1])
    ):
        number -= 1
    return number


def _regions(lines: list[str], own: list[bool]) -> list[range]:
    """Runs of own lines with the blank lines between them; quotations separate runs."""
    regions: list[range] = []
    start = last = -1
    for number, is_own in enumerate(own):
        if is_own:
            start = number if start < 0 else start
            last = number
        elif start >= 0 and lines[number] and lines[number].strip():
            regions.append(range(start, last + 1))
            start = -1
    if start >= 0:
        regions.append(range(start, last + 1))
    return regions


def _has_blank_between(lines: list[str], before: range, after: range) -> bool:
    return any(not lines[number].strip() for number in range(before.stop, after.start))


def _cut_signature(
    lines: list[str], region: range, signature_lines: frozenset[int], *, is_first: bool
) -> tuple[list[str], str | None]:
    """A region's text without its signature and disclaimers, and the signature."""
    body = lines[region.start : region.stop]
    marked: list[str] = []
    if signature_lines:
        marked = [lines[number] for number in region if number in signature_lines]
        body = [lines[number] for number in region if number not in signature_lines]
    for _ in range(MAX_ENDINGS):
        start = find_signature(body, is_first=is_first)
        if start is None:
            disclaimer = find_disclaimer(body)
            if disclaimer is None:
                break
            body = body[:disclaimer]
        else:
            marked = body[start:] + marked
            body = body[:start]
    return _trim(body), "\n".join(_trim(marked)) or None


def _trim(lines: list[str]) -> list[str]:
    start, end = 0, len(lines)
    while end > start and not lines[end - 1].strip():
        end -= 1
    while start < end and not lines[start].strip():
        start += 1
    return lines[start:end]
