"""Printing rows: one JSON document for scripts, a table on a terminal, else lines with tabs."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

Row = Mapping[str, object]

_INVISIBLE = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def print_rows(rows: Iterable[Row], *, as_json: bool, columns: Sequence[str]) -> None:
    """``columns`` are what people see of a row; JSON has all of it."""
    if as_json:
        _print_array(rows)
    elif sys.stdout.isatty():
        _print_table(rows, columns)
    else:
        typer.echo("\t".join(columns))
        for row in rows:
            typer.echo("\t".join(_cell(row[name]) for name in columns))


def print_lines(rows: Iterable[Row], *, as_json: bool, columns: Sequence[str]) -> None:
    """Like print_rows, with one JSON object a line."""
    if not as_json:
        print_rows(rows, as_json=False, columns=columns)
        return
    for row in rows:
        typer.echo(to_json(row))


def to_json(value: object, *, indent: int | None = None) -> str:
    """Times as ISO 8601 in UTC; everything beyond ASCII escaped, so that nothing in a mail can
    steer the terminal it is printed on.
    """
    return json.dumps(value, default=_plain, indent=indent)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def printable(text: str) -> str:
    """Text of a mail without what would steer a terminal or turn the direction of reading."""
    return "".join(
        c
        if c in "\n\t" or unicodedata.category(c) not in _INVISIBLE
        else "\N{REPLACEMENT CHARACTER}"
        for c in text.replace("\r\n", "\n")
    )


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _print_array(rows: Iterable[Row]) -> None:
    typer.echo("[", nl=False)
    separator = ""
    for row in rows:
        typer.echo(f"{separator}\n{to_json(row)}", nl=False)
        separator = ","
    typer.echo("\n]" if separator else "]")


def _print_table(rows: Iterable[Row], columns: Sequence[str]) -> None:
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(_cell(row[name])) for name in columns))
    Console().print(table)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return iso(value)
    return " ".join(printable(str(value)).split())


def indented(text: str, *, mark: str = "  | ") -> Iterator[str]:
    for line in printable(text).split("\n"):
        yield f"{mark}{line}"
