"""Which instance a command works on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HomeOption = Annotated[
    Path,
    typer.Option(
        "--home",
        envvar="MAILFLOW_HOME",
        help="The instance: the folder with config/, rules/ and templates/.",
        file_okay=False,
    ),
]
HERE = Path()
