"""Delivery status notifications (RFC 3464)."""

from __future__ import annotations

from mailflow.core.mail.message import Bounce
from mailflow.core.mail.part import Part


def read_bounce(root: Part, text: str, subject: str) -> Bounce | None:
    del root, text, subject
    return None
