from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.core.mail.authentication_results import (
    AuthenticationResults,
    MethodResult,
    parse_authentication_results,
    read_admissible_results,
)
from mailflow.core.mail.header_block import read_header_block


def test_results_of_the_rfc_example_are_read() -> None:
    # The shape of RFC 8601 appendix B.6, with invented hosts.
    found = parse_authentication_results(
        b'mx.example.com; dkim=pass reason="good signature" header.i=@mail.example.net; '
        b'dkim=fail (bad key) reason="x" header.i=@example.org;'
        b" auth=pass (cram-md5) smtp.auth=sender@example.net"
    )

    assert found == AuthenticationResults(
        "mx.example.com",
        (
            MethodResult("dkim", "pass", "good signature", (("header.i", "@mail.example.net"),)),
            MethodResult("dkim", "fail", "x", (("header.i", "@example.org"),)),
            MethodResult("auth", "pass", None, (("smtp.auth", "sender@example.net"),)),
        ),
    )


def test_results_of_microsoft_365_have_no_identifier() -> None:
    found = parse_authentication_results(
        b"spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=acme.example; dkim=pass (signature was"
        b" verified) header.d=acme.example;dmarc=pass action=none header.from=acme.example;"
        b"compauth=pass reason=100"
    )

    assert found.authserv_id is None
    assert not found.is_malformed
    assert [(result.method, result.result) for result in found.results] == [
        ("spf", "pass"),
        ("dkim", "pass"),
        ("dmarc", "pass"),
        ("compauth", "pass"),
    ]
    assert found.of("dkim")[0].values("header.d") == ("acme.example",)
    assert found.of("compauth")[0].reason == "100"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"a.example; none", ()),
        (b"a.example;", ()),
        (b"a.example; dkim/1=pass", (("dkim", "pass"),)),
        (b"a.example; dkim / 1 = PASS", (("dkim", "pass"),)),
        (b"a.example; spf=pass smtp.mailfrom=b+c=d@e.example", (("spf", "pass"),)),
        (b'a.example; spf=pass smtp.mailfrom="x\\"; dkim=pass"@e.example', (("spf", "pass"),)),
        (b"a.example; spf=pass (\\) dkim=pass)", (("spf", "pass"),)),
    ],
)
def test_well_formed_values_give_their_results_and_no_others(
    value: bytes, expected: tuple[tuple[str, str], ...]
) -> None:
    found = parse_authentication_results(value)

    assert not found.is_malformed
    assert tuple((result.method, result.result) for result in found.results) == expected


@pytest.mark.parametrize(
    "value",
    [
        b"a.example; dkim",
        b"a.example; =pass",
        b"a.example; dkim=",
        b"a.example; dkim=pass stray header.d=b",
        b"a.example; dkim=pass header.d=",
        b'a.example; "dkim"=pass',
        b"a.example b c; dkim=pass",
        b"; dkim=pass",
        b"",
        b"a.example; spf=pass (",
        b"a.example; spf=pass )",
        b'a.example; spf=pass smtp.helo="',
        b'a.example; spf=pass smtp.helo="\\',
        b"a.example; spf=pass " + b"(" * 20 + b")" * 20,
        b"x" * 20000,
    ],
)
def test_broken_value_is_called_malformed(value: bytes) -> None:
    assert parse_authentication_results(value).is_malformed


@given(st.text(alphabet='a.=;/() "\\1', max_size=80))
def test_no_text_in_a_quoted_string_or_comment_becomes_a_result(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    commented = quoted.replace("(", "\\(").replace(")", "\\)")
    value = f'a.example; spf=pass ({commented}) smtp.helo="{quoted}"'

    found = parse_authentication_results(value.encode())

    assert found.results == (MethodResult("spf", "pass", None, (("smtp.helo", text),)),)


@given(st.binary(max_size=300))
def test_whatever_arrives_is_read_without_an_error(value: bytes) -> None:
    parse_authentication_results(value)


def _header(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


_OURS = "Authentication-Results: mx.acme.example; dkim=pass"
_THEIRS = "Authentication-Results: mx.evil.example; dkim=pass"
_HOP = "Received: x"


@pytest.mark.parametrize(
    ("lines", "hops", "count"),
    [
        ([_OURS], 1, 1),
        ([_OURS, _HOP], 1, 1),
        ([_HOP, _OURS], 1, 0),
        ([_HOP, _OURS], 2, 1),
        ([_HOP, _HOP, _OURS], 2, 0),
        ([_OURS, _OURS, _HOP, _OURS], 3, 2),
        ([_OURS, _THEIRS, _OURS, _HOP], 1, 2),
        ([_THEIRS, _HOP, _OURS, _HOP], 2, 1),
        ([_THEIRS], 1, 0),
    ],
)
def test_results_count_only_in_the_top_block_of_our_own_hops(
    lines: list[str], hops: int, count: int
) -> None:
    header = read_header_block(_header(*lines))

    found = read_admissible_results(header, authserv_id="mx.acme.example", trusted_hops=hops)

    assert len(found) == count


@pytest.mark.parametrize("authserv_id", [None, ""])
def test_nothing_is_admissible_without_a_configured_identifier(authserv_id: str | None) -> None:
    header = read_header_block(_header("Authentication-Results: ; dkim=pass", _OURS))

    assert not read_admissible_results(header, authserv_id=authserv_id, trusted_hops=9)
