"""The command line: one thin module per noun, put together here."""

from __future__ import annotations

import sys

import typer

from mailflow.cli import case, directory, held, outbox, quarantine, rules, sla, templates
from mailflow.cli.init import init
from mailflow.cli.ledger import ledger
from mailflow.cli.parse import parse
from mailflow.cli.run import migrate, poll, run, schedule, work
from mailflow.cli.thread import thread
from mailflow.errors import InvalidFilesError, KeyringError, TemporaryError

NO = 1
INVALID = 3
NO_KEYRING = 78

app = typer.Typer(
    name="mailflow",
    help="HR case management by email.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (init, run, poll, work, schedule, migrate, parse, thread, ledger):
    app.command()(command)
for name, group in (
    ("rules", rules.app),
    ("sla", sla.app),
    ("templates", templates.app),
    ("directory", directory.app),
    ("case", case.app),
    ("outbox", outbox.app),
    ("quarantine", quarantine.app),
    ("held", held.app),
):
    app.add_typer(group, name=name)


def main() -> None:
    """Run the command and turn the errors a person can mend into sentences and exit codes."""
    try:
        app()
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
