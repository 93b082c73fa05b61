"""A private PostgreSQL cluster on a loop-back port, without waiting for the disk."""

from __future__ import annotations

import itertools
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

from tests.servers.place import (
    LOOPBACK,
    find_program,
    free_port,
    give_to_server,
    make_server_folder,
    server_user,
)
from tests.servers.process import ServerProcess

_OWNER = "mailflow"


class Postgres:
    """Trusts everybody on loop-back. A killed server loses nothing: only a power cut would."""

    host = LOOPBACK

    def __init__(self, programs: Path, folder: Path, *, extra_settings: tuple[str, ...]) -> None:
        self._programs = programs
        self.folder = folder
        self.port = free_port()
        self._extra_settings = extra_settings
        self._process: ServerProcess | None = None
        self._numbers = itertools.count(1)

    @classmethod
    def start(
        cls, folder: Path | None = None, *, extra_settings: tuple[str, ...] = ("fsync=off",)
    ) -> Self:
        """Answers when this returns. ``extra_settings`` are NAME=VALUE for postgresql.conf."""
        programs = _find("initdb").parent
        server = cls(
            programs, folder or make_server_folder("postgres"), extra_settings=extra_settings
        )
        server._make_cluster()
        server._run()
        return server

    def create_database(self, *, template: str | None = None) -> str:
        """A new, empty database (or a copy of the one at the URL ``template``); its URL."""
        name = f"case_{next(self._numbers)}"
        source = "template0" if template is None else template.rpartition("/")[2]
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(
                sql.Identifier(name), sql.Identifier(source)
            )
        )
        return f"postgresql+psycopg://{_OWNER}@{self.host}:{self.port}/{name}"

    def drop_database(self, url: str) -> None:
        """Ends every connection to it first."""
        name = sql.Identifier(url.rpartition("/")[2])
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def cut_connections(self) -> None:
        """As a failover does: every client is thrown out, the server goes on."""
        self._execute(
            sql.SQL(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
        )

    def stop(self) -> None:
        """A fast shutdown: clients are thrown out, committed work is on disk."""
        if self._process is not None:
            self._process.stop(signal.SIGINT)
            self._process = None

    def kill(self) -> None:
        """SIGKILL to every process; the next start recovers from the log."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def restart(self) -> None:
        """The same port and databases."""
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
        """Ends it at once and deletes everything."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _cluster(self) -> Path:
        return self.folder / "cluster"

    def _make_cluster(self) -> None:
        owner = server_user()
        arguments = ["--username", _OWNER, "--auth", "trust", "--no-sync", "--no-instructions"]
        arguments += ["--encoding", "UTF8", "--locale", "C", "-D", str(self._cluster)]
        give_to_server(self.folder)
        subprocess.run(
            [self._programs / "initdb", *arguments],
            check=True,
            capture_output=True,
            cwd=self.folder,
            user=None if owner is None else owner.pw_uid,
            group=None if owner is None else owner.pw_gid,
            extra_groups=None if owner is None else [],
        )

    def _run(self) -> None:
        settings = [
            f"port={self.port}",
            f"listen_addresses={self.host}",
            f"unix_socket_directories={self.folder}",
            "shared_buffers=32MB",
            "max_connections=200",
            *self._extra_settings,
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        self._process = ServerProcess.start(
            [self._programs / "postgres", "-D", self._cluster, *options],
            folder=self.folder,
            log=self.folder / "postgres.log",
            ports=(self.port,),
        )
        self._process.wait_until(self._answers, timeout_seconds=60)

    def _answers(self) -> bool:
        try:
            self._execute(sql.SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True

    def _execute(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(
            host=self.host, port=self.port, user=_OWNER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)


def _find(name: str) -> Path:
    # Debian keeps each version's programs in a folder of their own, outside PATH.
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    return find_program(name, package="postgresql", extra_folders=tuple(versions))
