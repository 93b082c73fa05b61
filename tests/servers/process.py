"""One server process: started, watched, and ended by its own process group, whatever happens."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Self

from tests.servers.place import give_to_server, server_user, wait_until_refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

# Ends the server's group when the test process dies without a word: its end of the pipe closes.
_LIFELINE = 'cat >/dev/null; kill -s TERM -- "-$1"; sleep 2; kill -s KILL -- "-$1"'


class ServerDidNotStartError(Exception):
    """The process ended early or never answered; the message has the end of its log."""


class ServerProcess:
    def __init__(
        self, process: subprocess.Popen[bytes], *, log: Path, ports: Sequence[int]
    ) -> None:
        self._process = process
        self._log = log
        self._ports = ports
        self._lifeline = subprocess.Popen(
            ["sh", "-c", _LIFELINE, "lifeline", str(process.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @classmethod
    def start(
        cls,
        arguments: Sequence[str | Path],
        *,
        folder: Path,
        log: Path,
        ports: Sequence[int] = (),
    ) -> Self:
        """Starts in ``folder`` as the server's user; its output is appended to ``log``.

        ``ports`` are those it listens on: its end is over once they refuse.
        """
        user = server_user()
        log.touch()
        give_to_server(log)
        with log.open("ab") as output:
            process = subprocess.Popen(
                [str(argument) for argument in arguments],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=None if user is None else user.pw_uid,
                group=None if user is None else user.pw_gid,
                extra_groups=None if user is None else [],
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            )
        return cls(process, log=log, ports=ports)

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_until(self, answers: Callable[[], bool], *, timeout_seconds: float = 20.0) -> None:
        """Returns once ``answers()``; raises ServerDidNotStartError with the log's end."""
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            if not self.is_running():
                break
            if answers():
                return
            time.sleep(0.005)
        self._end_group()
        log_lines = self._log.read_text(errors="replace").splitlines()[-20:]
        raise ServerDidNotStartError("\n".join(["the server did not start:", *log_lines]))

    def stop(self, stop_signal: signal.Signals = signal.SIGTERM, *, patience: float = 10.0) -> None:
        """Asks, waits up to ``patience`` seconds, then kills."""
        if self.is_running():
            self._process.send_signal(stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
        self.kill()

    def kill(self) -> None:
        """SIGKILL to the process and all its children, as a power cut would end them."""
        self._end_group()
        # Children hold the ports too and die a moment after their master.
        for port in self._ports:
            wait_until_refused(port)

    def _end_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._lifeline.kill()
        self._lifeline.communicate()

    def pause(self) -> None:
        """Freezes the process group: connections stay open and nothing answers."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.killpg(self._process.pid, signal.SIGCONT)
