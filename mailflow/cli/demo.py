"""`mailflow demo`: the playground."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailflow.workers.run import stopped_by_signals


def demo(
    home: Annotated[
        Path,
        typer.Option("--home", help="Where the playground's instance is written.", file_okay=False),
    ] = Path("demo-instance"),
    *,
    once: Annotated[
        bool,
        typer.Option("--once", help="Run through, say what came of it, exit 0 if all is there."),
    ] = False,
) -> None:
    """The playground: private mail servers, a sample company and sample mail on this machine.

    Example: mailflow demo
    """
    try:
        # The servers are an extra, which only this command needs.
        from mailflow.demo.instance import NotOursError  # noqa: PLC0415 (an extra)
        from mailflow.demo.stage import keep_running, run_through  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError as missing:
        typer.echo(f"the playground needs {missing.name}: pip install 'mailflow[demo]'", err=True)
        raise typer.Exit(1) from None
    try:
        with stopped_by_signals() as stop:
            is_good = run_through(home, stop) if once else keep_running(home, stop)
    except NotOursError as error:
        typer.echo(f"mailflow: {error}", err=True)
        raise typer.Exit(1) from None
    if not is_good:
        raise typer.Exit(1)
