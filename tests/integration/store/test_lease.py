from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.bootstrap import prepare_database
from mailflow.keys.keyring import create_keyring, load_keyring
from mailflow.store.instance import give_up_lease, take_lease
from mailflow.store.session import open_engine, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from mailflow.clock import SteeredClock

LENGTH = timedelta(seconds=60)


@pytest.fixture
def engine(database_url: str, tmp_path: Path, clock: SteeredClock) -> Iterator[Engine]:
    create_keyring(tmp_path / "keyring.json")
    engine = open_engine(database_url)
    prepare_database(engine, load_keyring(tmp_path / "keyring.json"), clock=clock)
    yield engine
    engine.dispose()


def take(engine: Engine, holder: str, clock: SteeredClock) -> bool:
    with transaction(engine) as connection:
        return take_lease(connection, "hr", holder=holder, now=clock.now(), length=LENGTH)


def test_one_holder_at_a_time_has_the_lease(engine: Engine, clock: SteeredClock) -> None:
    assert take(engine, "first", clock)
    assert not take(engine, "second", clock)


def test_the_holder_prolongs_the_lease_by_asking_again(engine: Engine, clock: SteeredClock) -> None:
    take(engine, "first", clock)
    clock.advance(LENGTH / 2)
    assert take(engine, "first", clock)
    clock.advance(LENGTH / 2)
    assert not take(engine, "second", clock)


def test_a_lease_that_ran_out_goes_to_whoever_asks(engine: Engine, clock: SteeredClock) -> None:
    take(engine, "first", clock)
    clock.advance(LENGTH)
    assert take(engine, "second", clock)
    assert not take(engine, "first", clock)


def test_a_lease_that_is_given_up_is_free(engine: Engine, clock: SteeredClock) -> None:
    take(engine, "first", clock)
    with transaction(engine) as connection:
        give_up_lease(connection, "hr", holder="first")
    assert take(engine, "second", clock)
