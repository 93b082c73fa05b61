"""`mailflow case`: which cases there are, and one of them in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from itertools import chain, islice
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.casework.case_list import list_cases
from mailflow.casework.show_case import ShownCase, export_case, show_case
from mailflow.cli.asking import (
    NOT_FOUND,
    USAGE,
    AsOption,
    JsonOption,
    asker_of,
    open_instance,
    refuse,
    require_person,
)
from mailflow.cli.choices import knows_person, one_of, unknown_person
from mailflow.cli.home import HERE, HomeOption
from mailflow.cli.rows import Row, indented, iso, print_rows, printable, to_json
from mailflow.core.case.case import TRIAGE, Risk, State
from mailflow.located import unknown_name
from mailflow.reporting.case_export import say_moment, write_html
from mailflow.store.case_pages import CaseFilter
from mailflow.store.messages import FiledMessage

if TYPE_CHECKING:
    from mailflow.core.policy.house import House

_FONT_FILES = (".ttf", ".otf")
_COLUMNS = ("ref", "state", "risk", "category", "owner", "requester", "opened_at", "next_due")

app = typer.Typer(no_args_is_help=True, help="The cases.")


@app.callback()
def _case() -> None:
    """The cases."""


@app.command("list")
def list_(
    home: HomeOption = HERE,
    *,
    state: Annotated[
        State | None, one_of(State, what="state", help="Only cases in this state.")
    ] = None,
    category: Annotated[
        str | None, typer.Option(help="Only cases that you see to be of this category.")
    ] = None,
    owner: Annotated[str | None, typer.Option(metavar="EMAIL", help="Only this owner's.")] = None,
    risk: Annotated[Risk | None, one_of(Risk, what="risk", help="Only cases of this risk.")] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Cases, newest first.

    An operator sees neither requesters nor sealed categories; with --as you see what you may
    see, and a case that you must not know of has no row.

    Example: mailflow case list --state triage --as dana.lead@acme.example
    """
    chosen = CaseFilter(state, risk, category, owner)
    with open_instance(home) as runtime:
        listed = list_cases(runtime.office, chosen, asker=asker_of(runtime, as_))
        first = tuple(islice(listed, 1))
        if not first:
            _refuse_unknown(chosen, runtime.office.house())
        rows = (asdict(one) for one in chain(first, listed))
        print_rows(rows, as_json=json, columns=_COLUMNS)


def _refuse_unknown(chosen: CaseFilter, house: House) -> None:
    """Nothing was found: was it asked for by a name that there is? Earlier names have cases."""
    categories = {*house.bundle.categories, TRIAGE}
    if chosen.category is not None and chosen.category not in categories:
        refuse(unknown_name(chosen.category, categories, what="category"), code=USAGE)
    if chosen.owner is not None and not knows_person(house.staff, chosen.owner):
        refuse(unknown_person(chosen.owner, house.staff), code=USAGE)


@app.command()
def show(
    ref: Annotated[str, typer.Argument(metavar="REF", help="The reference, like HR-7K2Q9M.")],
    home: HomeOption = HERE,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """One case in full: people, messages, events, clocks and the six fields of its record.

    You see it if you may read it, and that you looked is on record, like a mail to you.

    Example: mailflow case show HR-7K2Q9M --as dana.lead@acme.example
    """
    reader = require_person(as_, wanted="case show")
    with open_instance(home) as runtime:
        shown = show_case(runtime.office, ref, asker=asker_of(runtime, reader))
    if shown is None:
        refuse(NOT_FOUND)
    if json:
        typer.echo(to_json(_document(shown), indent=2))
        return
    for line in _describe(shown):
        typer.echo(line)


class ExportFormat(StrEnum):
    HTML = "html"
    PDF = "pdf"
    JSON = "json"


@app.command()
def export(
    ref: Annotated[str, typer.Argument(metavar="REF", help="The reference, like HR-7K2Q9M.")],
    home: HomeOption = HERE,
    *,
    as_: AsOption = None,
    format_: Annotated[
        ExportFormat, typer.Option("--format", help="HTML or PDF to read and print, or JSON.")
    ] = ExportFormat.HTML,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write here; else to stdout.")
    ] = None,
) -> None:
    """The case file, its six documentation fields first.

    You get it if you may read the case, in your own language where that is English, German,
    French or Spanish, and without what was redacted; that you did is on record. A
    case of employee relations or higher risk leaves only once a second person, who is asked by
    mail, has replied with #approve.

    Example: mailflow case export HR-7K2Q9M --as dana.lead@acme.example --format pdf --out case.pdf
    """
    reader = require_person(as_, wanted="case export")
    with open_instance(home) as runtime:
        export = export_case(runtime.office, ref, asker=asker_of(runtime, reader))
        house = runtime.office.house()
        exported_at = runtime.clock.now()
    if export.shown is None:
        refuse(_why_not_yet(export.asked))
    text = to_json(_document(export.shown), indent=2) + "\n"
    content = text.encode()
    if format_ is ExportFormat.HTML:
        content = write_html(
            loads(text),
            organization=house.organization,
            exported_at=say_moment(iso(exported_at)),
            by=reader,
            locale=house.locale_of(reader),
        ).encode()
    elif format_ is ExportFormat.PDF:
        content = _write_pdf(loads(text), house, exported_at, by=reader, home=home)
    if out is None:
        typer.echo(content, nl=False)
        return
    out.touch(mode=0o600)
    out.write_bytes(content)


