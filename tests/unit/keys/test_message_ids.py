from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mailflow.keys.message_ids import (
    MessageIdParts,
    make_message_id,
    read_message_id,
    verify_message_id,
)
from tests.unit.keys.independent import (
    INSTANCE,
    base32_of_bits,
    hmac256,
    joined,
    key_of,
    leading_bits,
    lookup_key_of,
)

if TYPE_CHECKING:
    from mailflow.keys.keyring import Keyring

DOMAIN = "id.acme.example"
FACTS: dict[str, Any] = {
    "purpose": "acknowledgement",
    "cause": b"\x01\x02",
    "case_uid": "c0ffee",
    "participant_id": "anna",
    "id_domain": DOMAIN,
}


def read(text: str) -> MessageIdParts:
    parts = read_message_id(text, id_domain=DOMAIN)
    assert parts is not None
    return parts


def test_a_message_id_is_kid_oid_and_tag_of_the_formula(known: Keyring) -> None:
    facts = joined(b"oid", b"acknowledgement", b"\x01\x02", b"anna")
    oid = leading_bits(hmac256(lookup_key_of("mid"), facts), 60)
    fields = joined(INSTANCE.encode(), b"3", str(int(oid, 2)).encode(), b"c0ffee", b"anna")
    tag = leading_bits(hmac256(key_of("mid", 3), b"mailflow/mid/v1\0" + fields), 100)
    made = make_message_id(known, **FACTS)
    head, tail = base32_of_bits("00011" + oid), base32_of_bits(tag)
    assert (len(head), len(tail)) == (13, 20)
    assert made.text == f"<mf1.{head}.{tail}@id.acme.example>"
    assert (made.kid, made.oid) == (3, int(oid, 2))


def test_a_retry_makes_the_same_message_id(keyring: Keyring) -> None:
    assert make_message_id(keyring, **FACTS) == make_message_id(keyring, **FACTS)


@pytest.mark.parametrize("name", ["purpose", "cause", "participant_id"])
def test_another_mail_has_another_object_id(keyring: Keyring, name: str) -> None:
    other = make_message_id(keyring, **{**FACTS, name: "other"})
    assert other.oid != make_message_id(keyring, **FACTS).oid


@pytest.mark.parametrize("shape", ["{}", " {} "])
def test_an_own_message_id_verifies_in_any_case_and_without_brackets(
    keyring: Keyring, shape: str
) -> None:
    made = make_message_id(keyring, **FACTS)
    for text in (made.text, made.text.upper(), made.text.strip("<>")):
        parts = read(shape.format(text))
        assert (parts.kid, parts.oid) == (made.kid, made.oid)
        assert verify_message_id(keyring, parts, case_uid="c0ffee", participant_id="anna")


def test_a_message_id_of_another_case_or_person_does_not_verify(keyring: Keyring) -> None:
    parts = read(make_message_id(keyring, **FACTS).text)
    assert not verify_message_id(keyring, parts, case_uid="c0ffef", participant_id="anna")
    assert not verify_message_id(keyring, parts, case_uid="c0ffee", participant_id="ben")


def test_a_message_id_with_any_part_changed_does_not_verify(keyring: Keyring) -> None:
    keyring.rotate()
    parts = read(make_message_id(keyring, **FACTS).text)
    flipped = bytes([parts.tag[0] ^ 1]) + parts.tag[1:]
    for changed in (
        replace(parts, kid=0),
        replace(parts, kid=9),
        replace(parts, oid=parts.oid ^ 1),
        replace(parts, tag=flipped),
    ):
        assert not verify_message_id(keyring, changed, case_uid="c0ffee", participant_id="anna")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<>",
        "<a@id.acme.example>",
        "<mf1.aaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaa@acme.example>",
        "<mf2.aaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaa@id.acme.example>",
        "<mf1.aaaaaaaaaaaa1.aaaaaaaaaaaaaaaaaaaa@id.acme.example>",
        "<mf1.aaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaa1@id.acme.example>",
        "<mf1.aaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaa@id.acme.example>",
        "<mf1.aaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaa.a@id.acme.example>",
        "<mf1.aaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaa@x@id.acme.example>",
        "<mf1.aaaaaaaaaaaa\u212a.aaaaaaaaaaaaaaaaaaaa@id.acme.example>",
    ],
)
def test_what_has_not_our_shape_or_domain_is_none(text: str) -> None:
    assert read_message_id(text, id_domain=DOMAIN) is None


def test_after_rotation_old_ids_verify_until_revoked_and_the_object_id_stays(
    keyring: Keyring,
) -> None:
    old = make_message_id(keyring, **FACTS)
    keyring.rotate()
    new = make_message_id(keyring, **FACTS)
    assert new.oid == old.oid
    assert new.text != old.text
    assert verify_message_id(keyring, read(old.text), case_uid="c0ffee", participant_id="anna")
    keyring.revoke(old.kid)
    assert not verify_message_id(keyring, read(old.text), case_uid="c0ffee", participant_id="anna")


def test_the_tag_is_kept_out_of_repr(keyring: Keyring) -> None:
    assert "tag" not in repr(read(make_message_id(keyring, **FACTS).text))
