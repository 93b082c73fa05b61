"""`mailflow templates`: are the mails of an instance sound, and what do they look like?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from mailflow.cli.home import HERE, HomeOption
from mailflow.core.case.template_check import find_template_mistakes
from mailflow.delivery.preview import write_preview
from mailflow.delivery.template_files import read_templates

if TYPE_CHECKING:
    from mailflow.core.mail.templates import TemplateSet
    from mailflow.errors import Mistake

_NO = 1

app = typer.Typer(no_args_is_help=True, help="The mails that mailflow writes.")


@app.callback()
def _templates() -> None:
    """The mails that mailflow writes."""


@app.command()
def check(home: HomeOption = HERE) -> None:
    """Render every mail in every class and language with sample data, and name each mistake.

    Example: mailflow templates check --home /srv/hr
    """
    templates = _open_sound(home)
    typer.echo(f"{len(templates.mail_names())} mails are sound, in every class and language")


@app.command()
def preview(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="Where to write; without it HOME/var/preview."),
    ] = None,
    home: HomeOption = HERE,
    open_browser: Annotated[  # noqa: FBT002 - a flag of the command line is a boolean
        bool, typer.Option("--open", help="Show the index in the browser.")
    ] = False,
) -> None:
    """Write every mail as .html and .txt with sample data, and an index.html to look at them.

    Example: mailflow templates preview --open
    """
    templates = _open_sound(home)
    target = folder or home / "var" / "preview"
    try:
        index = write_preview(templates, target)
    except OSError as error:
        typer.echo(f"cannot write {target}: {error.strerror}", err=True)
        raise typer.Exit(_NO) from None
    typer.echo(index)
    if open_browser:
        typer.launch(index.resolve().as_uri())


def _open_sound(home: Path) -> TemplateSet:
    templates, unreadable = read_templates(home)
    mistakes = (*unreadable, *find_template_mistakes(templates))
    if mistakes:
        _refuse(mistakes)
    return templates


def _refuse(mistakes: tuple[Mistake, ...]) -> NoReturn:
    for mistake in mistakes:
        typer.echo(mistake, err=True)
    counted = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    typer.echo(counted, err=True)
    raise typer.Exit(_NO)
