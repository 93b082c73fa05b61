"""Whose a reply address is and what a mail to it does; both are part of the signed token."""

from __future__ import annotations

from enum import StrEnum


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
