"""Whether a machine's time can be believed, by what has passed and what is on record."""

from __future__ import annotations

from datetime import datetime, timedelta

LARGEST_STEP = timedelta(hours=1)
LONGEST_SILENCE = timedelta(days=30)


def say_jump(told: datetime, expected: datetime) -> str | None:
    """Why ``told`` is not believed while ``expected`` is what steady seconds add up to."""
    if abs(told - expected) <= LARGEST_STEP:
        return None
    direction = "ahead" if told > expected else "back"
    return f"the clock jumped {direction} from {expected:%Y-%m-%d %H:%M} to {told:%Y-%m-%d %H:%M}"


def say_gap(told: datetime, last: datetime) -> str | None:
    """Why ``told`` is not believed at a start, when ``last`` is the last moment on record."""
    if told - last > LONGEST_SILENCE:
        return f"the clock says {told:%Y-%m-%d %H:%M}, and the last word is of {last:%Y-%m-%d}"
    if last - told > LARGEST_STEP:
        return f"the clock says {told:%Y-%m-%d %H:%M}, before the last word of {last:%Y-%m-%d}"
    return None
