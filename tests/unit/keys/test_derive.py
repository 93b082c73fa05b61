from __future__ import annotations

import hmac

import pytest

from mailflow.keys.base32 import decode_base32, encode_base32
from mailflow.keys.canonical_json import canonical_json
from mailflow.keys.derive import first_bits, hkdf, hmac_sha256, lp
from tests.unit.keys.independent import base32_of_bits, hkdf_sha256


@pytest.mark.parametrize("key_bytes", [0, 16, 63, 64, 65, 200])
def test_an_hmac_of_any_key_is_that_of_the_standard_library(key_bytes: int) -> None:
    key = bytes(range(key_bytes))
    for message in (b"", b"mail", bytes(1000)):
        assert hmac_sha256(key, message) == hmac.digest(key, message, "sha256")


def test_hkdf_gives_the_first_32_bytes_of_rfc_5869_appendix_a_1() -> None:
    derived = hkdf(
        bytes.fromhex("0b" * 22),
        salt=bytes.fromhex("000102030405060708090a0b0c"),
        info=bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"),
    )
    assert derived.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"


def test_hkdf_without_salt_agrees_with_the_formula() -> None:
    assert hkdf(b"k" * 32, salt=b"", info=b"wrap") == hkdf_sha256(b"k" * 32, bytes(32), b"wrap")


def test_each_field_stands_after_its_length() -> None:
    assert lp(b"ab", b"", b"c") == b"\0\0\0\x02ab\0\0\0\0\0\0\0\x01c"


def test_text_and_numbers_are_joined_as_utf8_and_decimal_digits() -> None:
    assert lp("é", 17) == lp(b"\xc3\xa9", b"17")


def test_a_lone_surrogate_of_a_broken_mail_can_be_joined() -> None:
    assert lp("\udc80") != lp("\udc81")


def test_lists_that_read_alike_when_run_together_are_joined_apart() -> None:
    assert lp("ab", "c") != lp("a", "bc")


def test_first_bits_are_the_leading_ones() -> None:
    assert first_bits(b"\xff\x80\x00", 9) == 0b111111111


@pytest.mark.parametrize("width", [1, 2, 13, 20, 31])
def test_base32_agrees_with_rfc_4648_and_reads_back(width: int) -> None:
    number = int("10110" * width, 2) ^ (width << 1)
    text = encode_base32(number, width=width)
    assert text == base32_of_bits(f"{number:0{5 * width}b}")
    assert decode_base32(text) == decode_base32(text.upper()) == number


@pytest.mark.parametrize("text", ["abc1", "ab c", "ab=", "ab\u212a", "0", "é"])
def test_what_is_no_base32_is_no_number(text: str) -> None:
    assert decode_base32(text) is None


def test_equal_values_have_one_spelling() -> None:
    first = canonical_json({"b": [1, None, True], "a": "é\udc80"})
    assert first == b'{"a":"\\u00e9\\udc80","b":[1,null,true]}'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_cannot_say_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"value": value})


def test_values_that_json_cannot_say_are_refused() -> None:
    with pytest.raises(TypeError):
        canonical_json({"value": b"bytes"})
