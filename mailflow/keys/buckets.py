"""Names of the buckets of key-encryption keys, and when a bucket may be destroyed."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class Bucket(StrEnum):
    """What the data keys of a bucket have in common."""

    OPEN = "open"
    EXPIRY = "exp"
    HOLD = "hold"
    INTAKE = "intake"


_NAME = re.compile(r"(?:open|exp|hold|intake)-([0-9]{4}(?:0[1-9]|1[0-2]))|hold|intake", re.ASCII)


def bucket_name(bucket: Bucket, month: date) -> str:
    """``open-202610``: of the month in which it is used, for ``exp`` of the end of retention."""
    return f"{bucket}-{month:%Y%m}"


def is_bucket_name(name: str) -> bool:
    """``hold`` and ``intake`` also exist without a month; such a bucket is never destroyed."""
    return _NAME.fullmatch(name) is not None


def has_passed(name: str, today: date) -> bool:
    """Only then may a bucket be destroyed: until then another process may still use it."""
    match = _NAME.fullmatch(name)
    return match is not None and match[1] is not None and match[1] < f"{today:%Y%m}"
