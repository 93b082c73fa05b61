from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import redis
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from tests.servers.postgres import Postgres
    from tests.servers.redis import RedisServer


def execute(url: str, *statements: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    rows: list[tuple[object, ...]] = []
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(text(statement))
            rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def test_fresh_database_is_empty_and_writable(database_url: str) -> None:
    rows = execute(
        database_url, "CREATE TABLE t (n INTEGER)", "INSERT INTO t VALUES (7)", "SELECT n FROM t"
    )

    assert rows == [(7,)]


def test_databases_do_not_share_tables(postgres: Postgres, postgres_url: str) -> None:
    execute(postgres_url, "CREATE TABLE t (n INTEGER)")

    other = postgres.create_database()

    assert execute(other, "SELECT to_regclass('t')") == [(None,)]
    postgres.drop_database(other)


def test_copy_of_a_database_has_its_rows(postgres: Postgres, postgres_url: str) -> None:
    execute(postgres_url, "CREATE TABLE t (n INTEGER)", "INSERT INTO t VALUES (7)")

    copy = postgres.create_database(template=postgres_url)

    assert execute(copy, "SELECT n FROM t") == [(7,)]
    postgres.drop_database(copy)


@pytest.mark.parametrize("ending", ["stop", "kill"])
def test_committed_rows_survive(postgres: Postgres, postgres_url: str, ending: str) -> None:
    execute(postgres_url, "CREATE TABLE t (n INTEGER)", "INSERT INTO t VALUES (7)")

    getattr(postgres, ending)()
    with pytest.raises(OperationalError):
        execute(postgres_url, "SELECT n FROM t")
    postgres.ensure_running()

    assert execute(postgres_url, "SELECT n FROM t") == [(7,)]


def test_cut_connections_end_and_new_ones_are_welcome(
    postgres: Postgres, postgres_url: str
) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        postgres.cut_connections()
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
        connection.invalidate()
        connection.rollback()
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()


def test_redis_begins_empty_and_is_flushed(redis_server: RedisServer, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("bell", "rung")

        redis_server.flush_all()

        assert client.dbsize() == 0


@pytest.mark.parametrize("ending", ["stop", "kill"])
def test_redis_forgets_when_restarted(
    redis_server: RedisServer, redis_url: str, ending: str
) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.set("bell", "rung")

    getattr(redis_server, ending)()
    redis_server.ensure_running()

    with redis.Redis.from_url(redis_url) as client:
        assert client.get("bell") is None
