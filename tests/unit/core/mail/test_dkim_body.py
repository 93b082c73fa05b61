from __future__ import annotations

from typing import Any

import dkim.canonicalization
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.core.mail.dkim_body import canonicalize_body

_dkimpy: Any = dkim.canonicalization


@pytest.mark.parametrize(
    ("canon", "body", "expected"),
    [
        # The bodies of RFC 6376 3.4.5, and the empty one of 3.4.3 and 3.4.4.
        ("relaxed", b" C \r\nD \t E\r\n\r\n\r\n", b" C\r\nD E\r\n"),
        ("simple", b" C \r\nD \t E\r\n\r\n\r\n", b" C \r\nD \t E\r\n"),
        ("relaxed", b"", b""),
        ("simple", b"", b"\r\n"),
        ("relaxed", b"\r\n\r\n", b""),
        ("relaxed", b"x\r\r\n\r\n", b"x\r\r\n"),
        ("simple", b"x\n\r\n\r\n", b"x\n\r\n"),
        ("simple", b"x\r\n\n", b"x\r\n\n\r\n"),
    ],
)
def test_body_ends_in_one_line_end(canon: str, body: bytes, expected: bytes) -> None:
    assert canonicalize_body(body, canon) == expected


@given(st.text(alphabet="ab \t\r\n", max_size=40))
@pytest.mark.parametrize(("canon", "peer"), [("simple", "Simple"), ("relaxed", "Relaxed")])
def test_body_comes_out_as_from_another_implementation(canon: str, peer: str, text: str) -> None:
    body = text.encode()

    assert canonicalize_body(body, canon) == getattr(_dkimpy, peer).canonicalize_body(body)
