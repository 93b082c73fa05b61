"""`mailflow sla`: asks the clocks. Nothing is stored, and no keyring or database is needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from mailflow.cli.sla_arguments import (
    format_instant,
    format_local,
    open_policy,
    pick_calendar,
    read_instant,
    read_pauses,
    read_target,
    refuse,
)
from mailflow.cli.sla_simulate import simulate
from mailflow.core.policy.due import due_at
from mailflow.core.policy.nudges import nudge_times
from mailflow.core.policy.reclassified import due_when_raised
from mailflow.core.policy.sla import Promise
from mailflow.core.policy.working_time import NeverOpenError

_NO = 1

app = typer.Typer(no_args_is_help=True, help="Ask the clocks: due times, working time, nudges.")
app.command()(simulate)

Home = Annotated[
    Path, typer.Option(envvar="MAILFLOW_HOME", metavar="DIR", help="The instance's folder.")
]
CalendarName = Annotated[str, typer.Option("--calendar", metavar="NAME", help="Of rules/.")]
Start = Annotated[
    str, typer.Option(metavar="ISO", help="Without an offset: local time of the calendar.")
]
TargetText = Annotated[
    str, typer.Option("--target", metavar="TEXT", help='"4 working hours", "1 payroll cycle", …')
]
Pauses = Annotated[
    list[str] | None,
    typer.Option("--pause", metavar="A/B", help="Time that does not count; A/ while it lasts."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.callback()
def _sla() -> None:
    """Ask the clocks: due times, working time, nudges."""


@app.command()
def due(
    calendar: CalendarName,
    start: Start,
    target: TargetText,
    pause: Pauses = None,
    reclassified: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The target after the class was raised.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="ISO", help="When the class was raised.")
    ] = None,
    home: Home = Path(),
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line is a boolean
) -> None:
    """When a target is due.

    Example: mailflow sla due --calendar standard --start 2026-11-20T13:00 --target "1 working day"
    """
    chosen = pick_calendar(open_policy(home), calendar)
    begun = read_instant(start, chosen.zone)
    duration = read_target(target, chosen)
    pauses = read_pauses(pause or (), chosen.zone)
    if (reclassified is None) != (at is None):
        refuse("--reclassified and --at go together")
    try:
        found = due_at(duration, chosen, start=begun, pauses=pauses)
        if reclassified is not None and at is not None:
            raised = read_target(reclassified, chosen)
            found = due_when_raised(
                found,
                Promise(reclassified, raised, chosen, is_pausable=raised.is_pausable),
                start=begun,
                changed_at=read_instant(at, chosen.zone),
                pauses=pauses,
            )
    except NeverOpenError as error:
        _say_never(error)
    if as_json:
        typer.echo(json.dumps({"due": None if found is None else format_instant(found)}))
        return
    typer.echo("paused" if found is None else format_local(found, chosen.zone))


@app.command()
def elapsed(
    calendar: CalendarName,
    begin: Annotated[str, typer.Option("--from", metavar="ISO")],
    end: Annotated[str, typer.Option("--to", metavar="ISO")],
    home: Home = Path(),
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line is a boolean
) -> None:
    """How much working time lies between two times.

    Example: mailflow sla elapsed --calendar standard --from 2026-11-20T13:00 --to 2026-11-23T10:00
    """
    chosen = pick_calendar(open_policy(home), calendar)
    first, last = read_instant(begin, chosen.zone), read_instant(end, chosen.zone)
    if last < first:
        refuse("--to lies before --from")
    minutes = chosen.working_time.worked(first, last).total_seconds() / 60
    shown = int(minutes) if minutes.is_integer() else minutes
    typer.echo(json.dumps({"working_minutes": shown}) if as_json else f"{shown} working minutes")


@app.command("open")
def is_open(
    calendar: CalendarName,
    at: Annotated[str, typer.Option("--at", metavar="ISO")],
    home: Home = Path(),
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line is a boolean
) -> None:
    """Whether a calendar is open at a time, and when it opens next.

    Example: mailflow sla open --calendar standard --at 2026-12-24T10:00
    """
    chosen = pick_calendar(open_policy(home), calendar)
    asked = read_instant(at, chosen.zone)
    try:
        opening = chosen.working_time.next_opening(asked)
    except NeverOpenError as error:
        _say_never(error)
    is_working = opening == asked
    if as_json:
        answer = {"working": is_working, "next_opening": format_instant(opening)}
        typer.echo(json.dumps(answer))
        return
    typer.echo("open" if is_working else f"closed until {format_local(opening, chosen.zone)}")


@app.command()
def nudges(
    calendar: CalendarName,
    start: Start,
    target: TargetText,
    pause: Pauses = None,
    home: Home = Path(),
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line is a boolean
) -> None:
    """When the ladder of the rules reminds, and whom.

    Example: mailflow sla nudges --calendar standard --start 2026-11-20T13 --target "1 working day"
    """
    policy = open_policy(home)
    chosen = pick_calendar(policy, calendar)
    begun = read_instant(start, chosen.zone)
    duration = read_target(target, chosen)
    pauses = read_pauses(pause or (), chosen.zone)
    try:
        rungs = nudge_times(policy.ladder, duration, calendar=chosen, start=begun, pauses=pauses)
    except NeverOpenError as error:
        _say_never(error)
    if as_json:
        steps = [{"step": rung.step, "at": format_instant(rung.at)} for rung in rungs]
        typer.echo(json.dumps(steps))
        return
    for rung in rungs:
        typer.echo(f"{rung.step:>5}  {format_local(rung.at, chosen.zone)}  {', '.join(rung.to)}")


def _say_never(error: NeverOpenError) -> NoReturn:
    typer.echo(error, err=True)
    raise typer.Exit(_NO) from None
