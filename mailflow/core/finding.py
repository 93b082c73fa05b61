"""One thing that `mailflow check` found: good, doubtful or wrong, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """``area`` is what was looked at (config, keyring, imap …), ``code`` a neutral word.

    ``mend`` is a sentence in the imperative; "" where there is nothing to mend.
    """

    area: str
    code: str
    severity: Severity
    message: str
    mend: str = ""


def good(area: str, code: str, message: str) -> Finding:
    return Finding(area, code, Severity.GOOD, message)


def warning(area: str, code: str, message: str, *, mend: str) -> Finding:
    return Finding(area, code, Severity.WARNING, message, mend)


def error(area: str, code: str, message: str, *, mend: str) -> Finding:
    return Finding(area, code, Severity.ERROR, message, mend)
