from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers.place import MissingServerError, find_program
from tests.servers.process import ServerDidNotStartError, ServerProcess

ABANDON = """
from pathlib import Path
from tests.servers.redis import RedisServer
import os, signal, sys
server = RedisServer.start(Path(sys.argv[1]))
print(server._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")
@pytest.mark.servers
def test_server_ends_when_its_tests_are_killed(redis_url: str, server_folder: Path) -> None:
    abandoned = subprocess.run(
        [sys.executable, "-c", ABANDON, server_folder], capture_output=True, check=False
    )

    pid = int(abandoned.stdout)
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)

    assert not is_alive(pid)


def test_log_is_shown_when_a_server_does_not_start(server_folder: Path) -> None:
    process = ServerProcess.start(
        ["sh", "-c", "echo no room left; exit 1"],
        folder=server_folder,
        log=server_folder / "server.log",
    )

    with pytest.raises(ServerDidNotStartError, match="no room left"):
        process.wait_until(lambda: False)


def test_stubborn_server_is_killed(server_folder: Path) -> None:
    process = ServerProcess.start(
        ["sh", "-c", "trap '' TERM; echo up; while :; do sleep 1; done"],
        folder=server_folder,
        log=server_folder / "server.log",
    )
    process.wait_until(lambda: "up" in (server_folder / "server.log").read_text())

    process.stop(patience=0.1)

    assert not process.is_running()


def test_missing_program_says_what_to_install() -> None:
    with pytest.raises(MissingServerError, match="apt-get install mailserver-x"):
        find_program("mailserverd-x", package="mailserver-x")
