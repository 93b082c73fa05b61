from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mailflow.errors import SealError
from mailflow.keys.sealing import (
    SEALED_OVERHEAD_BYTES,
    DataKey,
    WrappingKey,
    case_wrapping_key,
    new_data_key,
    open_sealed,
    rewrap_key,
    seal,
    unwrap_key,
    wrap_key,
)
from tests.unit.keys.independent import hkdf_sha256, joined

KEY = DataKey(b"k" * 32, version=2)
KEK = WrappingKey("open-202610", b"w" * 32)
PLACE: dict[str, Any] = {"table": "messages", "column": "raw", "row_id": "0a1b"}
OWNER = ("messages", "0a1b")


@pytest.mark.parametrize("plaintext", [b"", b"x", b"Dear HR" * 5000])
def test_a_sealed_value_opens_in_its_place(plaintext: bytes) -> None:
    sealed = seal(KEY, plaintext, **PLACE)
    assert open_sealed(KEY, sealed, **PLACE) == plaintext
    assert len(sealed) == len(plaintext) + SEALED_OVERHEAD_BYTES


def test_a_sealed_value_is_aes_gcm_under_a_key_of_its_own() -> None:
    sealed = seal(KEY, b"Dear HR", **PLACE)
    salt, nonce, body = sealed[1:17], sealed[17:29], sealed[29:]
    cipher = AESGCM(hkdf_sha256(KEY.secret, salt, b"blob"))
    assert cipher.decrypt(nonce, body, joined(b"messages", b"raw", b"0a1b", b"2")) == b"Dear HR"


def test_the_same_value_is_never_sealed_alike() -> None:
    assert seal(KEY, b"Dear HR", **PLACE)[1:29] != seal(KEY, b"Dear HR", **PLACE)[1:29]


@pytest.mark.parametrize(
    "elsewhere", [{"table": "notes"}, {"column": "subject"}, {"row_id": "0a1c"}], ids=str
)
def test_a_sealed_value_pasted_elsewhere_does_not_open(elsewhere: dict[str, str]) -> None:
    sealed = seal(KEY, b"Dear HR", **PLACE)
    with pytest.raises(SealError, match="moved from another row"):
        open_sealed(KEY, sealed, **{**PLACE, **elsewhere})


@pytest.mark.parametrize(
    "other", [DataKey(b"K" * 32, version=2), DataKey(KEY.secret, version=3)], ids=str
)
def test_a_sealed_value_does_not_open_with_another_key_or_version(other: DataKey) -> None:
    sealed = seal(KEY, b"Dear HR", **PLACE)
    with pytest.raises(SealError):
        open_sealed(other, sealed, **PLACE)


def test_a_sealed_value_with_any_bit_changed_does_not_open() -> None:
    sealed = seal(KEY, b"Dear HR", **PLACE)
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(SealError):
            open_sealed(KEY, bytes(changed), **PLACE)


def test_a_sealed_value_cut_anywhere_does_not_open() -> None:
    sealed = seal(KEY, b"Dear HR", **PLACE)
    for length in range(len(sealed)):
        with pytest.raises(SealError):
            open_sealed(KEY, sealed[:length], **PLACE)


def test_new_data_keys_are_random_and_hide_their_secret() -> None:
    first, second = new_data_key(), new_data_key(version=5)
    assert first.secret != second.secret
    assert len(first.secret) == 32
    assert second.version == 5
    assert repr(first) == "DataKey(version=1)"
    assert "secret" not in repr(KEK)


def test_a_wrapped_key_unwraps_with_its_version() -> None:
    assert unwrap_key(KEK, wrap_key(KEK, KEY, context=OWNER), context=OWNER) == KEY


def test_a_wrap_is_aes_gcm_bound_to_its_owner_and_its_key() -> None:
    wrapped = wrap_key(KEK, KEY, context=("messages", 7))
    cipher = AESGCM(hkdf_sha256(KEK.secret, bytes(32), b"wrap"))
    bound = joined(b"messages", b"7", b"open-202610")
    assert cipher.decrypt(wrapped[1:13], wrapped[13:], bound) == b"\0\0\0\x02" + KEY.secret


def test_a_wrap_pasted_to_another_owner_does_not_unwrap() -> None:
    wrapped = wrap_key(KEK, KEY, context=OWNER)
    with pytest.raises(SealError, match="does not unwrap under open-202610"):
        unwrap_key(KEK, wrapped, context=("messages", "0a1c"))


@pytest.mark.parametrize(
    "other", [replace(KEK, id="open-202611"), replace(KEK, secret=b"W" * 32)], ids=str
)
def test_a_wrap_passed_off_as_another_keys_does_not_unwrap(other: WrappingKey) -> None:
    wrapped = wrap_key(KEK, KEY, context=OWNER)
    with pytest.raises(SealError):
        unwrap_key(other, wrapped, context=OWNER)


def test_a_wrap_changed_or_cut_anywhere_does_not_unwrap() -> None:
    wrapped = wrap_key(KEK, KEY, context=OWNER)
    for position in range(len(wrapped)):
        changed = bytearray(wrapped)
        changed[position] ^= 0x80
        for broken in (bytes(changed), wrapped[:position]):
            with pytest.raises(SealError):
                unwrap_key(KEK, broken, context=OWNER)


def test_filing_rewraps_the_key_and_leaves_the_message_as_it_is() -> None:
    intake = WrappingKey("intake", b"n" * 32)
    case = case_wrapping_key("c0ffee", new_data_key())
    key = new_data_key()
    sealed = seal(key, b"Dear HR", **PLACE)
    filed = rewrap_key(intake, case, wrap_key(intake, key, context=OWNER), context=OWNER)
    assert open_sealed(unwrap_key(case, filed, context=OWNER), sealed, **PLACE) == b"Dear HR"
    with pytest.raises(SealError):
        unwrap_key(intake, filed, context=OWNER)


def test_a_case_wraps_under_its_own_name_and_version() -> None:
    assert case_wrapping_key("c0ffee", KEY) == WrappingKey("case/c0ffee/2", KEY.secret)
