"""`mailflow directory`: the list of employees that config/directory.csv holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from mailflow.casework.staff_files import (
    DirectoryChanges,
    TooManyRemovalsError,
    import_directory,
)
from mailflow.errors import InvalidFilesError

_SHOWN = 20
_MISTAKES_SHOWN = 100

app = typer.Typer(no_args_is_help=True, help="The employees, as the HRIS exports them.")


@app.callback()
def _directory() -> None:
    """The employees, as the HRIS exports them."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV export of the HRIS.")],
    home: Annotated[
        Path, typer.Option(envvar="MAILFLOW_HOME", metavar="DIR", help="The instance's folder.")
    ] = Path(),
    accept_removals: Annotated[  # noqa: FBT002 - a flag of the command line is a boolean
        bool, typer.Option("--accept-removals", help="Even if over half of the people vanish.")
    ] = False,
    as_json: Annotated[  # noqa: FBT002 - a flag of the command line is a boolean
        bool, typer.Option("--json", help="Print the changes as one JSON document.")
    ] = False,
) -> None:
    """Check an export of the HRIS and put it in the place of config/directory.csv, in one step.

    Example: mailflow directory import employees.csv --home /srv/hr
    """
    target = home / "config" / "directory.csv"
    try:
        changes = import_directory(file, target, accept_removals=accept_removals)
    except InvalidFilesError as error:
        for mistake in error.mistakes[:_MISTAKES_SHOWN]:
            typer.echo(mistake, err=True)
        count = len(error.mistakes)
        shown = f"; the first {_MISTAKES_SHOWN} are shown" if count > _MISTAKES_SHOWN else ""
        typer.echo(f"{_counted(count)}{shown}; {target} is as it was", err=True)
        raise typer.Exit(1) from None
    except TooManyRemovalsError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"cannot write {target}: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    for warning in changes.warnings:
        typer.echo(warning, err=True)
    typer.echo(_as_json(changes) if as_json else _as_text(changes))


def _counted(count: int) -> str:
    return "1 mistake" if count == 1 else f"{count} mistakes"


def _as_json(changes: DirectoryChanges) -> str:
    document = {
        "added": changes.added,
        "changed": changes.changed,
        "left": changes.left,
        "unchanged": changes.unchanged_count,
        "ignored_columns": changes.ignored_columns,
        "warnings": [str(warning) for warning in changes.warnings],
    }
    return json.dumps(document, ensure_ascii=False)


def _as_text(changes: DirectoryChanges) -> str:
    lines: list[str] = []
    for word, people in (
        ("added", changes.added),
        ("changed", changes.changed),
        ("left", changes.left),
    ):
        lines.append(f"{word}: {len(people)}")
        lines += [f"  {address}" for address in people[:_SHOWN]]
        if len(people) > _SHOWN:
            lines.append(f"  … and {len(people) - _SHOWN} more")
    lines.append(f"unchanged: {changes.unchanged_count}")
    if changes.ignored_columns:
        lines.append(f"not kept: {', '.join(changes.ignored_columns)}")
    return "\n".join(lines)
