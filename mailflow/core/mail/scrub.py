"""Cutting our own secrets out of text that goes to somebody: reply addresses and Message-IDs."""

from __future__ import annotations

import re

# ALIAS+TOKEN@DOMAIN (31 characters, after a "b" in a reverse-path) and mf1.….…@DOMAIN; the
# pieces have fixed lengths or a bound, so that hostile text costs linear time.
_TOKEN = re.compile(
    r"([A-Za-z0-9][A-Za-z0-9._\-]{0,63})\+b?[a-zA-Z2-7]{31}(@[A-Za-z0-9.\-]{1,255})"
)
_MESSAGE_ID = re.compile(r"<?mf1\.[a-zA-Z2-7]{13}\.[a-zA-Z2-7]{20}@[A-Za-z0-9.\-]{1,255}>?")
_INTERNAL_FIELDS = re.compile(
    r"^[>\s]{0,8}(?:x-[a-z0-9\-]{1,60}|reply-to|auto-submitted|message-id|return-path|delivered-to"
    r"|received|authentication-results|in-reply-to|references)\s?:\s?\S",
    re.IGNORECASE | re.MULTILINE,
)


def scrub(text: str) -> str:
    """The text with reply addresses cut down to their alias and our Message-IDs taken out."""
    if "@" not in text:
        return text
    return _MESSAGE_ID.sub("", _TOKEN.sub(r"\1\2", text))


def has_internal_header(text: str) -> bool:
    """Whether a header field that only staff or servers see was pasted or quoted into the text."""
    return _INTERNAL_FIELDS.search(text) is not None
