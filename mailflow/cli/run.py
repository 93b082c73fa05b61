"""`run`, `poll`, `work`, `schedule` and `migrate`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.bootstrap import assemble, prepare_database
from mailflow.cli.home import HERE, HomeOption
from mailflow.clock import SystemClock
from mailflow.keys.keyring import load_keyring
from mailflow.settings import load_settings
from mailflow.store.session import open_engine
from mailflow.workers.logs import set_up_logs
from mailflow.workers.run import (
    next_work_at,
    run_all,
    run_once,
    run_poll,
    run_schedule,
    run_work,
    stopped_by_signals,
)

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from mailflow.bootstrap import Runtime


AcceptClock = Annotated[
    bool,
    typer.Option(
        "--accept-clock", help="The time is right, although it jumped or little was heard of it."
    ),
]


def run(
    home: HomeOption = HERE,
    *,
    accept_clock: AcceptClock = False,
    once: Annotated[
        bool, typer.Option("--once", help="Do what is due, then exit (for cron and scripts).")
    ] = False,
) -> None:
    """Everything in one process: poll, decide, follow up, send.

    Example: mailflow run --home /srv/hr
    """
    if not once:
        _serve(home, run_all, accept_clock=accept_clock)
        return
    set_up_logs()
    runtime = assemble(home)
    try:
        if accept_clock:
            runtime.time_guard.accept()
        answered = run_once(runtime)
        later = next_work_at(runtime)
    finally:
        runtime.close()
    if later is not None:
        typer.echo(f"next work is due at {later:%Y-%m-%d %H:%M:%S} UTC", err=True)
    if not answered:
        words = "no mail server answered; everything is kept for next time"
        typer.echo(f"mailflow: {words}, and `mailflow check` says what to mend", err=True)
        raise typer.Exit(1)


def poll(home: HomeOption = HERE) -> None:
    """Read the mailboxes and decide. Any number may run; one is active for each mailbox.

    Example: mailflow poll --home /srv/hr
    """
    _serve(home, run_poll)


def work(home: HomeOption = HERE) -> None:
    """Send mail. Any number may run, on any host.

    Example: mailflow work --home /srv/hr
    """
    _serve(home, run_work)


def schedule(home: HomeOption = HERE, *, accept_clock: AcceptClock = False) -> None:
    """Follow up what time has made due. Several may run beside each other.

    Example: mailflow schedule --home /srv/hr
    """
    _serve(home, run_schedule, accept_clock=accept_clock)


def migrate(home: HomeOption = HERE) -> None:
    """Bring the database to the current schema; the first time, tie it to the keyring.

    Example: mailflow migrate --home /srv/hr
    """
    settings = load_settings(home, environ=os.environ)
    keyring = load_keyring(settings.keyring)
    engine = open_engine(settings.database)
    prepare_database(engine, keyring, clock=SystemClock())
    engine.dispose()
    typer.echo("The database is ready.")


def _serve(
    home: Path,
    serve: Callable[[Runtime, threading.Event], None],
    *,
    accept_clock: bool = False,
) -> None:
    set_up_logs()
    # From the first moment on: a process that is told to go while it starts goes in order too.
    with stopped_by_signals() as stop:
        runtime = assemble(home)
        try:
            if accept_clock:
                runtime.time_guard.accept()
            serve(runtime, stop)
        finally:
            runtime.close()
