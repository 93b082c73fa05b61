"""`mailflow parse`: what a mail says, as JSON or for reading. Needs no instance."""

from __future__ import annotations

import json as json_text
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from mailflow.core.mail.message import Message, as_json
from mailflow.core.mail.parse import parse_fields_only
from mailflow.errors import UnparsableError
from mailflow.intake.parse_pool import ParsePool

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

    Example: mailflow parse letter.eml --json
    """
    paths = list(find_mail_files(files))
    is_single = len(files) == 1 and files[0].is_file()
    for path, message in parse_files(paths):
        if not json:
            typer.echo(_describe(path, message))
            continue
        document: dict[str, Any] = as_json(message)
        if not is_single:
            document = {"file": str(path), **document}
        typer.echo(json_text.dumps(document, indent=2 if is_single else None))


def find_mail_files(paths: list[Path]) -> Iterator[Path]:
    """The files themselves, and every file below a folder, in the order of their names."""
    for path in paths:
        if path.is_dir():
            yield from sorted(below for below in path.rglob("*") if below.is_file())
        else:
            yield path


def parse_files(paths: list[Path]) -> Iterator[tuple[Path, Message]]:
    """Every file with its message, in order; what cannot be parsed gives its header fields."""
    with ParsePool() as pool:
        batch: list[tuple[Path, bytes]] = []
        size = 0
        for path in paths:
            raw = _read(path)
            batch.append((path, raw))
            size += len(raw)
            if len(batch) >= MAX_SLICE_FILES or size >= MAX_SLICE_BYTES:
                yield from _parse_slice(pool, batch)
                batch, size = [], 0
        yield from _parse_slice(pool, batch)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        typer.echo(f"{path}: {error.strerror}", err=True)
        return b""


def _parse_slice(
    pool: ParsePool, batch: list[tuple[Path, bytes]]
) -> Iterator[tuple[Path, Message]]:
    outcomes = pool.parse_many([raw for _, raw in batch]) if batch else []
    for (path, raw), outcome in zip(batch, outcomes, strict=True):
        if isinstance(outcome, UnparsableError):
            yield path, parse_fields_only(raw)
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
