"""A private Redis on a loop-back port that writes nothing to disk."""

from __future__ import annotations

import shutil
import socket
from typing import TYPE_CHECKING, Self

from tests.servers.place import LOOPBACK, find_program, free_port, make_server_folder
from tests.servers.process import ServerProcess

if TYPE_CHECKING:
    from pathlib import Path


class RedisServer:
    """A restart forgets everything, as a Redis without persistence does."""

    host = LOOPBACK

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self.folder = folder
        self.port = free_port()
        self._process: ServerProcess | None = None

    @classmethod
    def start(cls, folder: Path | None = None) -> Self:
        """Answers when this returns."""
        program = find_program("redis-server", package="redis-server")
        server = cls(program, folder or make_server_folder("redis"))
        server._run()
        return server

    @property
    def url(self) -> str:
        return f"redis://{self.host}:{self.port}/0"

    def flush_all(self) -> None:
        """Every key is gone, connections stay."""
        self._command(b"FLUSHALL")

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None

    def restart(self) -> None:
        """The same port, empty."""
        self.stop()
        self._run()

    def ensure_running(self) -> None:
        if self._process is None or not self._process.is_running():
            self.restart()

    def pause(self) -> None:
        """Connections stay open and nothing answers, until resume()."""
        if self._process is not None:
            self._process.pause()

    def resume(self) -> None:
        if self._process is not None:
            self._process.resume()

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self) -> None:
        arguments = ["--port", str(self.port), "--bind", self.host, "--save", ""]
        arguments += ["--appendonly", "no", "--dir", str(self.folder)]
        self._process = ServerProcess.start(
            [self._program, *arguments],
            folder=self.folder,
            log=self.folder / "redis.log",
            ports=(self.port,),
        )
        self._process.wait_until(self._answers)

    def _answers(self) -> bool:
        try:
            return self._command(b"PING") == b"+PONG\r\n"
        except OSError:
            return False

    def _command(self, name: bytes) -> bytes:
        with socket.create_connection((self.host, self.port), timeout=10) as connection:
            connection.sendall(name + b"\r\n")
            return connection.recv(64)
