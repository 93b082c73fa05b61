"""`mailflow check`: is everything right? One line a finding, with the mend."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from mailflow.bootstrap import mailbox_account, relay_account
from mailflow.cli.asking import (
    INVALID,
    NO,
    NO_KEYRING,
    USAGE,
    JsonOption,
    open_instance,
    refuse,
)
from mailflow.cli.check_auth import assume_sound, calibrate
from mailflow.cli.check_files import check_files
from mailflow.cli.check_host import check_host
from mailflow.cli.check_probe import PATIENCE_SECONDS, send_probes
from mailflow.cli.home import HERE, HomeOption
from mailflow.cli.rows import printable, to_json
from mailflow.clock import SystemClock
from mailflow.core.finding import Finding, Severity
from mailflow.delivery.relay_check import check_relay
from mailflow.intake.mailbox_check import check_mailbox
from mailflow.settings import Settings
from mailflow.workers.logs import set_up_logs

_MARKS = {Severity.GOOD: "ok", Severity.WARNING: "warning", Severity.ERROR: "error"}
_COLOURS = {Severity.GOOD: "green", Severity.WARNING: "yellow", Severity.ERROR: "bold red"}

app = typer.Typer()


@app.callback(invoke_without_command=True)
def check(
    context: typer.Context,
    home: HomeOption = HERE,
    *,
    send_probe: Annotated[
        bool,
        typer.Option("--send-probe", help="Mail a reply address of ours and see that it arrives."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Is everything right? One line a finding, with the mend.

    Looks at files, keys, database, broker and mail servers.
    Warnings alone are good enough (exit 0). With mistakes in the files the servers are not asked
    (exit 3).

    Example: mailflow check --home /srv/hr --send-probe
    """
    if context.invoked_subcommand is not None:
        context.obj = home
        return
    set_up_logs(level=logging.ERROR)
    findings, is_valid = _look(home, send_probe=send_probe)
    _print(findings, as_json=json)
    code = _exit_code(findings, is_valid=is_valid)
    if code:
        raise typer.Exit(code)


@app.command()
def auth(
    context: typer.Context,
    home: HomeOption = HERE,
    *,
    assume: Annotated[
        str | None,
        typer.Option(
            "--assume",
            metavar="REASON",
            help="Send nothing: take it as sound, for this reason. It is on record, and "
            "`mailflow check` shows it.",
        ),
    ] = None,
    wait: Annotated[
        float, typer.Option("--wait", min=0, help="Seconds to wait for the probes to come back.")
    ] = PATIENCE_SECONDS,
    json: JsonOption = False,
) -> None:
    """Can the mail servers be believed about who wrote a mail? Mails forged probes to ourselves,
    sees what comes back, and says whether staff would be asked back. Run it again once a week.

    Until it passes, commands that rest on a mail server's word stay off.

    Example: mailflow check auth --home /srv/hr
    """
    place = context.obj if home == HERE and context.obj else home
    if assume is not None and not assume.strip():
        refuse("--assume needs a reason, in quotes", code=USAGE)
    with open_instance(place) as runtime:
        found = assume_sound(runtime, assume) if assume else calibrate(runtime, wait_seconds=wait)
    _print(found, as_json=json)
    if any(one.severity is Severity.ERROR for one in found):
        raise typer.Exit(NO)


def _look(home: Path, *, send_probe: bool) -> tuple[list[Finding], bool]:
    clock = SystemClock()
    files = check_files(home, today=clock.now().date())
    findings = list(files.findings)
    if files.settings is None or not files.is_valid:
        return findings, False
    findings += check_host(files.settings, clock=clock)
    findings += _check_servers(files.settings)
    if send_probe:
        findings += send_probes(files.settings, clock=clock)
    return findings, True


def _check_servers(settings: Settings) -> Iterable[Finding]:
    for mailbox in settings.mailboxes:
        yield from check_mailbox(
            mailbox.name,
            mailbox_account(mailbox).imap,
            removes_sensitive=settings.removes_sensitive(mailbox),
            read_by=mailbox.read_by,
        )
    yield from check_relay(relay_account(settings))


def _exit_code(findings: Sequence[Finding], *, is_valid: bool) -> int:
    if not is_valid:
        return INVALID
    errors = [one for one in findings if one.severity is Severity.ERROR]
    if any(one.code == "keyring" for one in errors):
        return NO_KEYRING
    return NO if errors else 0


def _print(findings: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        good = not any(one.severity is Severity.ERROR for one in findings)
        document = {"good": good, "findings": [vars(one) for one in findings]}
        typer.echo(to_json(document, indent=2))
        return
    console = Console(soft_wrap=True, highlight=False) if sys.stdout.isatty() else None
    for one in findings:
        mark, line = _MARKS[one.severity], _line(one)
        if console is None:
            typer.echo(f"{mark:8} {line}")
        else:
            console.print(Text(f"{mark:8} ", style=_COLOURS[one.severity]) + Text(line))


def _line(finding: Finding) -> str:
    words = f"{finding.area}: {finding.message}"
    return printable(f"{words}; {finding.mend}" if finding.mend else words)
