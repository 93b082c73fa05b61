"""Is it a machine's mail, and may it be answered (RFC 3834)."""

from __future__ import annotations

from mailflow.core.mail.message import Bounce, Kind
from mailflow.core.mail.part import Part


def classify(root: Part, subject: str, text: str, bounce: Bounce | None) -> Kind:
    del root, subject, text
    return Kind.BOUNCE if bounce else Kind.PERSON


def may_acknowledge(root: Part, subject: str, kind: Kind) -> bool:
    del root, subject
    return kind is Kind.PERSON
