"""Authentication-Results (RFC 8601): which of them may be believed, and what they say.

The grammar is read token by token, because senders have their own text reflected into genuine
fields (in comments, quoted strings and addresses) and a pattern would find a verdict there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailflow.core.mail.header_block import HeaderBlock

MAX_FIELD_BYTES = 16 * 1024
_MAX_COMMENT_DEPTH = 10
_VERSION = "1"
_BLANK = " \t"
_SEPARATORS = frozenset(' \t;=()"')


@dataclass(frozen=True)
class MethodResult:
    """One ``method=result``. Names are lower case; values keep their case, quotes are gone."""

    method: str
    result: str
    reason: str | None = None
    properties: tuple[tuple[str, str], ...] = ()

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.properties if key == name)


@dataclass(frozen=True)
class AuthenticationResults:
    """One field. ``authserv_id`` is None where the server wrote none (Microsoft 365).

    ``is_malformed``: the field broke off; the results before the break stand, but no pass may
    be drawn from them.
    """

    authserv_id: str | None
    results: tuple[MethodResult, ...] = ()
    is_malformed: bool = False

    def of(self, method: str) -> tuple[MethodResult, ...]:
        return tuple(result for result in self.results if result.method == method)


class _Sort(StrEnum):
    WORD = "word"
    QUOTED = "quoted"
    MARK = "mark"


@dataclass(frozen=True)
class _Token:
    """``is_glued``: no blank or comment stands before it."""

    sort: _Sort
    text: str
    is_glued: bool


class _BrokenError(Exception):
    """The text does not follow the grammar from here on."""


def parse_authentication_results(value: bytes) -> AuthenticationResults:
    """Read an unfolded field value; never raises, linear in its length."""
    if len(value) > MAX_FIELD_BYTES:
        return AuthenticationResults(None, is_malformed=True)
    try:
        tokens = _tokens(value.decode("utf-8", "replace"))
    except _BrokenError:
        return AuthenticationResults(None, is_malformed=True)
    groups = _split_at_semicolons(tokens)
    # Microsoft 365 begins with the first result: "spf=pass (...) smtp.mailfrom=...".
    has_id = not any(token.text == "=" and token.sort is _Sort.MARK for token in groups[0])
    authserv_id = _read_authserv_id(groups[0]) if has_id else None
    results: list[MethodResult] = []
    for group in groups[1:] if has_id else groups:
        if not group or _is_no_result(group):
            continue
        try:
            results.append(_read_result(group))
        except _BrokenError:
            return AuthenticationResults(authserv_id, tuple(results), is_malformed=True)
    return AuthenticationResults(authserv_id, tuple(results), has_id and authserv_id is None)


def read_admissible_results(
    header: HeaderBlock, *, authserv_id: str | None, trusted_hops: int
) -> tuple[AuthenticationResults, ...]:
    """The fields written by our own border: its exact id, above the last trusted Received.

    Of these, only the top-most block (between two Received fields) counts. Without a configured
    id nothing is admissible: anyone can write such a field.
    """
    if not authserv_id:
        return ()
    block: list[AuthenticationResults] = []
    hops = 0
    for field in header.fields:
        if field.name == "received":
            hops += 1
            if block or hops >= trusted_hops:
                break
        elif field.name == "authentication-results":
            parsed = parse_authentication_results(field.unfolded)
            if parsed.authserv_id == authserv_id:
                block.append(parsed)
    return tuple(block)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place, glued = 0, False
    while place < len(text):
        c = text[place]
        if c in _BLANK:
            place, glued = place + 1, False
        elif c == "(":
            place, glued = _skip_comment(text, place), False
        elif c == ")":
            raise _BrokenError
        elif c == '"':
            content, place = _read_quoted(text, place)
            found.append(_Token(_Sort.QUOTED, content, glued))
            glued = True
        elif c in ";=":
            found.append(_Token(_Sort.MARK, c, glued))
            place, glued = place + 1, True
        else:
            end = place
            while end < len(text) and text[end] not in _SEPARATORS:
                end += 1
            found.append(_Token(_Sort.WORD, text[place:end], glued))
            place, glued = end, True
    return found


def _skip_comment(text: str, start: int) -> int:
    depth, place = 0, start
    while place < len(text):
        c = text[place]
        if c == "\\":
            place += 1
        elif c == "(":
            depth += 1
            if depth > _MAX_COMMENT_DEPTH:
                raise _BrokenError
        elif c == ")":
            depth -= 1
            if depth == 0:
                return place + 1
        place += 1
    raise _BrokenError


def _read_quoted(text: str, start: int) -> tuple[str, int]:
    content: list[str] = []
    place = start + 1
    while place < len(text):
        c = text[place]
        if c == '"':
            return "".join(content), place + 1
        if c == "\\":
            place += 1
            c = text[place : place + 1]
        content.append(c)
        place += 1
    raise _BrokenError


def _split_at_semicolons(tokens: list[_Token]) -> list[list[_Token]]:
    groups: list[list[_Token]] = [[]]
    for token in tokens:
        if token.sort is _Sort.MARK and token.text == ";":
            groups.append([])
        else:
            groups[-1].append(token)
    return groups


def _read_authserv_id(group: list[_Token]) -> str | None:
    """``authserv-id [version]``: one word, then the one version there is; None if otherwise."""
    if len(group) not in {1, 2} or any(token.sort is not _Sort.WORD for token in group):
        return None
    if len(group) > 1 and group[1].text != _VERSION:
        return None
    return group[0].text


def _is_no_result(group: list[_Token]) -> bool:
    return len(group) == 1 and group[0].text.lower() == "none"


def _read_result(group: list[_Token]) -> MethodResult:
    pairs = _read_pairs(group)
    method, result = pairs[0]
    properties = tuple((name, value) for name, value in pairs[1:] if name != "reason")
    reason = next((value for name, value in pairs[1:] if name == "reason"), None)
    return MethodResult(method.partition("/")[0], result.lower(), reason, properties)


def _read_pairs(group: list[_Token]) -> list[tuple[str, str]]:
    """``name = value`` over and over; a value is what hangs together after the equals sign."""
    pairs: list[tuple[str, str]] = []
    place = 0
    while place < len(group):
        name: list[str] = []
        while place < len(group) and group[place].sort is _Sort.WORD:
            name.append(group[place].text)
            place += 1
        if not name or place >= len(group) or group[place].text != "=":
            raise _BrokenError
        place += 1
        value: list[str] = []
        while place < len(group) and (not value or group[place].is_glued):
            value.append(group[place].text)
            place += 1
        if not value:
            raise _BrokenError
        pairs.append((_join_name(name), "".join(value)))
    return pairs


def _join_name(words: list[str]) -> str:
    """Blanks may stand around the dot of ``ptype . property`` and the slash of a version."""
    for left, right in pairwise(words):
        if not left.endswith((".", "/")) and not right.startswith((".", "/")):
            raise _BrokenError
    return "".join(words).lower()
