from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mailflow.errors import KeyringError, MailflowError, SealError
from mailflow.keys.keyring import Keyring, create_keyring, load_keyring
from tests.unit.keys.independent import (
    INSTANCE,
    SIGNING_KEY,
    key_of,
    keyring_document,
    lookup_key_of,
    write_document,
)

if TYPE_CHECKING:
    from pathlib import Path

OCTOBER = date(2026, 10, 31)
NOVEMBER = date(2026, 11, 1)


def test_a_new_keyring_is_private_and_loads_again(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    made = create_keyring(path)
    assert path.stat().st_mode & 0o777 == 0o600
    again = load_keyring(path)
    assert (again.instance, again.kids, again.case_key) == (made.instance, (0,), made.case_key)
    assert sorted(child.name for child in tmp_path.iterdir()) == [
        "keyring.json",
        "keyring.json.lock",
    ]


def test_two_new_keyrings_share_no_key(tmp_path: Path) -> None:
    one, other = create_keyring(tmp_path / "one.json"), create_keyring(tmp_path / "other.json")
    assert one.instance != other.instance
    assert one.case_key != other.case_key
    assert one.derived("audit", 0) != other.derived("audit", 0)
    assert one.public_key != other.public_key


def test_a_keyring_that_is_there_is_never_overwritten(keyring: Keyring) -> None:
    before = keyring.path.read_bytes()
    with pytest.raises(KeyringError, match="never overwritten"):
        create_keyring(keyring.path)
    assert keyring.path.read_bytes() == before


def test_a_dangling_link_in_the_keyrings_place_is_not_followed(tmp_path: Path) -> None:
    link = tmp_path / "keyring.json"
    link.symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(KeyringError, match="never overwritten"):
        create_keyring(link)


def test_no_keyring_is_made_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match="cannot be written"):
        create_keyring(tmp_path / "var" / "keyring.json")


def test_a_failed_write_leaves_the_old_keyring_whole(keyring: Keyring) -> None:
    before = keyring.path.read_bytes()
    keyring.path.with_name(".keyring.json.new").mkdir()
    with pytest.raises(KeyringError, match="cannot be written"):
        keyring.kek("open-202610")
    assert keyring.path.read_bytes() == before


def test_what_a_killed_process_left_half_written_does_not_block_the_next(keyring: Keyring) -> None:
    keyring.path.with_name(".keyring.json.new").write_bytes(b"{")
    keyring.kek("open-202610")
    assert load_keyring(keyring.path).bucket_names == ("open-202610",)


def test_derived_keys_follow_the_formula_and_their_kid(known: Keyring) -> None:
    assert known.instance == INSTANCE
    for kid in (0, 3):
        assert known.derived("audit", kid) == key_of("audit", kid)
        assert known.derived("audit", kid) is known.derived("audit", kid)


def test_lookup_keys_follow_the_formula_of_their_own_master(known: Keyring) -> None:
    assert known.lookup_key("handle") == lookup_key_of("handle")
    assert known.lookup_key("handle") is known.lookup_key("handle")


def test_a_kid_that_the_keyring_lacks_says_that_the_keyring_is_older(known: Keyring) -> None:
    with pytest.raises(KeyringError, match="no key number 4: it is older"):
        known.derived("audit", 4)


def test_signatures_are_those_of_the_signing_key(known: Keyring) -> None:
    key = Ed25519PrivateKey.from_private_bytes(SIGNING_KEY)
    assert known.sign(b"head") == key.sign(b"head")
    assert known.public_key == key.public_key().public_bytes_raw()


def test_no_key_shows_in_repr(known: Keyring) -> None:
    assert repr(known) == "Keyring(instance='acme-hr', kids=[0, 3])"
    assert repr(known.kek("open-202610")) == "WrappingKey(id='open-202610')"


def test_a_keyring_cannot_be_handed_to_a_child_process(keyring: Keyring) -> None:
    with pytest.raises(TypeError, match="never copied"):
        pickle.dumps(keyring)


def test_a_bucket_is_made_on_first_use_and_kept(keyring: Keyring) -> None:
    made = keyring.kek("open-202610")
    assert made.id == "open-202610"
    assert keyring.kek("open-202610") == made
    assert load_keyring(keyring.path).known_kek("open-202610") == made
    assert keyring.kek("exp-202610").secret != made.secret
    assert keyring.bucket_names == ("exp-202610", "open-202610")


def test_a_name_that_is_no_bucket_makes_none(keyring: Keyring) -> None:
    with pytest.raises(ValueError, match="no bucket"):
        keyring.kek("open")


def test_a_bucket_is_never_made_for_opening(keyring: Keyring) -> None:
    with pytest.raises(KeyringError, match="older than the database"):
        keyring.known_kek("open-202610")
    assert keyring.bucket_names == ()


