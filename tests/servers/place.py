"""Where a private server lives: its program, its folder, its port and the user it runs as."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import tempfile
import time
from pathlib import Path

LOOPBACK = "127.0.0.1"

# Debian keeps daemons outside an ordinary user's PATH.
_DAEMON_FOLDERS = "/usr/sbin:/usr/local/sbin:/sbin"


class MissingServerError(Exception):
    """A server's program is not installed; the message says what to install."""


def find_program(name: str, *, package: str, extra_folders: tuple[Path, ...] = ()) -> Path:
    """The newest place wins: ``extra_folders`` in their order, then PATH, then the daemons'."""
    folders = [str(folder) for folder in extra_folders]
    path = os.pathsep.join([*folders, os.environ.get("PATH", ""), _DAEMON_FOLDERS])
    found = shutil.which(name, path=path)
    if found is None:
        raise MissingServerError(
            f"{name} is not installed: install your system's {package} package"
            f" (Debian: apt-get install {package}), then run the tests again"
        )
    return Path(found)


def server_user() -> pwd.struct_passwd | None:
    """Whom servers run as: nobody when root asks (they refuse root), else oneself (None)."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def make_server_folder(name: str) -> Path:
    """A new folder that the server's user may enter; pytest's own are closed to nobody.

    Its path is short, since a UNIX socket's address ends after 107 bytes.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"mailflow-{name}-"))
    give_to_server(folder)
    return folder


def give_to_server(path: Path) -> None:
    """Hands one file or folder to the user that servers run as."""
    user = server_user()
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def free_port() -> int:
    """A TCP port on loop-back that nobody listens on at this moment.

    It lies below the range that systems give to outgoing connections, so that none of these can
    take it while the server is stopped for a moment.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port


def wait_until_refused(port: int, *, timeout_seconds: float = 10.0) -> None:
    """Returns once nobody listens on the port: a killed server's children die a moment later.

    Raises TimeoutError when somebody still does.
    """
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except ConnectionError:
            return
        time.sleep(0.005)
    raise TimeoutError(f"port {port} is still open {timeout_seconds:g} s after its server's end")
