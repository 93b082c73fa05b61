"""Options that the commands about cases share: who asks, on which instance, answered how."""

from __future__ import annotations

import getpass
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from mailflow.bootstrap import assemble
from mailflow.casework.asker import Asker, who_asks
from mailflow.cli.choices import knows_person, unknown_person
from mailflow.workers.logs import set_up_logs

if TYPE_CHECKING:
    from mailflow.bootstrap import Runtime

NO = 1
USAGE = 2
INVALID = 3
NO_KEYRING = 78
NOT_FOUND = "not found or not yours"

AsOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        envvar="MAILFLOW_AS",
        metavar="STAFF_EMAIL",
        help="Who asks; without it you see what an operator sees. It is on record.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


@contextmanager
def open_instance(home: Path) -> Iterator[Runtime]:
    """The instance put together, its logs on standard error; closed afterwards."""
    set_up_logs(level=logging.WARNING)
    runtime = assemble(home)
    try:
        yield runtime
    finally:
        runtime.close()


def asker_of(runtime: Runtime, address: str | None) -> Asker:
    """Ends with 2 for an address that nobody who works on cases has: it is a slip of the hand."""
    if address is not None:
        staff = runtime.office.house().staff
        if not knows_person(staff, address):
            refuse(unknown_person(address, staff), code=USAGE)
    return who_asks(runtime.office, address, login=current_login())


def require_person(address: str | None, *, wanted: str) -> str:
    if address is None:
        refuse(f"{wanted} needs --as STAFF_EMAIL (or MAILFLOW_AS)", code=USAGE)
    return address


def refuse(message: str, *, code: int = NO) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)


def current_login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
