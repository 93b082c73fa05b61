"""`mailflow sla simulate`: what the promises of the rules would have meant for last year's mail."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli.sla_arguments import INVALID, format_instant, open_policy, pick_calendar, refuse
from mailflow.core.policy.simulation import (
    TargetOutcome,
    Workload,
    group_threads,
    measure_workload,
    read_requests,
    simulate_set,
)
from mailflow.errors import InvalidFilesError
from mailflow.located import Leaf, Series, Table, unknown_name
from mailflow.yaml_reader import require_yaml

if TYPE_CHECKING:
    from mailflow.core.policy.sla import SlaPolicy


def simulate(
    mbox: Annotated[Path, typer.Option(metavar="FILE", help="A mailbox's past, exported.")],
    domain: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Whose answers count; default: the organization's."),
    ] = None,
    sla: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only these target sets.")
    ] = None,
    calendar: Annotated[
        str | None, typer.Option(metavar="NAME", help="For target sets that name none.")
    ] = None,
    home: Annotated[
        Path, typer.Option(envvar="MAILFLOW_HOME", metavar="DIR", help="The instance's folder.")
    ] = Path(),
    as_json: Annotated[  # noqa: FBT002 - a flag of the command line is a boolean
        bool, typer.Option("--json", help="Print one JSON document.")
    ] = False,
) -> None:
    """How many requests of a past mailbox would have breached which promise.

    Example: mailflow sla simulate --mbox hr-2025.mbox --domain acme.example
    """
    from mailflow.casework.past_mail import read_past_mail  # noqa: PLC0415 - reading mail loads 0.2 s of libraries that the other commands do without.

    policy = open_policy(home)
    fallback = pick_calendar(policy, calendar or next(iter(policy.calendars)))
    names = _pick_sets(policy, sla)
    domains = frozenset(name.lower() for name in domain or _organization_domains(home))
    if not domains:
        refuse(
            "whose answers count? Name --domain, or organization.domains in config/mailflow.yaml"
        )
    try:
        mails = tuple(read_past_mail(mbox))
    except OSError as error:
        refuse(f"{mbox} cannot be read: {error.strerror}")
    requests = read_requests(group_threads(mails), domains=domains)
    until = max((mail.at for mail in mails), default=None)
    outcomes: list[TargetOutcome] = []
    workload = Workload(0, 0.0, 0.0)
    if until is not None:
        workload = measure_workload(requests, fallback, until=until)
        for name in names:
            outcomes += simulate_set(
                policy, name, requests, until=until, team_calendar=fallback.name
            )
    if as_json:
        document = {
            "mails": len(mails),
            "until": None if until is None else format_instant(until),
            **asdict(workload),
            "targets": [asdict(outcome) for outcome in outcomes],
        }
        typer.echo(json.dumps(document))
        return
    typer.echo(_as_text(workload, outcomes))


def _pick_sets(policy: SlaPolicy, asked: list[str] | None) -> tuple[str, ...]:
    for name in asked or ():
        if name not in policy.sets:
            refuse(unknown_name(name, policy.sets, what="sla"))
    return tuple(asked or policy.sets)


def _organization_domains(home: Path) -> tuple[str, ...]:
    """organization.domains of config/mailflow.yaml, if it is there; broken YAML exits 3."""
    file = home / "config" / "mailflow.yaml"
    if not file.is_file():
        return ()
    try:
        root = require_yaml(file.read_text(encoding="utf-8"), "config/mailflow.yaml")
    except InvalidFilesError as error:
        typer.echo(error, err=True)
        raise typer.Exit(INVALID) from None
    organization = root.get("organization") if isinstance(root, Table) else None
    domains = organization.get("domains") if isinstance(organization, Table) else None
    items = domains.items if isinstance(domains, Series) else ()
    return tuple(str(item.value) for item in items if isinstance(item, Leaf))


def _as_text(workload: Workload, outcomes: list[TargetOutcome]) -> str:
    head = (
        f"{workload.requests} requests; a working day brings {workload.requests_per_working_day} "
        f"and took {workload.answers_per_working_day} answers"
    )
    titles = _row("TARGET SET", "TARGET", "PROMISE", ("MET", "BREACHED", "RUNNING"))
    rows = (
        _row(one.sla, one.target, one.promise, (one.met, one.breached, one.running))
        for one in outcomes
    )
    return "\n".join((head, titles, *rows))


def _row(sla: str, target: str, promise: str, counts: tuple[object, ...]) -> str:
    return f"{sla:<26} {target:<15} {promise:<18}" + "".join(f" {count!s:>8}" for count in counts)
