from __future__ import annotations

from mailflow.keys.keyring_changes import with_kek, without_kek
from mailflow.keys.keyring_contents import KeyringContents, Master

CONTENTS = KeyringContents(
    instance="acme-hr",
    masters={0: Master(b"m" * 32)},
    case_key=b"c" * 32,
    index_key=b"i" * 32,
    signing_key=b"s" * 32,
    keks={"exp-202610": b"k" * 32},
)


def test_a_bucket_that_another_process_made_meanwhile_is_kept() -> None:
    assert with_kek(CONTENTS, "exp-202610") is CONTENTS


def test_a_bucket_that_another_process_destroyed_meanwhile_is_not_made_again() -> None:
    destroyed = without_kek(CONTENTS, "exp-202610")
    assert with_kek(destroyed, "exp-202610") is destroyed


def test_a_bucket_that_never_was_can_still_be_closed_for_good() -> None:
    closed = without_kek(CONTENTS, "open-202609")
    assert with_kek(closed, "open-202609") is closed


def test_no_secret_shows_in_repr() -> None:
    assert repr(CONTENTS) == (
        "KeyringContents(instance='acme-hr', masters={0: Master(revoked=False)}, "
        "destroyed=frozenset())"
    )
