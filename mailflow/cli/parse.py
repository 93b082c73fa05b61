"""`mailflow parse`: what a mail says, as JSON or for reading. Needs no instance."""

from __future__ import annotations

import json as json_text
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from mailflow.core.mail.message import Message, as_json
from mailflow.core.mail.parse import parse_fields_only
from mailflow.core.mail.prescan import MAX_BYTES
from mailflow.errors import UnparsableError
from mailflow.intake.parse_pool import ParsePool

# The line between two mails of an mbox (RFC 4155), with a header field below it.
_NEXT_OF_MBOX = re.compile(rb"\n\r?\nFrom [^\r\n]{1,200}\d{4}\r?\n[!-9;-~]{1,80}:")
MAX_SLICE_FILES = 512
MAX_SLICE_BYTES = 32 * 1024 * 1024


def parse(
    files: Annotated[
        list[Path], typer.Argument(exists=True, help="Mails as files, or folders of them.")
    ],
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Show what mailflow reads in mails.

    One file gives one JSON document; several files, or a folder, one object a line with "file".
    Every file in a folder and below it is read as one mail. A file that cannot be opened is named
    on stderr and makes the exit status 1.

    Example: mailflow parse letter.eml --json
    """
    paths = list_mail_files(files)
    is_single = len(files) == 1 and files[0].is_file()
    has_failed = False
    for path, message in parse_files(paths):
        if message is None:
            has_failed = True
            continue
        if not json:
            typer.echo(_describe(path, message))
            continue
        document: dict[str, Any] = as_json(message)
        if not is_single:
            document = {"file": str(path), **document}
        typer.echo(json_text.dumps(document, indent=2 if is_single else None))
    if has_failed:
        raise typer.Exit(1)


def list_mail_files(paths: list[Path]) -> list[Path]:
    """All of them; stderr is told when there are none, so that silence is not taken for success."""
    found = list(find_mail_files(paths))
    if not found:
        typer.echo(f"No files in {', '.join(map(str, paths))}.", err=True)
    return found


def find_mail_files(paths: list[Path]) -> Iterator[Path]:
    """The files themselves, and every file below a folder, in the order of their names."""
    for path in paths:
        if path.is_dir():
            yield from sorted(below for below in path.rglob("*") if below.is_file())
        else:
            yield path


def parse_files(paths: list[Path]) -> Iterator[tuple[Path, Message | None]]:
    """Every file with its message, in order; what cannot be parsed gives its header fields.

    A file that cannot be opened is named on stderr and has None.
    """
    with ParsePool() as pool:
        batch: list[tuple[Path, bytes | None]] = []
        size = 0
        for path in paths:
            raw = _read(path)
            batch.append((path, raw))
            size += len(raw or b"")
            if len(batch) >= MAX_SLICE_FILES or size >= MAX_SLICE_BYTES:
                yield from _parse_slice(pool, batch)
                batch, size = [], 0
        yield from _parse_slice(pool, batch)


def _read(path: Path) -> bytes | None:
    """The bytes as far as the parser's limit, so that no file fills the memory; None unreadable."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        typer.echo(f"{path}: {error.strerror}", err=True)
        return None
    if raw.startswith(b"From ") and _NEXT_OF_MBOX.search(raw):
        typer.echo(f"{path}: an mbox of several mails is read as one; split it first.", err=True)
    return raw


def _parse_slice(
    pool: ParsePool, batch: list[tuple[Path, bytes | None]]
) -> Iterator[tuple[Path, Message | None]]:
    raws = [raw for _, raw in batch if raw is not None]
    outcomes = iter(pool.parse_many(raws) if raws else ())
    for path, raw in batch:
        outcome = next(outcomes) if raw is not None else None
        if isinstance(outcome, UnparsableError):
            yield path, parse_fields_only(raw or b"")
        else:
            yield path, outcome


def _describe(path: Path, message: Message) -> str:
    sender = (
        f"{message.sender.name or ''} <{message.sender.address}>" if message.sender else "(nobody)"
    )
    lines = [
        f"{path}: {message.kind.value}{'' if message.ack_ok else ', never answered'}",
        f"  from     {sender.strip()}",
        f"  subject  {message.subject}",
    ]
    lines += [
        f"  file     {one.filename or one.content_type} ({one.size} bytes)"
        for one in message.attachments
    ]
    if message.problems:
        lines.append(f"  problems {', '.join(message.problems)}")
    lines += [f"  | {line}" for line in message.new_text.split("\n")]
    return "\n".join(lines)
