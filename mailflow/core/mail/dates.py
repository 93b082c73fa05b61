"""The Date field (RFC 5322 3.3) as senders write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_MAX_DATE_CHARACTERS = 200
_MAX_OFFSET_SECONDS = 24 * 3600 - 60
_USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) ([1-9]\d{3}) (\d\d):(\d\d):(\d\d) "
    r"([+-])(\d\d)(\d\d)",
    re.ASCII,
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")


def read_date(value: str) -> datetime | None:
    """The instant with the sender's own offset (UTC when there is none), or None."""
    text = value.strip()[:_MAX_DATE_CHARACTERS]
    usual = _USUAL.fullmatch(text)
    if usual is not None and usual.group(2) in _MONTHS:
        return _read_usual(usual)
    if _ISO.match(text):
        return _read_iso(text)
    try:
        fields = parsedate_tz(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if fields is None:
        return None
    return _moment(fields[:6], offset_seconds=fields[9] or 0)


def _read_usual(match: re.Match[str]) -> datetime | None:
    """The form of RFC 5322 3.3, which nearly all senders keep to."""
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    offset = int(zone_hours) * 3600 + int(zone_minutes) * 60
    clock = int(hour), int(minute), int(second)
    return _moment(
        (int(year), _MONTHS.index(month) + 1, int(day), *clock),
        offset_seconds=-offset if sign == "-" else offset,
    )


def _moment(fields: tuple[int, int, int, int, int, int], *, offset_seconds: int) -> datetime | None:
    """None when there is no such moment; a zone beyond a day is none, a leap second is the 59th."""
    if abs(offset_seconds) > _MAX_OFFSET_SECONDS:
        offset_seconds = 0
    zone = timezone(timedelta(seconds=offset_seconds)) if offset_seconds else UTC
    try:
        return datetime(*fields[:5], min(fields[5], 59), tzinfo=zone)
    except (ValueError, OverflowError, TypeError):
        return None


def _read_iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.replace(" UTC", "+00:00").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
