from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mailflow.errors import KeyringError
from mailflow.keys.keyring import load_keyring
from tests.unit.keys.independent import keyring_document, write_document

if TYPE_CHECKING:
    from mailflow.keys.keyring import Keyring


def test_a_missing_keyring_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match=r"no keyring at .*lost\.json: put the copy") as caught:
        load_keyring(tmp_path / "lost.json")
    assert not (tmp_path / "lost.json").exists()
    assert "A new keyring cannot open what the old one sealed" in str(caught.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o660, 0o666, 0o601, 0o610])
def test_a_keyring_open_to_others_is_refused(keyring: Keyring, mode: int) -> None:
    keyring.path.chmod(mode)
    with pytest.raises(KeyringError, match=rf"mode {mode:o}\): run `chmod 600"):
        load_keyring(keyring.path)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_private_keyring_is_read(keyring: Keyring, mode: int) -> None:
    keyring.path.chmod(mode)
    assert load_keyring(keyring.path).kids == (0,)


def test_another_users_keyring_is_refused(keyring: Keyring) -> None:
    path = keyring.path
    if os.geteuid() == 0:
        os.chown(path, 12345, 12345)
    else:
        path = Path("/etc/passwd")
    with pytest.raises(KeyringError, match=r"belongs to user \d+, but mailflow runs as user"):
        load_keyring(path)


def test_a_folder_in_the_keyrings_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match=r"cannot be read \(Is a directory\)"):
        load_keyring(tmp_path)


def test_a_pipe_in_the_keyrings_place_does_not_hold_the_start(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "keyring.json", 0o600)
    with pytest.raises(KeyringError, match="not a regular file"):
        load_keyring(tmp_path / "keyring.json")


def test_a_keyring_behind_a_link_is_changed_in_its_own_place(
    keyring: Keyring, tmp_path: Path
) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(keyring.path)
    load_keyring(link).rotate()
    assert link.is_symlink()
    assert keyring.active_kid == 1


def test_a_keyring_cut_short_anywhere_is_refused(keyring: Keyring) -> None:
    whole = keyring.path.read_bytes().rstrip()
    for length in range(0, len(whole), 7):
        keyring.path.write_bytes(whole[:length])
        with pytest.raises(KeyringError, match="cut short or overwritten"):
            load_keyring(keyring.path)


def test_a_keyring_with_one_digit_changed_is_refused(keyring: Keyring) -> None:
    document = json.loads(keyring.path.read_text())
    document["case_key"] = "0" * 64
    keyring.path.write_text(json.dumps(document))
    with pytest.raises(KeyringError, match="digest does not match"):
        load_keyring(keyring.path)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"", b"nonsense"])
def test_a_file_that_is_no_json_is_refused(keyring: Keyring, data: bytes) -> None:
    keyring.path.write_bytes(data)
    with pytest.raises(KeyringError, match=r"is damaged, it is not whole JSON.*from your backup"):
        load_keyring(keyring.path)


@pytest.mark.parametrize("data", [b"[]", b"{}", b'{"format": "mailflow keyring 2"}', b"null"])
def test_a_json_file_that_is_no_keyring_is_refused(keyring: Keyring, data: bytes) -> None:
    keyring.path.write_bytes(data)
    with pytest.raises(KeyringError, match='it does not say "format"'):
        load_keyring(keyring.path)


def master(secret: str = "ab" * 32, *, revoked: bool = False) -> dict[str, Any]:
    return {"secret": secret, "revoked": revoked}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"masters": {}}, "newest key number is missing or revoked"),
        ({"masters": {"0": master(), "1": master(revoked=True)}}, "missing or revoked"),
        ({"masters": {"32": master()}}, "key number '32' is not 0 to 31"),
        ({"masters": {"01": master()}}, "key number '01' is not 0 to 31"),
        ({"masters": {"0": master("ab")}}, "1 bytes long instead of 32"),
        ({"masters": {"0": {"revoked": False}}}, "lacks 'secret'"),
        ({"masters": []}, "wrong shape"),
        ({"case_key": "xy"}, "non-hexadecimal"),
        ({"index_key": 5}, "wrong shape"),
        ({"keks": {"open-2026": "ab" * 32}}, "a bucket that does not exist"),
        ({"destroyed": None}, "wrong shape"),
    ],
    ids=str,
)
def test_a_keyring_with_a_wrong_part_is_refused(
    tmp_path: Path, changes: dict[str, Any], complaint: str
) -> None:
    path = tmp_path / "keyring.json"
    write_document(path, keyring_document(**changes))
    with pytest.raises(KeyringError, match=complaint):
        load_keyring(path)


@pytest.mark.parametrize("name", ["instance", "masters", "case_key", "signing_key", "keks"])
def test_a_keyring_without_a_part_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "keyring.json"
    document = keyring_document()
    del document[name]
    write_document(path, document)
    with pytest.raises(KeyringError, match=f"it lacks '{name}'"):
        load_keyring(path)


def test_no_complaint_tells_a_key(known: Keyring) -> None:
    known.path.write_bytes(known.path.read_bytes().replace(b"63" * 32, b"63" * 31))
    with pytest.raises(KeyringError) as caught:
        load_keyring(known.path)
    assert "63" * 8 not in str(caught.value)
    assert caught.value.__suppress_context__
