from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.keys.blind_index import IndexPurpose, blind_index, blind_indexes
from tests.unit.keys.independent import hmac256, lookup_key_of

if TYPE_CHECKING:
    from mailflow.keys.keyring import Keyring


@pytest.mark.parametrize("purpose", list(IndexPurpose))
def test_an_index_is_128_bits_of_hmac_under_the_key_of_its_purpose(
    known: Keyring, purpose: IndexPurpose
) -> None:
    expected = hmac256(lookup_key_of(f"bidx/{purpose}"), b"anna")[:16]
    assert blind_index(known, purpose, "anna") == expected


def test_columns_of_two_purposes_cannot_be_joined(keyring: Keyring) -> None:
    indexes = {blind_index(keyring, purpose, "payroll") for purpose in IndexPurpose}
    assert len(indexes) == len(IndexPurpose)


def test_two_instances_index_the_same_value_apart(keyring: Keyring, known: Keyring) -> None:
    assert blind_index(keyring, IndexPurpose.NAME, "Anna") != blind_index(
        known, IndexPurpose.NAME, "Anna"
    )


def test_indexes_stay_the_same_when_the_key_is_rotated_and_revoked(keyring: Keyring) -> None:
    before = blind_index(keyring, IndexPurpose.ADDRESS, "anna@acme.example")
    keyring.rotate()
    keyring.revoke(0)
    assert blind_index(keyring, IndexPurpose.ADDRESS, "anna@acme.example") == before


@pytest.mark.parametrize(
    ("purpose", "one", "other"),
    [
        (IndexPurpose.ADDRESS, "Anna@ACME.example", " anna@acme.example "),
        (IndexPurpose.MESSAGE_ID, "<a.1@acme.example>", " a.1@acme.example"),
        (IndexPurpose.NAME, "Anna  GROẞ", "anna gross"),
        (IndexPurpose.NAME, "Ａｎｎａ\tWeiß", "Anna Weiß"),
        (IndexPurpose.CONTENT, "é", "é".encode()),
    ],
)
def test_spellings_of_one_value_are_found(
    keyring: Keyring, purpose: IndexPurpose, one: str, other: str | bytes
) -> None:
    assert blind_index(keyring, purpose, one) == blind_index(keyring, purpose, other)


@pytest.mark.parametrize(
    ("purpose", "one", "other"),
    [
        (IndexPurpose.ADDRESS, "kim@acme.example", "\u212aim@acme.example"),
        (IndexPurpose.MESSAGE_ID, "<A@acme.example>", "<a@acme.example>"),
        (IndexPurpose.NAME, "Anna Weiß", "Anna Weiss-Groß"),
        (IndexPurpose.CATEGORY, "investigation", "Investigation"),
        (IndexPurpose.CONTENT, "\udc80", "\udc81"),
    ],
)
def test_different_values_are_told_apart(
    keyring: Keyring, purpose: IndexPurpose, one: str, other: str
) -> None:
    assert blind_index(keyring, purpose, one) != blind_index(keyring, purpose, other)


def test_many_values_are_indexed_in_their_order(keyring: Keyring) -> None:
    values = ("<a@x.example>", "<b@x.example>", "<a@x.example>")
    assert blind_indexes(keyring, IndexPurpose.MESSAGE_ID, values) == tuple(
        blind_index(keyring, IndexPurpose.MESSAGE_ID, value) for value in values
    )
