"""`mailflow metrics`: the figures that monitoring reads, once."""

from __future__ import annotations

import typer

from mailflow.cli.asking import open_instance
from mailflow.cli.home import HERE, HomeOption
from mailflow.workers.metrics_server import tell_metrics


def metrics(home: HomeOption = HERE) -> None:
    """What waits, how late it is and who is alive, for Prometheus.

    With metrics.listen set, every running process serves the same at /metrics, and its health at
    /healthz.

    Example: mailflow metrics | grep outbox
    """
    with open_instance(home) as runtime:
        typer.echo(tell_metrics(runtime), nl=False)
