"""The Date field (RFC 5322 3.3) as senders write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_MAX_DATE_CHARACTERS = 200
_MAX_OFFSET_SECONDS = 24 * 3600 - 60
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")


def read_date(value: str) -> datetime | None:
    """The instant with the sender's own offset (UTC when there is none), or None."""
    text = value.strip()[:_MAX_DATE_CHARACTERS]
    if _ISO.match(text):
        return _read_iso(text)
    try:
        fields = parsedate_tz(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if fields is None:
        return None
    offset = fields[9] or 0
    if abs(offset) > _MAX_OFFSET_SECONDS:
        offset = 0
    zone = timezone(timedelta(seconds=offset)) if offset else UTC
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
