from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mailflow.core.mail.dkim_policy import (
    DkimProblem,
    find_header_problem,
    find_key_problem,
    find_signature_problem,
    is_aligned,
)
from mailflow.core.mail.dkim_signature import DkimSignature, KeyRecord
from mailflow.core.mail.header_block import HeaderBlock, read_header_block

_NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_SIGNATURE = DkimSignature(
    domain="acme.example",
    selector="s1",
    algorithm="rsa-sha256",
    signed=("from", "date", "subject", "message-id"),
    signature=b"x",
    body_hash=b"x",
    body_canon="relaxed",
    signed_at=int(_NOW.timestamp()),
    expires_at=None,
    has_length=False,
    tags=(),
)
_FIELDS = {
    "From": "a@acme.example",
    "Date": "Mon, 2 Mar 2026 08:59:00 +0000",
    "Subject": "x",
    "Message-ID": "<1@acme.example>",
}


def _header(**changes: str | None) -> HeaderBlock:
    fields = {**_FIELDS, **{name.replace("_", "-"): value for name, value in changes.items()}}
    lines = [f"{name}: {value}\r\n" for name, value in fields.items() if value is not None]
    return read_header_block("".join(lines).encode() + b"\r\n")


def _problem(signature: DkimSignature, header: HeaderBlock, *required: str) -> DkimProblem | None:
    return find_signature_problem(
        signature, header, received_at=_NOW, require_signed=frozenset(required)
    )


def test_unsound_header_lets_no_signature_count() -> None:
    header = replace(_header(), is_sound=False)

    assert find_header_problem(header) is DkimProblem.UNSOUND_HEADER
    assert _problem(_SIGNATURE, header) is DkimProblem.UNSOUND_HEADER


@pytest.mark.parametrize("name", ["From", "Date", "Subject", "Message_ID"])
def test_each_required_field_must_be_there(name: str) -> None:
    assert _problem(_SIGNATURE, _header(**{name: None})) is DkimProblem.FIELD_MISSING


@pytest.mark.parametrize("name", ["TO", "CONTENT_TYPE", "FROM", "DATE", "SUBJECT", "MESSAGE_ID"])
def test_no_field_may_be_there_twice(name: str) -> None:
    header = _header(**{name: "x", name.lower(): "y"})

    assert _problem(_SIGNATURE, header) is DkimProblem.SEVERAL_FIELDS


def test_to_and_content_type_need_a_signature_only_where_required() -> None:
    header = _header(To="hr@acme.example")

    assert _problem(_SIGNATURE, header) is None
    assert _problem(_SIGNATURE, header, "To") is DkimProblem.NOT_SIGNED


@pytest.mark.parametrize(
    ("signed_at", "expires_at", "expected"),
    [
        (timedelta(0), None, None),
        (timedelta(days=-5), None, None),
        (timedelta(days=-5, seconds=-1), None, DkimProblem.TIME),
        (timedelta(minutes=10), None, None),
        (timedelta(minutes=10, seconds=1), None, DkimProblem.TIME),
        (timedelta(0), timedelta(0), None),
        (timedelta(0), timedelta(seconds=-1), DkimProblem.EXPIRED),
        (timedelta(minutes=2), timedelta(minutes=1), DkimProblem.EXPIRED),
    ],
)
def test_signature_counts_within_its_window(
    signed_at: timedelta, expires_at: timedelta | None, expected: DkimProblem | None
) -> None:
    signature = replace(
        _SIGNATURE,
        signed_at=int((_NOW + signed_at).timestamp()),
        expires_at=None if expires_at is None else int((_NOW + expires_at).timestamp()),
    )

    assert _problem(signature, _header()) is expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 2 Mar 2026 08:59:00 +0000", None),
        ("Mon, 2 Mar 2026 10:59:00 +0200", None),
        ("Mon, 2 Mar 2026 08:59:00 -0000", None),
        ("Mon, 16 Feb 2026 08:59:00 +0000", DkimProblem.TIME),
        ("Mon, 2 Mar 2026 08:59:00 +9999999", DkimProblem.TIME),
        ("Fri, 31 Dec 9999 23:59:59 -2359", DkimProblem.TIME),
        ("Mon, 2 Mar 2026", DkimProblem.TIME),
        ("", DkimProblem.TIME),
        (",", DkimProblem.TIME),
        ("x" * 101, DkimProblem.TIME),
    ],
)
def test_date_stands_in_for_an_absent_signing_time(date: str, expected: DkimProblem | None) -> None:
    signature = replace(_SIGNATURE, signed_at=None)

    assert _problem(signature, _header(Date=date)) is expected


@pytest.mark.parametrize(
    ("algorithm", "key_type", "rsa_bits", "is_staff", "expected"),
    [
        ("rsa-sha256", "rsa", 2048, True, None),
        ("rsa-sha256", "rsa", 2047, True, DkimProblem.WEAK_KEY),
        ("rsa-sha256", "rsa", 1024, False, None),
        ("rsa-sha256", "rsa", 1023, False, DkimProblem.WEAK_KEY),
        ("rsa-sha256", "rsa", 4097, False, DkimProblem.WEAK_KEY),
        ("rsa-sha256", "ed25519", 0, False, DkimProblem.NO_KEY),
        ("ed25519-sha256", "ed25519", 0, True, None),
        ("ed25519-sha256", "rsa", 2048, True, DkimProblem.NO_KEY),
    ],
)
def test_key_must_fit_algorithm_and_person(
    algorithm: str,
    key_type: str,
    rsa_bits: int,
    *,
    is_staff: bool,
    expected: DkimProblem | None,
) -> None:
    signature = replace(_SIGNATURE, algorithm=algorithm)
    record = KeyRecord(key_type, b"key")

    found = find_key_problem(signature, record, rsa_bits=rsa_bits, is_staff=is_staff)

    assert found is expected


@pytest.mark.parametrize(
    ("signing", "sender", "strict", "by_organization"),
    [
        ("acme.example", "acme.example", True, True),
        ("mail.acme.example", "acme.example", False, True),
        ("acme.example", "mail.acme.example", False, True),
        ("a.acme.example", "b.acme.example", False, False),
        ("evilacme.example", "acme.example", False, False),
        ("evil.example", "acme.example", False, False),
        ("", "acme.example", False, False),
        ("", "", False, False),
        ("example", "acme.example", False, False),
        ("co.uk", "shop.co.uk", False, False),
        ("shop.co.uk", "mail.shop.co.uk", False, True),
        ("com.au", "shop.com.au", False, False),
        ("uk.com", "shop.uk.com", False, False),
        ("github.io", "me.github.io", False, False),
        ("firma.de", "post.firma.de", False, True),
        ("big.org", "mail.big.org", False, True),
        ("tiny.museum", "mail.tiny.museum", False, True),
    ],
)
def test_domain_speaks_for_itself_and_by_organisation_for_its_line(
    signing: str, sender: str, *, strict: bool, by_organization: bool
) -> None:
    assert is_aligned(signing, sender, strictly=True) is strict
    assert is_aligned(signing, sender, strictly=False) is by_organization
