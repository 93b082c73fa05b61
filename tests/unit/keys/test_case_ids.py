from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from mailflow.keys.case_ids import REF_ATTEMPTS, case_ref, case_uid, participant_id
from tests.unit.keys.independent import (
    CASE_KEY,
    INSTANCE,
    hkdf_sha256,
    hmac256,
    joined,
    leading_bits,
)

if TYPE_CHECKING:
    from mailflow.keys.keyring import Keyring

FINGERPRINT = hashlib.sha256(b"Dear HR").digest()


def test_a_case_uid_is_128_bits_of_hmac_of_the_fingerprint(known: Keyring) -> None:
    assert case_uid(known, FINGERPRINT) == hmac256(CASE_KEY, FINGERPRINT)[:16].hex()


def test_the_cases_that_one_command_opens_are_told_apart_by_their_number(known: Keyring) -> None:
    expected = hmac256(CASE_KEY, joined(b"command", FINGERPRINT, b"2"))[:16].hex()
    assert case_uid(known, FINGERPRINT, number=2) == expected
    assert len({case_uid(known, FINGERPRINT, number=number) for number in range(4)}) == 4


def test_a_case_uid_stays_the_same_when_the_key_is_rotated(keyring: Keyring) -> None:
    before = case_uid(keyring, FINGERPRINT), participant_id(keyring, "c0", "anna@acme.example")
    keyring.revoke(0)
    after = case_uid(keyring, FINGERPRINT), participant_id(keyring, "c0", "anna@acme.example")
    assert after == before


@pytest.mark.parametrize("fingerprint", [b"", FINGERPRINT[:31], FINGERPRINT.hex().encode()])
def test_what_is_no_digest_is_no_fingerprint(keyring: Keyring, fingerprint: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        case_uid(keyring, fingerprint)


@pytest.mark.parametrize("attempt", range(REF_ATTEMPTS))
def test_a_reference_is_the_next_30_bits_at_each_attempt(attempt: int) -> None:
    uid = FINGERPRINT[:16].hex()
    bits = leading_bits(FINGERPRINT, 120)[30 * attempt : 30 * attempt + 30]
    values = [int(bits[start : start + 5], 2) for start in range(0, 30, 5)]
    expected = "HR-" + "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[value] for value in values)
    assert case_ref(uid, attempt=attempt) == expected


def test_a_reference_is_short_enough_to_read_aloud() -> None:
    assert case_ref("3989b9a8" + "0" * 24) == "HR-764VKA"


@pytest.mark.parametrize("attempt", [-1, 4])
def test_there_are_only_four_references_in_a_case_uid(attempt: int) -> None:
    with pytest.raises(ValueError, match="4 references"):
        case_ref("0" * 32, attempt=attempt)


def test_a_participant_id_is_hmac_of_case_address_and_number(known: Keyring) -> None:
    key = hkdf_sha256(CASE_KEY, INSTANCE.encode(), b"mailflow/participant/v1/case")
    expected = hmac256(key, joined(b"c0ffee", b"anna@acme.example", b"1"))[:16].hex()
    assert participant_id(known, "c0ffee", "anna@acme.example", number=1) == expected


def test_participants_of_other_cases_addresses_or_numbers_have_other_ids(keyring: Keyring) -> None:
    ids = {
        participant_id(keyring, "c1", "anna@acme.example"),
        participant_id(keyring, "c2", "anna@acme.example"),
        participant_id(keyring, "c1", "ben@acme.example"),
        participant_id(keyring, "c1", "anna@acme.example", number=1),
    }
    assert len(ids) == 4
