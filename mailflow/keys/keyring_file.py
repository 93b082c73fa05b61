"""The keyring's file: private, replaced as a whole, changed by one process at a time."""

from __future__ import annotations

import fcntl
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.errors import KeyringError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PRIVATE = 0o600
_OTHERS = 0o077


@dataclass(frozen=True)
class FileMark:
    """Changes whenever the file is replaced, written to, or gets another mode or owner."""

    inode: int
    size: int
    changed_ns: int


def _mark(status: os.stat_result) -> FileMark:
    return FileMark(status.st_ino, status.st_size, status.st_ctime_ns)


def mark_file(path: Path) -> FileMark | None:
    """None where there is no such file, or none that can be seen."""
    try:
        return _mark(os.stat(path))  # noqa: PTH116 - asked before each use of a key: Path.stat takes twice as long.
    except OSError:
        return None


def read_private_file(path: Path) -> tuple[FileMark, bytes]:
    """Raises KeyringError where the file is missing, unreadable, another user's or not private."""
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            status = os.fstat(file.fileno())
            _check_private(path, status)
            return _mark(status), file.read()
    except FileNotFoundError:
        raise KeyringError(
            f"there is no keyring at {path}: put the copy from your backup there, or correct "
            "`keyring:` in mailflow.yaml. A new keyring cannot open what the old one sealed."
        ) from None
    except OSError as error:
        raise KeyringError(
            f"the keyring {path} cannot be read ({error.strerror}): "
            "it must be a file that the user who runs mailflow owns, mode 600"
        ) from None


def _open_at_once(name: str, flags: int) -> int:
    # Without this flag a named pipe in the file's place would hold the start for ever.
    return os.open(name, flags | os.O_NONBLOCK)


def _check_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise KeyringError(
            f"the keyring {path} is not a regular file: put the keyring itself there"
        )
    if status.st_uid != os.geteuid():
        raise KeyringError(
            f"the keyring {path} belongs to user {status.st_uid}, but mailflow runs as user "
            f"{os.geteuid()}: run `chown {os.geteuid()} {path}`, or run mailflow as its owner"
        )
    if status.st_mode & _OTHERS:
        raise KeyringError(
            f"the keyring {path} is open to others (mode {stat.S_IMODE(status.st_mode):03o}): "
            f"run `chmod 600 {path}`, and if others may have read it, `mailflow keys rotate`"
        )


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one process, and one thread of it, changes the file at ``path`` at a time."""
    try:
        lock = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _PRIVATE)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def replace_private_file(path: Path, data: bytes) -> None:
    """Under the lock: the file has the old or the new bytes, whatever happens in between.

    Raises KeyringError where it cannot be written.
    """
    half_done = path.with_name(f".{path.name}.new")
    try:
        half_done.unlink(missing_ok=True)
        with open(half_done, "xb", opener=_open_private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half_done.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from None


def _open_private(name: str, flags: int) -> int:
    return os.open(name, flags, _PRIVATE)


def _sync_folder(folder: Path) -> None:
    # The new name is only safe against a power cut when the folder is on disk too.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(path: Path, error: OSError) -> KeyringError:
    return KeyringError(
        f"the keyring {path} cannot be written ({error.strerror}): "
        "its folder must exist, have room, and belong to the user who runs mailflow"
    )
