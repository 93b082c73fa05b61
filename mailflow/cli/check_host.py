"""`mailflow check`, second part: this machine, its keys, its database and its broker."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from mailflow.bootstrap import site_digest
from mailflow.casework.lost_owners import find_lost_owners
from mailflow.casework.staff_files import read_staff
from mailflow.casework.state_checks import check_state
from mailflow.clock import Clock
from mailflow.core.finding import Finding, error, good, warning
from mailflow.doorbell import open_broker
from mailflow.errors import KeyringError, TemporaryError
from mailflow.keys.keyring import Keyring, load_keyring
from mailflow.settings import Settings
from mailflow.shipped_files import shipped_folder
from mailflow.store import instance
from mailflow.store.migrate import is_current
from mailflow.store.session import database_answers, open_engine, reading

_OTHERS = 0o077
_SQLITE = "sqlite:///"


def check_host(settings: Settings, *, clock: Clock) -> Iterator[Finding]:
    yield from _check_files_private(settings)
    yield _check_space(settings)
    yield _check_broker(settings.broker)
    try:
        keyring = load_keyring(settings.keyring)
    except KeyringError as trouble:
        mend = "nothing can be opened without it; never make a new one for an old database"
        yield error("keyring", "keyring", str(trouble).rstrip("."), mend=mend)
        keyring = None
    else:
        yield good("keyring", "private", "the keyring is whole and private")
    yield from _check_database(settings, keyring, clock=clock)


def _check_files_private(settings: Settings) -> Iterator[Finding]:
    places = [settings.keyring.parent, settings.directory_file]
    if settings.database.startswith(_SQLITE):
        places.append(Path(settings.database.removeprefix(_SQLITE)))
    for path in places:
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError:
            continue
        if mode & _OTHERS:
            private = "700" if path.is_dir() else "600"
            message = f"{path} is open to others of this machine (mode {mode:03o})"
            mend = f"run `chmod {private} {path}`"
            yield warning("files", "open-to-others", message, mend=mend)


def _check_space(settings: Settings) -> Finding:
    floor = settings.free_space_floor
    free = shutil.disk_usage(settings.home).free
    words = f"{free // 2**20} MiB are free"
    if free <= floor:
        message = f"{words}, fewer than free_space_floor: no mail is fetched"
        return error("disk", "full", message, mend="make room; mail waits on the server until then")
    if free <= 2 * floor:
        message = f"{words}, close to free_space_floor"
        return warning("disk", "filling", message, mend="make room before mail has to wait")
    return good("disk", "room", words)


def _check_broker(url: str) -> Finding:
    if url.startswith("memory:"):
        return good("broker", "memory", "each process has its own bell")
    broker = open_broker(url)
    try:
        broker.client.ping()  # type: ignore[attr-defined] # Redis alone is left here
    except Exception as trouble:  # noqa: BLE001 (the client's errors are the doorbell's alone)
        message = f"the broker does not answer ({type(trouble).__name__})"
        mend = "start Redis or correct broker; until then mail is up to 5 seconds late"
        return error("broker", "unreachable", message, mend=mend)
    finally:
        broker.close()
    return good("broker", "answers", "the broker answers")


def _check_database(
    settings: Settings, keyring: Keyring | None, *, clock: Clock
) -> Iterator[Finding]:
    if settings.database.startswith(_SQLITE):
        path = Path(settings.database.removeprefix(_SQLITE))
        if not path.exists():
            mend = "nothing to do: the first `mailflow run` makes it"
            yield warning("database", "not-yet", f"there is no database at {path} yet", mend=mend)
            return
    engine = open_engine(settings.database)
    try:
        yield from _look_into(engine, settings, keyring, clock=clock)
    finally:
        engine.dispose()


def _look_into(
    engine: Engine, settings: Settings, keyring: Keyring | None, *, clock: Clock
) -> Iterator[Finding]:
    if not database_answers(engine):
        mend = "start it, or correct database in mailflow.yaml (or MAILFLOW_DATABASE)"
        yield error("database", "unreachable", "the database does not answer", mend=mend)
        return
    if not is_current(engine, shipped_folder("migrations")):
        message = "the database has another schema than this version"
        yield error("database", "schema", message, mend="run `mailflow migrate`")
        return
    yield good("database", "answers", "the database answers and its schema is current")
    try:
        with reading(engine) as connection:
            if keyring is not None:
                instance.require_enrolled(connection, keyring)
                yield good("keyring", "enrolled", "the keyring is the one of this database")
            yield from check_state(
                connection,
                site=site_digest(settings),
                mailboxes=tuple(mailbox.name for mailbox in settings.mailboxes),
                now=clock.now(),
            )
        if keyring is not None:
            yield from _check_owners(engine, settings, keyring)
    except KeyringError as trouble:
        words = str(trouble).rstrip(".")
        yield error("keyring", "keyring", words, mend="put the right keyring back")
    except (TemporaryError, DBAPIError) as trouble:
        message = f"the database broke off ({type(trouble).__name__})"
        yield error("database", "unreachable", message, mend="try again; see the database's log")


def _check_owners(engine: Engine, settings: Settings, keyring: Keyring) -> Iterator[Finding]:
    staff, _ = read_staff(settings.staff_file)
    if staff is None:
        return
    lost = find_lost_owners(engine, keyring, staff, file=str(settings.staff_file))
    for mistake in lost:
        message = f"{mistake.file}: {mistake.message}"
        yield error("staff", mistake.code, message, mend="`mailflow case list --owner` lists them")
    if not lost:
        yield good("staff", "owners", "every open case has an owner who works here")
