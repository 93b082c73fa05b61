from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.core.mail.dkim_signature import (
    KeyRecord,
    decode_base64,
    parse_dkim_signature,
    parse_key_record,
    parse_tag_list,
    read_body_canonicalization,
)

_WRITTEN = {
    "v": "1",
    "a": "rsa-sha256",
    "d": "Acme.example",
    "s": "S1",
    "h": "From : Subject",
    "bh": "aGFzaA==",
    "b": "c2ln\r\n bmF0dXJl",
}


def _write(**changes: str | None) -> bytes:
    tags = {**_WRITTEN, **changes}
    return "; ".join(
        f"{name}={value}" for name, value in tags.items() if value is not None
    ).encode()


def test_signature_is_read_with_names_in_lower_case() -> None:
    found = parse_dkim_signature(_write(t="10", x="20", c="relaxed/simple", i="a@b.acme.example"))

    assert found is not None
    assert (found.domain, found.selector, found.signed) == (
        "acme.example",
        "s1",
        ("from", "subject"),
    )
    assert (found.signed_at, found.expires_at, found.body_canon) == (10, 20, "simple")
    assert (found.signature, found.body_hash) == (b"signature", b"hash")
    assert not found.has_length


@pytest.mark.parametrize(
    "changes",
    [
        *({name: None} for name in _WRITTEN),
        {"b": ""},
        {"v": "01"},
        {"d": "acme"},
        {"d": "acme..example"},
        {"s": "a_b"},
        {"s": ""},
        {"b": "c2ln*"},
        {"b": "c2ln=A=="},
        {"bh": "aGFzaB=="},
        {"c": "nofws"},
        {"c": "relaxed/nofws"},
        {"q": "http/well-known"},
        {"t": "1.5"},
        {"x": "1" * 13},
        {"l": "-1"},
        {"i": "acme.example"},
        {"i": "@evil.example"},
        {"i": "@evilacme.example"},
        {"z": "é"},
        {"z": " " * 101 + "x"},
        {"z": "x" * 9000},
        {"1z": "x"},
    ],
)
def test_signature_that_could_not_be_trusted_is_not_read(changes: dict[str, str | None]) -> None:
    assert parse_dkim_signature(_write(**changes)) is None


def test_length_tag_is_noticed() -> None:
    found = parse_dkim_signature(_write(l="0"))

    assert found is not None
    assert found.has_length


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=1; b = 2 ;", {"a": "1", "b": "2"}),
        ("a=b=c", {"a": "b=c"}),
        ("", {}),
        ("a=1; a=2", None),
        ("a", None),
        ("a=1;;b=2", None),
        ("ä=1", None),
        ("=1", None),
    ],
)
def test_tag_list_has_each_tag_once(text: str, expected: dict[str, str] | None) -> None:
    assert parse_tag_list(text) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (b"p=a2V5", KeyRecord("rsa", b"key")),
        (b"v=DKIM1; k=ed25519; h=sha1:sha256; s=email; t=s; p=a2V5", KeyRecord("ed25519", b"key")),
        (b"v=DKIM1; s=*:other; p=a2V5", KeyRecord("rsa", b"key")),
        (b"v=DKIM1; p=", None),
        (b"v=DKIM1", None),
        (b"v=DKIM2; p=a2V5", None),
        (b"k=dsa; p=a2V5", None),
        (b"h=sha1; p=a2V5", None),
        (b"s=tlsrpt; p=a2V5", None),
        (b"p=a2V5*", None),
        (b"p=a2V5\xe9", None),
        (b"v=spf1 -all", None),
        (b"p=" + b"A" * 5000, None),
    ],
)
def test_key_record_is_a_key_for_mail_or_nothing(record: bytes, expected: KeyRecord | None) -> None:
    assert parse_key_record(record) == expected


@given(st.binary(max_size=60))
def test_base64_has_exactly_one_spelling(data: bytes) -> None:
    text = base64.b64encode(data).decode()

    assert decode_base64(text) == data
    assert decode_base64(text.rstrip("=") + "=" * 3) is None


@pytest.mark.parametrize(
    ("text", "body"),
    [("simple", "simple"), ("relaxed", "simple"), ("Relaxed/Relaxed", "relaxed"), ("/", None)],
)
def test_body_canonicalization_is_simple_when_left_out(text: str, body: str | None) -> None:
    assert read_body_canonicalization(text) == body