def _why_not_yet(asked: int | None) -> str:
    if asked is None:
        return NOT_FOUND
    if asked == 0:
        return "this case needs the consent of a second person, and nobody else may give it"
    people = "1 person is" if asked == 1 else f"{asked} people are"
    return f"{people} asked by mail; run this again once one of them has replied with #approve"


def _write_pdf(document: Row, house: House, exported_at: datetime, *, by: str, home: Path) -> bytes:
    # Fonts and pages take a while to load, and only this needs them.
    from mailflow.reporting.case_pdf import write_pdf  # noqa: PLC0415 (see above)

    fonts = sorted(p for p in (home / "fonts").glob("*") if p.suffix.lower() in _FONT_FILES)
    try:
        return write_pdf(
            document,
            organization=house.organization,
            exported_at=exported_at,
            exported_by=by,
            locale=house.locale_of(by),
            fonts=fonts,
        )
    except OSError as error:
        refuse(f"the fonts in {home / 'fonts'} cannot be used: {error}")


def _document(shown: ShownCase) -> Row:
    record = shown.record
    return {
        **asdict(shown.listed),
        "participants": [
            {"address": who.address, "name": who.name, "role": who.role}
            for who in shown.participants
        ],
        "parties": [asdict(party) for party in record.parties],
        "messages": [
            {**_message(message), "addendum": message.id in shown.addenda}
            for message in shown.messages
        ],
        "events": [
            {"at": event.at, "kind": event.kind, "actor": event.actor, "data": dict(event.data)}
            for event in shown.events
        ],
        "clocks": [
            {
                "target": clock.target,
                "due": clock.due_at,
                "met_at": clock.met_at,
                "breached": clock.breached_at is not None,
            }
            for clock in shown.file.clocks
        ],
        "record": {**asdict(record), "filled": record.filled},
    }


def _message(message: FiledMessage) -> Row:
    return {
        "direction": message.direction,
        "from": message.sender,
        "to": list(message.to),
        "at": message.at,
        "subject": message.subject,
        "text": message.text,
        "attachments": [
            {
                "filename": part.filename,
                "content_type": part.content_type,
                "size": part.size,
                "sha256": part.sha256,
            }
            for part in message.attachments
        ],
    }


def _describe(shown: ShownCase) -> Iterator[str]:
    listed, record = shown.listed, shown.record
    yield f"{listed.ref}  {listed.state}  {listed.risk}  {listed.category or '-'}"
    yield f"  owner      {listed.owner or '-'} ({listed.team or '-'})"
    yield f"  requester  {printable(listed.requester or '-')}"
    yield f"  opened     {iso(listed.opened_at)}"
    yield f"  record     {record.filled} of 6 fields"
    for party in record.parties:
        yield f"  party      {printable(party.name)} ({party.role})"
    for clock in shown.file.clocks:
        end = "met" if clock.met_at else "breached" if clock.breached_at else "due"
        at = clock.met_at or clock.due_at
        yield f"  clock      {clock.target}: {end} {iso(at) if at else 'paused or closed'}"
    for message in shown.messages:
        yield ""
        yield f"{message.direction:4} {iso(message.at)}  {printable(message.sender)}"
        yield f"     {' '.join(printable(message.subject).split())}"
        yield from indented(message.text)
        for part in message.attachments:
            yield f"  file {printable(part.filename or part.content_type)} ({part.size} bytes)"
    yield ""
    for event in shown.events:
        yield f"  {iso(event.at)}  {event.kind}  {printable(event.actor)}"
