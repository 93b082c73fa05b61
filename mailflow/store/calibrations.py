"""What `check auth` found last, and for which settings: whether a server's word may be believed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.store import instance

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

LONGEST_REASON_CHARACTERS = 150
_NAME = "sender_authentication"


class CalibrationState(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Remembered:
    """``site`` is the digest of the settings that were tried; ``reason`` is of an assumption."""

    state: CalibrationState
    site: str
    at: datetime
    reason: str = ""

    def holds_for(self, site: str) -> bool:
        """Whether the site of this digest may believe its servers."""
        return self.state is not CalibrationState.FAILED and self.site == site


def remember_calibration(connection: Connection, found: Remembered) -> None:
    reason = found.reason[:LONGEST_REASON_CHARACTERS]
    note = f"{found.state} {found.site} {reason}".rstrip()
    instance.beat(connection, _NAME, now=found.at, note=note)


def last_calibration(connection: Connection) -> Remembered | None:
    """None when the site was never tried."""
    at = instance.heartbeat_at(connection, _NAME)
    state, _, rest = (instance.heartbeat_note(connection, _NAME) or "").partition(" ")
    if at is None or state not in set(CalibrationState):
        return None
    site, _, reason = rest.partition(" ")
    return Remembered(CalibrationState(state), site, at, reason)
