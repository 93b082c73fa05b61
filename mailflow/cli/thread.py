"""`mailflow thread`: which mails belong together, by their headers alone. Needs no instance."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import Annotated

import typer

from mailflow.cli.parse import list_mail_files, parse_files
from mailflow.core.mail.thread import group_messages


def thread(
    files: Annotated[
        list[Path], typer.Argument(exists=True, help="Mails in the order of their arrival.")
    ],
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Group mails into conversations, using no state but the files.

    Numbers count the files from 0, in the order given; a folder's files in the order of their
    names. Exit status 1, and no groups, when a file cannot be opened.

    Example: mailflow thread first.eml answer.eml --json
    """
    paths = list_mail_files(files)
    messages = [message for _, message in parse_files(paths)]
    found = [message for message in messages if message is not None]
    if len(found) < len(messages):
        raise typer.Exit(1)
    groups = group_messages(found)
    if json:
        typer.echo(json_text.dumps({"groups": [list(group) for group in groups]}))
        return
    for group in groups:
        typer.echo("\n  ".join(str(paths[position]) for position in group))
