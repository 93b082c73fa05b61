"""Reads config/mailflow.yaml and the environment, and names the place of every mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import ValidationError

from mailflow.errors import InvalidFilesError, Mistake
from mailflow.located import Place, Table, plain
from mailflow.settings.mistakes import URL_KEYS, hide_secrets, locate_mistakes
from mailflow.settings.model import Settings
from mailflow.settings.overrides import lay_over
from mailflow.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def load_settings(home: Path, *, environ: Mapping[str, str]) -> Settings:
    """The settings of the instance in ``home``. Nothing but ``environ`` is read from outside.

    Raises InvalidFilesError with every mistake at once. A secret that is not there is no mistake
    yet: its ``reveal`` raises when it is needed.
    """
    settings, mistakes = read_settings(home, environ=environ)
    errors = tuple(mistake for mistake in mistakes if mistake.severity == "error")
    if settings is None:
        raise InvalidFilesError(errors)
    return settings


def read_settings(
    home: Path, *, environ: Mapping[str, str]
) -> tuple[Settings | None, tuple[Mistake, ...]]:
    """The settings, None when there are errors, and every error and warning."""
    settings, mistakes = _read(home, environ)
    return settings, hide_secrets(mistakes)


def _read(home: Path, environ: Mapping[str, str]) -> tuple[Settings | None, tuple[Mistake, ...]]:
    read, mistakes = _read_table(home / "config" / "mailflow.yaml")
    if read is None:
        return None, mistakes
    table, slips = lay_over(read, environ, known=Settings.model_fields)
    mistakes += slips
    try:
        context = {"home": home, "environ": environ}
        settings = Settings.model_validate(plain(table), context=context)
    except ValidationError as error:
        return None, mistakes + locate_mistakes(error, table)
    if mistakes:
        return None, mistakes
    return settings, tuple(_find_passwords(table))


def _find_passwords(table: Table) -> Iterator[Mistake]:
    """Warnings about URLs in the file that carry a password."""
    for entry in table:
        value = plain(entry.value)
        if entry.key not in URL_KEYS or not entry.place.line or not isinstance(value, str):
            continue
        if urlsplit(value).password:
            message = (
                f"{entry.key} holds a password: whoever reads this file has it. Give the whole "
                f"URL in the environment, as MAILFLOW_{entry.key.upper()}"
            )
            yield entry.place.mistake("secret", message, severity="warning")


def _read_table(path: Path) -> tuple[Table | None, tuple[Mistake, ...]]:
    """The file as a table, with mistakes that leave something to go on with; else None."""
    file = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None, (Mistake(file, 0, 0, "missing-file", _missing(path)),)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        return None, (Mistake(file, 0, 0, "unreadable", f"cannot be read: {reason}"),)
    node, mistakes = read_yaml(text, file)
    if isinstance(node, Table):
        return node, mistakes
    if node is None and not mistakes:
        return Table((), Place(file, 0, 0)), ()
    shape = Mistake(file, 1, 1, "shape", 'the file must consist of lines "key: value"')
    return None, mistakes or (shape,)


def _missing(path: Path) -> str:
    other = path.with_suffix(".yml")
    if other.exists():
        return f"this file is not there, but {other.name} is: rename it to {path.name}"
    return "this file is not there: `mailflow init DIR` writes one, --home DIR names another folder"
