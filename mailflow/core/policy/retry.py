"""When to try a mail again (RFC 5321 4.5.4.1: back off, give up after about five days)."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=60)
GIVE_UP_AFTER = timedelta(days=5)
AMBIGUOUS_WAIT = timedelta(minutes=2)
CANNOT_CONNECT = "cannot connect"
"""Why a mail was put off that the relay was never asked about: it goes once the relay is back."""


def next_attempt(
    *, now: datetime, tries: int, created_at: datetime, jitter: float
) -> datetime | None:
    """1, 2, 4 … 60 minutes after ``now``, spread by ``jitter`` (0..1 adds up to a tenth).

    None when five days have passed since ``created_at``: the mail is dead.
    """
    if now - created_at >= GIVE_UP_AFTER:
        return None
    doublings = min(max(tries - 1, 0), 10)
    wait = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    return now + wait * (1 + 0.1 * jitter)
