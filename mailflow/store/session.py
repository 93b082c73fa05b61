"""Engines and transactions. One transaction per use case, opened where the use case begins."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from mailflow.errors import AwayError, TemporaryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Engine

_RETRIED_STATES = ("40001", "40P01")
_BUSY_SECONDS = 10
_PRIVATE = 0o600


def open_engine(url: str) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql+psycopg://…`` with our settings on it."""
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if not url.startswith("sqlite"):
        return create_engine(
            url, pool_pre_ping=True, pool_size=8, max_overflow=8, hide_parameters=True
        )
    engine = create_engine(
        url, connect_args={"timeout": _BUSY_SECONDS}, pool_size=16, hide_parameters=True
    )
    event.listen(engine, "do_connect", _make_file_private)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _make_file_private(_dialect: object, _record: object, names: list[str], _: object) -> None:
    """A new file is for its owner alone, and so are the two that SQLite writes beside it."""
    with suppress(OSError):
        os.close(os.open(names[0], os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN is deferred and leaves SELECT outside the transaction, which loses
    # updates; the "begin" event issues BEGIN IMMEDIATE instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_SECONDS * 1000}",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Commit at the end, roll back on any error.

    Raises TemporaryError when the database is locked, restarting or asks to try again.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise as_temporary(error) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A consistent view that takes no write lock."""
    try:
        with engine.connect().execution_options(read_only=True) as connection:
            yield connection
    except DBAPIError as error:
        raise as_temporary(error) from error


def as_temporary(error: DBAPIError) -> Exception:
    """The error itself, or TemporaryError when trying again later is the right answer."""
    name = type(error.orig).__name__
    words = str(error.orig)
    if error.connection_invalidated:
        return AwayError(f"database: {name}")
    if getattr(error.orig, "sqlstate", None) in _RETRIED_STATES:
        return TemporaryError(f"database: {name}")
    if not isinstance(error, OperationalError):
        return error
    if "connection" in words:
        return AwayError(f"database: {words.splitlines()[0]}")
    if "locked" in words or "full" in words or "disk I/O" in words:
        return TemporaryError(f"database: {words.splitlines()[0]}")
    return error


def database_answers(engine: Engine) -> bool:
    try:
        with reading(engine) as connection:
            connection.execute(text("SELECT 1"))
    except (TemporaryError, DBAPIError):
        return False
    return True


def new_id(now: datetime) -> str:
    """32 hex digits: 48 bits of milliseconds, then 80 random bits, so that ids grow with time."""
    return _milliseconds(now) + os.urandom(10).hex()


@lru_cache(maxsize=64)
def _milliseconds(now: datetime) -> str:
    return f"{int(now.timestamp() * 1000) & 0xFFFFFFFFFFFF:012x}"
