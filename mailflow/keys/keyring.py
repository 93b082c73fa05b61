"""The keyring as the rest of mailflow uses it: derived keys, buckets, rotation, revocation."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Never

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mailflow.errors import KeyringError, MailflowError, SealError
from mailflow.keys.buckets import has_passed, is_bucket_name
from mailflow.keys.derive import KEY_BYTES, hkdf
from mailflow.keys.keyring_changes import (
    with_kek,
    with_new_master,
    without_kek,
    without_trust,
)
from mailflow.keys.keyring_contents import (
    KeyringContents,
    Master,
    read_contents,
    write_contents,
)
from mailflow.keys.keyring_file import (
    FileMark,
    locked,
    mark_file,
    read_private_file,
    replace_private_file,
)
from mailflow.keys.recovery_sheet import write_sheet
from mailflow.keys.sealing import WrappingKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path


def create_keyring(path: Path, *, instance: str | None = None) -> Keyring:
    """Write a fresh keyring, mode 600. Raises KeyringError where a file stands already.

    ``instance`` is the salt of all derived keys; by default it is random.
    """
    contents = KeyringContents(
        instance=instance or os.urandom(16).hex(),
        masters={0: Master(os.urandom(KEY_BYTES))},
        case_key=os.urandom(KEY_BYTES),
        index_key=os.urandom(KEY_BYTES),
        signing_key=os.urandom(KEY_BYTES),
        keks={},
    )
    return write_keyring(path, contents)


def write_keyring(path: Path, contents: KeyringContents) -> Keyring:
    """Write a keyring that is known, mode 600, such as one that was typed from a recovery sheet.

    Raises KeyringError where a file stands already.
    """
    with locked(path):
        if os.path.lexists(path):
            raise KeyringError(
                f"there is a keyring at {path} already, and it is never overwritten: "
                "what it sealed would be lost"
            )
        replace_private_file(path, write_contents(contents))
    return load_keyring(path)


def load_keyring(path: Path) -> Keyring:
    """Raises KeyringError, with what to do, for anything but a whole and private keyring."""
    return Keyring(path.resolve())


@dataclass(frozen=True)
class _Loaded:
    mark: FileMark
    contents: KeyringContents
    derived: dict[tuple[str, int], bytes] = field(default_factory=dict)


class Keyring:
    """Every secret of one instance. Safe between threads and between processes.

    What can change (kids, buckets) is read again as soon as the file has changed, which one
    stat() tells, so that a revocation reaches running processes; a file that went missing or
    is no longer private raises KeyringError from then on.

    Two families of derived keys: ``derived`` keys give authority and follow rotation;
    ``lookup_key`` keys make the values by which rows are found again (blind indexes, token
    handles, Message-ID object ids) and come from a master of their own that is never rotated.
    A look-up key gives no authority, and with a rotated one every row already stored would be
    invisible to a search until all had been opened and indexed anew. It is apart from kid 0 so
    that revoking kid 0 can never be taken for a reason to change it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._loaded = _load(path)

    def __repr__(self) -> str:
        contents = self._loaded.contents
        return f"Keyring(instance={contents.instance!r}, kids={sorted(contents.masters)})"

    def __reduce__(self) -> Never:
        # A child process that is handed the keyring by mistake must fail, not receive it.
        raise TypeError("a keyring is never copied into another process")

    @property
    def instance(self) -> str:
        return self._loaded.contents.instance

    @property
    def case_key(self) -> bytes:
        return self._loaded.contents.case_key

    @property
    def kids(self) -> tuple[int, ...]:
        return tuple(sorted(self._current().contents.masters))

    @property
    def active_kid(self) -> int:
        """The newest kid: what new tokens, Message-IDs and audit rows use. It never goes back."""
        return self._current().contents.active_kid

    def is_accepted(self, kid: int) -> bool:
        """Whether a token of this kid may still be believed: it exists and is not revoked."""
        master = self._current().contents.masters.get(kid)
        return master is not None and not master.revoked

    def derived(self, label: str, kid: int) -> bytes:
        """K_label[kid], also of a revoked kid. Raises KeyringError for a kid that is not there."""
        loaded = self._loaded
        if kid not in loaded.contents.masters:
            loaded = self._current()
        known = loaded.derived.get((label, kid))
        if known is not None:
            return known
        master = loaded.contents.masters.get(kid)
        if master is None:
            raise KeyringError(
                f"the keyring has no key number {kid}: it is older than the database, "
                "or of another instance; put the newest copy back"
            )
        key = _derive(loaded, master.secret, label, str(kid))
        loaded.derived[label, kid] = key
        return key

    def lookup_key(self, label: str) -> bytes:
        """K_label for values by which rows are found; the same after every rotation."""
        loaded = self._loaded
        known = loaded.derived.get((label, -1))
        if known is None:
            known = _derive(loaded, loaded.contents.index_key, label, "lookup")
            loaded.derived[label, -1] = known
        return known

    def write_sheet(self) -> str:
        """All of it, for paper: as secret as the keyring itself."""
        return write_sheet(self._current().contents)

    def find_gaps(self, sheet: KeyringContents) -> tuple[str, ...]:
        """What a sheet lacks, in words; none means that it can stand in for this keyring."""
        mine = self._current().contents
        if (sheet.instance, sheet.case_key) != (mine.instance, mine.case_key):
            return ("it is of another keyring",)
        gaps = [f"it lacks key number {kid}" for kid in mine.masters if kid not in sheet.masters]
        gaps += [f"it lacks bucket {name}" for name in sorted(mine.keks.keys() - sheet.keks)]
        old = sorted(mine.destroyed & sheet.keks.keys())
        gaps += [f"it holds the erased bucket {name}: destroy this sheet" for name in old]
        revoked = [kid for kid, one in mine.masters.items() if one.revoked]
        gaps += [
            f"it still believes key number {kid}"
            for kid in revoked
            if kid in sheet.masters and not sheet.masters[kid].revoked
        ]
        return tuple(gaps)

    @property
    def public_key(self) -> bytes:
        """The 32 bytes with which anyone checks anchors: hand them to the auditor."""
        return self._signing_key().public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature, 64 bytes."""
        return self._signing_key().sign(message)

    def _signing_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._loaded.contents.signing_key)

    def kek(self, name: str) -> WrappingKey:
        """The key of a bucket to wrap under, made and kept on first use.

        Raises SealError for a bucket that was destroyed, ValueError for a name that is none.
        """
        if not is_bucket_name(name):
            raise ValueError(f"{name!r} is no bucket")
        contents = self._current().contents
        if name not in contents.keks and name not in contents.destroyed:
            contents = self._change(lambda latest: with_kek(latest, name))
        return _kek(contents, name)

    def known_kek(self, name: str) -> WrappingKey:
        """The key of a bucket to unwrap with; never made.

        Raises SealError for a bucket that was destroyed (what it held is erased), KeyringError
        for one that the keyring never had: then the keyring is older than the database.
        """
        return _kek(self._current().contents, name)

    @property
    def bucket_names(self) -> tuple[str, ...]:
        return tuple(sorted(self._current().contents.keks))

    def destroy_kek(self, name: str, *, today: date) -> None:
        """Erase a bucket for good. The caller has made sure that no live wrap names it.

        Raises MailflowError before its month has passed: another process may be using it.
        """
        if not has_passed(name, today):
            raise MailflowError(f"bucket {name} is still in use on {today}: its month must be over")
        self._change(lambda latest: without_kek(latest, name))

    def rotate(self) -> int:
        """Add a kid, which new tokens use from now on; the old ones stay good. Returns it.

        Raises MailflowError when all 32 kids are used up.
        """
        return self._change(with_new_master).active_kid

    def revoke(self, kid: int) -> int:
        """Believe no token of this kid any more. Returns the kid that new ones use now.

        Revoking the newest kid adds another: an older one never comes back into use. Raises
        MailflowError for an unknown kid.
        """
        return self._change(lambda latest: without_trust(latest, kid)).active_kid

    def _current(self) -> _Loaded:
        loaded = self._loaded
        if mark_file(self.path) == loaded.mark:
            return loaded
        self._loaded = fresh = _load(self.path)
        return fresh

    def _change(self, change: Callable[[KeyringContents], KeyringContents]) -> KeyringContents:
        with locked(self.path):
            latest = _load(self.path)
            contents = change(latest.contents)
            if contents is not latest.contents:
                replace_private_file(self.path, write_contents(contents))
                latest = _load(self.path)
            self._loaded = latest
        return contents


def _load(path: Path) -> _Loaded:
    mark, data = read_private_file(path)
    try:
        return _Loaded(mark, read_contents(data))
    except ValueError as error:
        raise KeyringError(
            f"the keyring {path} is damaged, {error}: put the copy from your backup there"
        ) from None


def _derive(loaded: _Loaded, secret: bytes, label: str, family: str) -> bytes:
    info = f"mailflow/{label}/v1/{family}".encode()
    return hkdf(secret, salt=loaded.contents.instance.encode(), info=info)


def _kek(contents: KeyringContents, name: str) -> WrappingKey:
    if name in contents.destroyed:
        raise SealError(f"the key of bucket {name} was destroyed: what it held is erased")
    if name not in contents.keks:
        raise KeyringError(
            f"the keyring has no key for bucket {name}: it is older than the database, "
            "or of another instance; put the newest copy back"
        )
    return WrappingKey(name, contents.keks[name])
