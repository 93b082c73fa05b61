"""Links that open a mail ready to send (RFC 6068)."""

from __future__ import annotations

from urllib.parse import quote

_LONGEST_BODY = 1_000


def write_mailto(address: str, *, subject: str, body: str = "") -> str:
    """Line ends become CRLF, as RFC 6068 5 wants them; the address is one of ours."""
    link = f"mailto:{quote(address, safe='@+.-_')}?subject={quote(subject, safe='')}"
    if not body:
        return link
    text = body[:_LONGEST_BODY].replace("\r\n", "\n").replace("\n", "\r\n")
    return f"{link}&body={quote(text, safe='')}"