def test_a_destroyed_bucket_is_gone_from_the_file_and_never_made_again(keyring: Keyring) -> None:
    secret = keyring.kek("exp-202610").secret
    keyring.destroy_kek("exp-202610", today=NOVEMBER)
    assert secret.hex() not in keyring.path.read_text()
    for ask in (keyring.kek, keyring.known_kek, load_keyring(keyring.path).kek):
        with pytest.raises(SealError, match="exp-202610 was destroyed"):
            ask("exp-202610")


def test_destroying_one_bucket_leaves_the_others(keyring: Keyring) -> None:
    kept = keyring.kek("open-202610")
    keyring.kek("exp-202610")
    keyring.destroy_kek("exp-202610", today=NOVEMBER)
    assert keyring.known_kek("open-202610") == kept


@pytest.mark.parametrize("name", ["exp-202610", "open-202611", "hold", "intake"])
def test_a_bucket_still_in_use_is_not_destroyed(keyring: Keyring, name: str) -> None:
    made = keyring.kek(name)
    with pytest.raises(MailflowError, match="its month must be over"):
        keyring.destroy_kek(name, today=OCTOBER)
    assert keyring.known_kek(name) == made


def test_two_processes_that_make_buckets_at_once_agree_on_every_key(keyring: Keyring) -> None:
    script = (
        "import sys, pathlib\n"
        "from mailflow.keys.keyring import load_keyring\n"
        "keyring = load_keyring(pathlib.Path(sys.argv[1]))\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "for month in range(1, 13):\n"
        "    for bucket in ('open', 'exp'):\n"
        "        print(keyring.kek(f'{bucket}-2026{month:02}').secret.hex())\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(keyring.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0].split() for process in processes]
    assert answers[0] == answers[1]
    assert len(set(answers[0])) == 24
    assert len(keyring.bucket_names) == 24


def test_threads_that_make_buckets_at_once_agree_on_every_key(keyring: Keyring) -> None:
    names = [f"open-2026{month:02}" for month in range(1, 7)] * 8
    with ThreadPoolExecutor(max_workers=8) as pool:
        made = list(pool.map(keyring.kek, names))
    assert len({kek.secret for kek in made}) == 6
    assert [kek.id for kek in made] == names


def test_new_kids_are_used_after_rotation_and_old_ones_accepted(keyring: Keyring) -> None:
    assert keyring.active_kid == 0
    assert keyring.rotate() == 1
    assert keyring.active_kid == 1
    assert keyring.is_accepted(0)
    assert keyring.is_accepted(1)
    assert not keyring.is_accepted(2)
    assert keyring.derived("reply", 0) != keyring.derived("reply", 1)


def test_a_revoked_kid_is_refused_but_its_keys_stay(keyring: Keyring) -> None:
    before = keyring.derived("audit", 0)
    keyring.rotate()
    assert keyring.revoke(0) == 1
    assert not keyring.is_accepted(0)
    assert keyring.kids == (0, 1)
    assert keyring.derived("audit", 0) == before


def test_revoking_the_newest_kid_makes_another_instead_of_going_back(keyring: Keyring) -> None:
    keyring.rotate()
    assert keyring.revoke(1) == 2
    assert [keyring.is_accepted(kid) for kid in (0, 1, 2)] == [True, False, True]


def test_an_unknown_kid_cannot_be_revoked(keyring: Keyring) -> None:
    with pytest.raises(MailflowError, match="no key number 7; there are: 0"):
        keyring.revoke(7)


def test_there_are_32_kids_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    masters = {"31": {"secret": "ab" * 32, "revoked": False}}
    write_document(path, keyring_document(masters=masters))
    keyring = load_keyring(path)
    with pytest.raises(MailflowError, match="all 32 key numbers"):
        keyring.rotate()


def test_a_revocation_reaches_a_running_process(keyring: Keyring) -> None:
    running = load_keyring(keyring.path)
    keyring.revoke(0)
    assert not running.is_accepted(0)
    assert running.active_kid == 1


def test_a_destroyed_bucket_is_closed_to_a_running_process(keyring: Keyring) -> None:
    keyring.kek("exp-202610")
    running = load_keyring(keyring.path)
    keyring.destroy_kek("exp-202610", today=NOVEMBER)
    with pytest.raises(SealError, match="destroyed"):
        running.known_kek("exp-202610")


def test_keys_of_a_kid_made_elsewhere_are_found(keyring: Keyring) -> None:
    running = load_keyring(keyring.path)
    keyring.rotate()
    assert running.derived("audit", 1) == keyring.derived("audit", 1)


def test_a_running_process_stops_when_its_keyring_goes_missing(keyring: Keyring) -> None:
    keyring.kek("open-202610")
    keyring.path.unlink()
    for ask in (lambda: keyring.kek("open-202610"), lambda: keyring.is_accepted(0)):
        with pytest.raises(KeyringError, match="there is no keyring"):
            ask()


def test_a_running_process_stops_when_its_keyring_is_opened_to_others(keyring: Keyring) -> None:
    keyring.path.chmod(0o644)
    with pytest.raises(KeyringError, match="open to others"):
        _ = keyring.active_kid
