"""Whose a reply address is and what a mail to it does; both are part of the signed token."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case import Case

LIFE_AFTER_END = timedelta(days=90)


class Audience(StrEnum):
    STAFF = "staff"
    REQUESTER = "requester"
    EXTERNAL = "external"


class Purpose(StrEnum):
    """What a mail to the token's address is for."""

    REPLY = "reply"
    NOTE = "note"
    BOUNCE = "bounce"
    CONFIRM = "confirm"
    SETTLE = "settle"
    REOPEN = "reopen"
    RATE1 = "rate1"
    RATE2 = "rate2"
    RATE3 = "rate3"
    RATE4 = "rate4"
    RATE5 = "rate5"
    FORM = "form"


def good_until(case: Case) -> datetime | None:
    """When the reply addresses of an ended case stop routing; None while it lives. Opening it
    again gives them a new life.
    """
    return case.ended_at + LIFE_AFTER_END if case.ended_at is not None else None
