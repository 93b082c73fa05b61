"""Reading what an IMAP server answers, and writing sets and names for it. No connection here."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from mailflow.errors import TemporaryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_UID = re.compile(rb"\bUID (\d+)")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')
_INTERNAL_DATE = re.compile(
    r"\s?(\d{1,2})-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"
)
_ACL_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905 (RFC 3501 order)


def read_responses(
    data: list[Any], asked: frozenset[int]
) -> Iterator[tuple[int, datetime, bytes, bytes]]:
    """(UID, INTERNALDATE, the rest, literal) of each answer to our question.

    A server may slip in news about other mails; what has no UID of ours or no literal is news.
    """
    for position, item in enumerate(data):
        if not isinstance(item, tuple):
            continue
        after = data[position + 1] if position + 1 < len(data) else b""
        meta = item[0] + (b" " + after if isinstance(after, bytes) else b"")
        uid = read_number(_UID, meta)
        date = _DATE.search(meta)
        if uid in asked and date is not None:
            yield uid, _read_date(date.group(1).decode("ascii", "replace")), meta, item[1]


def read_number(pattern: re.Pattern[bytes], meta: bytes) -> int:
    match = pattern.search(meta)
    return int(match.group(1)) if match else 0


def _read_date(text: str) -> datetime:
    """INTERNALDATE (RFC 3501 9): the server's receipt, the only time that clocks start from."""
    match = _INTERNAL_DATE.match(text)
    if match is None:
        raise TemporaryError("IMAP: an INTERNALDATE cannot be read")
    day, month, year, hour, minute, second, sign, off_hours, off_minutes = match.groups()
    offset = timedelta(hours=int(off_hours), minutes=int(off_minutes))
    zone = timezone(-offset if sign == "-" else offset)
    local = datetime(
        int(year),
        _MONTHS.index(month) + 1,
        int(day),
        int(hour),
        int(minute),
        int(second),
        tzinfo=zone,
    )
    return local.astimezone(UTC)


def read_copyuid(answer: bytes) -> dict[int, tuple[int, int]]:
    """RFC 4315 3: ``uidvalidity old-set new-set``, both sets in the same order."""
    words = answer.decode("ascii", "replace").split()
    if len(words) != 3:  # noqa: PLR2004 (the three words of the response code)
        return {}
    validity, old, new = words
    pairs = zip(_expand(old), _expand(new), strict=False)
    return {before: (int(validity), after) for before, after in pairs}


def _expand(uid_set: str) -> list[int]:
    uids: list[int] = []
    for part in uid_set.split(","):
        first, _, last = part.partition(":")
        ends = sorted((int(first), int(last or first)))
        uids += range(ends[0], ends[1] + 1)
    return uids


def write_uid_set(uids: Sequence[int]) -> str:
    """Runs are written as ranges, so that thousands of UIDs fit a command line."""
    runs: list[list[int]] = []
    for uid in sorted(uids):
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(str(a) if a == b else f"{a}:{b}" for a, b in runs)


def quote_folder(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def read_acl(data: Sequence[bytes | None]) -> tuple[str, ...]:
    """Who has the right to read, of ``folder identifier rights ...`` (RFC 4314 3.6). A name with a
    minus before it loses rights and has none.
    """
    readers: list[str] = []
    for line in data:
        text = (line or b"").decode("utf-8", "replace")
        _, *listed = (quoted or plain for quoted, plain in _ACL_WORD.findall(text) or [("", "")])
        pairs = zip(listed[::2], listed[1::2], strict=False)
        readers += [who for who, rights in pairs if "r" in rights and not who.startswith("-")]
    return tuple(dict.fromkeys(readers))
