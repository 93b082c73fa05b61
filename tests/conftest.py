"""Fixtures that every test may ask for: private servers, fresh databases, a clock to steer."""

from __future__ import annotations

import itertools
import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import settings

from mailflow.clock import SteeredClock
from tests.servers.dovecot import Dovecot
from tests.servers.place import MissingServerError, make_server_folder
from tests.servers.postgres import Postgres
from tests.servers.redis import RedisServer
from tests.servers.smtp_sink import SmtpSink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Two busy cores make single examples slow now and then; that is no finding.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")

_SERVER_FIXTURES = {"dovecot", "postgres", "redis_server"}
_imap_users = itertools.count(1)

_Server = TypeVar("_Server")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for a server is marked so: `-m "not servers"` leaves the rest."""
    for item in items:
        if _SERVER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("servers")


def _start(start: Callable[[], _Server]) -> _Server:
    """A missing program is skipped on a laptop and fails where servers are promised."""
    try:
        return start()
    except MissingServerError as missing:
        if os.environ.get("CI") == "true" or os.environ.get("MAILFLOW_REQUIRE_SERVERS") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """Shared by a worker's tests; take ``imap_user`` for mail of your own."""
    server = _start(Dovecot.start)
    yield server
    server.remove()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Shared by a worker's tests; take ``postgres_url`` for a database of your own."""
    server = _start(Postgres.start)
    yield server
    server.remove()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """Shared by a worker's tests; take ``redis_url`` to find it empty."""
    server = _start(RedisServer.start)
    yield server
    server.remove()


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """Fresh for each test: no login, no TLS; start your own SmtpSink for those."""
    sink = SmtpSink.start()
    yield sink
    sink.stop()


@pytest.fixture
def imap_user(dovecot: Dovecot) -> str:
    """A user name nobody had before, with empty folders INBOX, Processed and Sent."""
    dovecot.ensure_running()
    return f"user{next(_imap_users)}@acme.example"


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    redis_server.ensure_running()
    redis_server.flush_all()
    return redis_server.url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'mailflow.db'}"


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty database, dropped afterwards."""
    postgres.ensure_running()
    url = postgres.create_database()
    yield url
    postgres.ensure_running()
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs twice: on each database that the product supports."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder that a server's user may enter, for servers that a test starts itself."""
    folder = make_server_folder("test")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def clock() -> SteeredClock:
    """A Tuesday morning in November, 10:00 in Berlin."""
    return SteeredClock(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
