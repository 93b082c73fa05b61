from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from mailflow.errors import KeyringError
from mailflow.keys.enrolment import check_enrolment, check_values
from mailflow.keys.keyring import create_keyring, load_keyring
from tests.unit.keys.independent import (
    CASE_KEY,
    INSTANCE,
    hmac256,
    joined,
    key_of,
    keyring_document,
    lookup_key_of,
    write_document,
)

if TYPE_CHECKING:
    from pathlib import Path

    from mailflow.keys.keyring import Keyring


def test_a_check_value_is_a_hmac_over_all_that_never_changes(known: Keyring) -> None:
    fields = joined(INSTANCE.encode(), b"3", CASE_KEY, lookup_key_of("check"), known.public_key)
    expected = hmac256(key_of("check", 3), b"mailflow/check/v1\0" + fields)[:16].hex()
    values = check_values(known)
    assert sorted(values) == [0, 3]
    assert values[3] == expected


def test_a_keyring_matches_its_own_values_after_rotation_revocation_and_buckets(
    keyring: Keyring,
) -> None:
    enrolled = check_values(keyring)
    keyring.revoke(0)
    keyring.kek("open-202601")
    keyring.destroy_kek("open-202601", today=date(2026, 10, 1))
    check_enrolment(load_keyring(keyring.path), enrolled)
    assert check_values(keyring)[0] == enrolled[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"instance": "acme-hr2"},
        {"masters": {"0": {"secret": "00" * 32, "revoked": False}}},
        {"case_key": "00" * 32},
        {"index_key": "00" * 32},
        {"signing_key": "00" * 32},
    ],
    ids=str,
)
def test_a_keyring_with_any_other_key_is_not_the_databases(
    tmp_path: Path, known: Keyring, changes: dict[str, object]
) -> None:
    enrolled = {0: check_values(known)[0]}
    write_document(tmp_path / "other.json", keyring_document(**changes))
    with pytest.raises(KeyringError, match=r"not the one of this database \(key number 0 differs"):
        check_enrolment(load_keyring(tmp_path / "other.json"), enrolled)


def test_another_instances_keyring_is_not_the_databases(tmp_path: Path, keyring: Keyring) -> None:
    other = create_keyring(tmp_path / "other.json", instance=keyring.instance)
    with pytest.raises(KeyringError, match="put the right one back"):
        check_enrolment(other, check_values(keyring))


def test_an_older_copy_lacks_a_kid_that_the_database_knows(keyring: Keyring) -> None:
    older = keyring.path.read_bytes()
    keyring.rotate()
    enrolled = check_values(keyring)
    keyring.path.write_bytes(older)
    with pytest.raises(KeyringError, match="lacks key number 1"):
        check_enrolment(load_keyring(keyring.path), enrolled)


def test_a_database_without_a_keyring_is_not_taken_for_a_match(keyring: Keyring) -> None:
    with pytest.raises(KeyringError, match="no keyring enrolled"):
        check_enrolment(keyring, {})
