"""The command line: one thin module per noun, put together here.

A module is imported when its command is called: reading one mail needs no database.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import typer

from mailflow.errors import InvalidFilesError, KeyringError, TemporaryError

NO = 1
INVALID = 3
NO_KEYRING = 78

COMMANDS = {
    "init": "init",
    "demo": "demo",
    "run": "run",
    "poll": "run",
    "work": "run",
    "schedule": "run",
    "migrate": "run",
    "parse": "parse",
    "thread": "thread",
    "ledger": "ledger",
    "metrics": "metrics",
    "reconcile": "reconcile",
}
"""Commands by name: the module of this folder with a function of that name."""

GROUPS = (
    "case",
    "check",
    "directory",
    "held",
    "keys",
    "outbox",
    "quarantine",
    "rules",
    "sla",
    "templates",
)
"""Nouns with commands of their own: modules of this folder with an ``app``."""


def build_app(name: str | None = None) -> typer.Typer:
    """The command line with one command, or with all of them when the name is none of them."""
    app = typer.Typer(
        name="mailflow",
        help="HR case management by email.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_keep_names)
    known = name in COMMANDS or name in GROUPS
    for command, module in COMMANDS.items():
        if not known or command == name:
            app.command(command)(getattr(_load(module), command))
    for group in GROUPS:
        if not known or group == name:
            app.add_typer(_load(group).app, name=group)
    return app


def _load(module: str) -> Any:
    return importlib.import_module(f"mailflow.cli.{module}")


def _keep_names() -> None:
    """HR case management by email."""


def main() -> None:
    """Run the command and turn the errors a person can mend into sentences and exit codes."""
    try:
        build_app(sys.argv[1] if len(sys.argv) > 1 else None)()
    except InvalidFilesError as error:
        for mistake in error.mistakes:
            typer.echo(str(mistake), err=True)
        typer.echo(f"{len(error.mistakes)} to mend; nothing was done.", err=True)
        sys.exit(INVALID)
    except KeyringError as error:
        typer.echo(f"mailflow: {error}", err=True)
        sys.exit(NO_KEYRING)
    except TemporaryError as error:
        typer.echo(f"mailflow: {error}; try again later, nothing is lost", err=True)
        sys.exit(NO)
