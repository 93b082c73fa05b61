"""The instance's database behind the `rules` commands. Imported only where there is one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from mailflow.bootstrap import assemble
from mailflow.casework.stored_rules import DatabaseRules
from mailflow.cli.asking import asker_of
from mailflow.cli.rules_home import HELD_OPEN
from mailflow.errors import MailflowError
from mailflow.keys.keyring import load_keyring
from mailflow.settings import load_settings
from mailflow.store import instance
from mailflow.store.session import open_engine, reading
from mailflow.workers.past_mail import read_again_with

if TYPE_CHECKING:
    from mailflow.casework.asker import Asker
    from mailflow.casework.office import Office
    from mailflow.settings import Settings

_SQLITE = "sqlite:///"


def open_stored_rules(home: Path, asker: str | None) -> DatabaseRules | None:
    """None while the instance has no keyring or no database yet. Raises MailflowError."""
    settings = load_settings(home, environ=os.environ)
    if not settings.keyring.is_file() or not _has_database(settings):
        return None
    engine = open_engine(settings.database)
    held = HELD_OPEN.get()
    held.callback(engine.dispose)
    try:
        with reading(engine) as connection:
            instance.require_enrolled(connection, load_keyring(settings.keyring))
    except DBAPIError as error:
        raise MailflowError("it has no tables yet: run `mailflow migrate`") from error

    def open_office() -> tuple[Office, Asker]:
        runtime = assemble(home)
        held.callback(runtime.close)
        return runtime.office, asker_of(runtime, asker)

    lists = {mailbox.name: mailbox.list_ids for mailbox in settings.mailboxes}
    return DatabaseRules(engine, open_office, read_again_with(lists))


def _has_database(settings: Settings) -> bool:
    """Opening a file that is not there would make it."""
    if not settings.database.startswith(_SQLITE):
        return True
    return Path(settings.database.removeprefix(_SQLITE)).is_file()
