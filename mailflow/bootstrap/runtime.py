"""Composition root: Settings to one frozen Runtime, with everything that work needs in it."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.bootstrap.accounts import Account, mailbox_accounts, relay_account
from mailflow.bootstrap.files import read_files
from mailflow.bootstrap.house import HouseSource, is_urgent_subject
from mailflow.casework.live_house import open_house
from mailflow.casework.office import Office
from mailflow.casework.people_files import PeopleFiles
from mailflow.casework.rules_news import RulesKeeper
from mailflow.clock import SystemClock
from mailflow.delivery.circuit_breaker import CircuitBreaker
from mailflow.delivery.post_room import PostRoom
from mailflow.intake.receive import Intake
from mailflow.keys.keyring import load_keyring
from mailflow.shipped_files import shipped_folder
from mailflow.store import instance, rules_bundles
from mailflow.store.database_clock import DatabaseClock
from mailflow.store.migrate import migrate
from mailflow.store.session import open_engine, reading, transaction
from mailflow.store.time_guard import TimeGuard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sqlalchemy import Engine

    from mailflow.bootstrap.files import Files
    from mailflow.clock import Clock
    from mailflow.core.policy.house import House
    from mailflow.intake.key_lookup import TxtResolver
    from mailflow.keys.keyring import Keyring
    from mailflow.settings import Settings


@dataclass(frozen=True)
class Runtime:
    """Everything that a process works with. ``close`` gives back what it holds open."""

    home: Path
    engine: Engine = field(repr=False)
    keyring: Keyring
    clock: Clock
    office: Office
    rules: RulesKeeper
    intake: Intake
    post_room: PostRoom
    accounts: tuple[Account, ...]
    resolver: TxtResolver
    time_guard: TimeGuard
    broker_url: str = field(repr=False)
    metrics_listen: str | None = None

    def close(self) -> None:
        self.engine.dispose()


def assemble(
    home: Path, *, environ: Mapping[str, str] | None = None, clock: Clock | None = None
) -> Runtime:
    """Read every file of an instance once and put the runtime together.

    The embedded database is brought to the current schema by itself. Raises InvalidFilesError
    with all mistakes, KeyringError when the keyring is missing or another database's, and
    TemporaryError when the database does not answer.
    """
    files = read_files(home, environ=os.environ if environ is None else environ)
    settings = files.settings
    keyring = load_keyring(settings.keyring)
    engine = open_engine(settings.database)
    clock = clock or _clock_of(engine)
    try:
        if settings.database.startswith("sqlite"):
            prepare_database(engine, keyring, clock=clock)
        with reading(engine) as connection:
            instance.require_enrolled(connection, keyring)
            created_at = instance.created_at(connection)
            stored = rules_bundles.bundle_in_force(connection)
    except BaseException:
        engine.dispose()
        raise

    source = HouseSource(settings, engine, keyring, created_at)
    house, first = open_house(
        settings.rules_folder,
        people=files.people,
        files=PeopleFiles(
            (settings.staff_file, settings.directory_file), source.changed_people, clock
        ),
        clock=clock,
        stored=stored.texts if stored else None,
        compose=source.compose,
        is_current=source.is_current,
    )
    office = Office(
        engine=engine,
        keyring=keyring,
        clock=clock,
        house=house,
        reply_domain=settings.reply_domain,
        id_domain=settings.reply_domain,
    )
    return Runtime(
        home=home,
        engine=engine,
        keyring=keyring,
        clock=clock,
        office=office,
        rules=RulesKeeper(office, house, [first]),
        intake=_intake(settings, engine, keyring, clock, house),
        post_room=_post_room(files, engine, keyring, clock, house),
        accounts=mailbox_accounts(settings),
        resolver=files.resolver,
        time_guard=TimeGuard(engine, clock),
        broker_url=settings.broker,
        metrics_listen=settings.metrics.listen,
    )


def _intake(
    settings: Settings, engine: Engine, keyring: Keyring, clock: Clock, house: Callable[[], House]
) -> Intake:
    return Intake(
        engine=engine,
        keyring=keyring,
        clock=clock,
        is_urgent=lambda subject: is_urgent_subject(house(), subject),
        has_room=lambda: has_room(settings.home, settings.free_space_floor),
        own_lists={mailbox.name: mailbox.list_ids for mailbox in settings.mailboxes},
    )


def _clock_of(engine: Engine) -> Clock:
    """Raises TemporaryError when a database that has the time does not answer."""
    if engine.dialect.name == "sqlite":
        return SystemClock()
    clock = DatabaseClock(engine, SystemClock())
    clock.look()
    return clock


def prepare_database(engine: Engine, keyring: Keyring, *, clock: Clock) -> None:
    """The current schema, with the keyring enrolled where there are no cases yet."""
    migrate(engine, shipped_folder("migrations"))
    with transaction(engine) as connection:
        instance.enrol_keyring(connection, keyring, now=clock.now())


def has_room(home: Path, floor: int) -> bool:
    """Whether the disk under the instance has more than the floor left, in bytes."""
    return shutil.disk_usage(home).free > floor


def _post_room(
    files: Files, engine: Engine, keyring: Keyring, clock: Clock, house: Callable[[], House]
) -> PostRoom:
    settings = files.settings
    return PostRoom(
        engine=engine,
        keyring=keyring,
        clock=clock,
        house=house,
        templates=files.templates,
        account=relay_account(settings),
        reply_domain=settings.reply_domain,
        tags_bounces=settings.bounce_addresses == "tagged",
        jitter=random.random,
        breaker=CircuitBreaker(clock),
    )
