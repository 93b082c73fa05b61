"""`mailflow rules backtest` and `apply`: what a change would do to past mail, and making it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from mailflow.casework.rules_bundle import read_rule_files
from mailflow.casework.rules_mbox import count_mails, read_mbox
from mailflow.cli.rules_home import (
    NO,
    AsOption,
    open_directory,
    open_rules,
    open_rules_for,
    open_rules_in_force,
    open_store,
    refuse,
    require_store,
    rules_folder,
)
from mailflow.cli.rules_output import (
    Format,
    backtest_json,
    print_backtest,
    print_lines,
    print_outcomes,
)
from mailflow.clock import SystemClock
from mailflow.core.policy.rules.backtest import BacktestResult, FailOn, PastMail, run_backtest
from mailflow.core.policy.rules.backtest_text import count_of
from mailflow.core.policy.rules.inline_tests import run_tests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailflow.core.policy.rules.bundle import Bundle

_DEFAULT_DAYS = 90

Home = Annotated[
    Path, typer.Option(envvar="MAILFLOW_HOME", metavar="DIR", help="The instance's folder.")
]
Mbox = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Past mail as an exported mailbox.")
]
Since = Annotated[str, typer.Option(metavar="90d", help="How far back the cases go.")]


def backtest(
    first: Annotated[str, typer.Argument(metavar="[OLD] NEW", help="Folders or bundle ids.")],
    second: Annotated[str | None, typer.Argument(metavar="NEW", show_default=False)] = None,
    *,
    home: Home = Path(),
    mbox: Mbox = None,
    cases: Annotated[bool, typer.Option("--cases", help="Past mail of the stored cases.")] = False,
    since: Since = f"{_DEFAULT_DAYS}d",
    fail_on: Annotated[FailOn, typer.Option(help="What gives exit code 1.")] = FailOn.LOWERED,
    show_subjects: Annotated[bool, typer.Option(help="Do not mask the subjects.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
    as_: AsOption = None,
) -> None:
    """Show which past mails would come out differently, before a change takes effect.

    Example: mailflow rules backtest new-rules/ --mbox hr-2026.mbox
    """
    old = open_rules_in_force(home) if second is None else open_rules(home, first)
    new = open_rules(home, first if second is None else second)
    past = _find_past(home, mbox=mbox, cases=cases, since=since, asker=as_)
    if past is None:
        refuse("say which past mail to use: --mbox FILE or --cases")
    result, seconds = _measure(old, new, past)
    if json:
        typer.echo(backtest_json(result, new.risk_names))
    else:
        print_backtest(result, new.risk_names, seconds=seconds, shows_subjects=show_subjects)
    if result.is_refused(fail_on):
        raise typer.Exit(NO)


def apply(
    new: Annotated[Path, typer.Argument(metavar="NEW", help="A folder with the new rules.")],
    *,
    home: Home = Path(),
    mbox: Mbox = None,
    since: Since = f"{_DEFAULT_DAYS}d",
    accept_lowered: Annotated[
        int, typer.Option(metavar="N", min=0, help="The number of lowered cases, as shown.")
    ] = 0,
    as_: AsOption = None,
) -> None:
    """Check, test and backtest new rules, and put them in force if nothing speaks against it.

    Example: mailflow rules apply new-rules/ --mbox hr-2026.mbox --accept-lowered 2
    """
    source = rules_folder(home, new)
    target = home / "rules"
    bundle, old = open_rules_for(home, source), open_rules_in_force(home)
    outcomes = run_tests(bundle)
    if not all(outcome.is_passed for outcome in outcomes):
        print_outcomes(bundle, outcomes, Format.TEXT)
        raise typer.Exit(NO)
    store = open_store(home, as_)
    lost = store.lost_owners() if store is not None else ()
    if lost:
        print_lines(lost)
        raise typer.Exit(NO)
    is_stored = store is not None and mbox is None
    past = _find_past(home, mbox=mbox, cases=is_stored, since=since, asker=as_)
    if past is None:
        refuse(
            "there is no database with past cases yet: give past mail with --mbox FILE, "
            f"or edit the files in {target}"
        )
    result, seconds = _measure(old, bundle, past)
    print_backtest(result, bundle.risk_names, seconds=seconds, shows_subjects=False)
    if result.lowered != accept_lowered:
        lowered = count_of(result.lowered, "case")
        typer.echo(
            f"{lowered} would lose protection. If that is meant: --accept-lowered {result.lowered}",
            err=True,
        )
        raise typer.Exit(NO)
    texts = read_rule_files(source)
    _replace_files(texts, target)
    serial = store.activate(texts, bundle.id) if store is not None else None
    number = f", serial {serial}" if serial is not None else ""
    tests = count_of(len(outcomes), "test")
    typer.echo(f"In force: bundle {bundle.id}{number}; {tests} passed.")


@dataclass(frozen=True)
class _Past:
    mails: Iterable[PastMail]
    count: int | None


def _find_past(
    home: Path, *, mbox: Path | None, cases: bool, since: str, asker: str | None
) -> _Past | None:
    if mbox is not None:
        try:
            count = count_mails(mbox)
        except OSError as error:
            refuse(f"{mbox}: {error.strerror}")
        if count == 0:
            refuse(f'{mbox}: no mail in it; an exported mailbox (mbox) begins with "From "')
        return _Past(read_mbox(mbox, open_directory(home)), count)
    if cases:
        store = require_store(home, "--cases", asker=asker)
        begin = SystemClock().now() - timedelta(days=_days(since))
        return _Past(store.past_mails(begin), None)
    return None


def _days(text: str) -> int:
    digits = text.strip().removesuffix("days").removesuffix("d").strip()
    if not digits.isdigit():
        refuse(f'"{text}" is no number of days: write it like 90d')
    return int(digits)


def _measure(old: Bundle, new: Bundle, past: _Past) -> tuple[BacktestResult, float]:
    clock = SystemClock()
    started = clock.monotonic()
    console = Console(stderr=True)
    mails: Iterable[PastMail] = past.mails
    if console.is_terminal:
        mails = track(past.mails, "Reading past mail", past.count, console=console)
    result = run_backtest(old, new, mails)
    return result, clock.monotonic() - started


def _replace_files(texts: dict[str, str], target: Path) -> None:
    """Write the new files beside the old ones, then swap each; a crash leaves whole files only."""
    names = {name.rpartition("/")[2] for name in texts}
    for name, text in texts.items():
        path = target / name.rpartition("/")[2]
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    for path in target.glob("*.yaml"):
        if path.name not in names:
            path.unlink()
