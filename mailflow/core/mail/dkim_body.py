"""The body as DKIM hashes it (RFC 6376 3.4.3 and 3.4.4), in time linear in its length."""

from __future__ import annotations

_CRLF = b"\r\n"


def canonicalize_body(body: bytes, canon: str) -> bytes:
    """``canon`` is simple or relaxed. A line ends in CRLF alone; bare CR and LF are content."""
    if canon == "relaxed":
        body = _squeeze_blanks(body).replace(b" \r\n", _CRLF)
    text = _without_empty_end(body)
    if canon == "relaxed" and not text:
        return b""
    return text + _CRLF


def _squeeze_blanks(body: bytes) -> bytes:
    """Every run of blanks as one blank; each round halves the runs, so the work stays linear."""
    body = body.replace(b"\t", b" ")
    while b"  " in body:
        body = body.replace(b"  ", b" ")
    return body


def _without_empty_end(body: bytes) -> bytes:
    """Less all CRLF pairs at the end."""
    if not body.endswith(_CRLF):
        return body
    text = body.rstrip(_CRLF)
    tail = body[len(text) :]
    # Pairs reach back to the last place where the alternation of CR and LF is broken.
    broken = max(tail.rfind(b"\r\r"), tail.rfind(b"\n\n")) + 1
    kept = broken + (1 if tail.startswith(b"\n", broken) else 0)
    return text + tail[:kept]
