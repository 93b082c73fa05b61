from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.clock import SteeredClock, SystemClock
from mailflow.errors import TemporaryError
from mailflow.store.database_clock import DatabaseClock
from mailflow.store.session import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.servers.postgres import Postgres

pytestmark = pytest.mark.servers

A_MOMENT = timedelta(seconds=30)


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture
def wrong() -> SteeredClock:
    """A machine whose clock is two hours ahead."""
    return SteeredClock(SystemClock().now() + timedelta(hours=2))


def test_a_machine_with_a_wrong_clock_has_the_databases_time(
    engine: Engine, wrong: SteeredClock
) -> None:
    clock = DatabaseClock(engine, wrong)
    clock.look()
    assert abs(clock.now() - SystemClock().now()) < A_MOMENT


def test_it_goes_on_by_what_has_passed_here(engine: Engine, wrong: SteeredClock) -> None:
    clock = DatabaseClock(engine, wrong)
    clock.look()
    before = clock.now()
    wrong.advance(timedelta(minutes=1))
    assert clock.now() - before == timedelta(minutes=1)
    clock.look()
    assert clock.now() - before < A_MOMENT


def test_while_the_database_is_away_the_last_answer_stands(
    engine: Engine, wrong: SteeredClock, postgres: Postgres
) -> None:
    clock = DatabaseClock(engine, wrong)
    clock.look()
    before = clock.now()
    engine.dispose()
    postgres.stop()
    with pytest.raises(TemporaryError):
        clock.look()
    assert clock.now() == before
    postgres.ensure_running()
