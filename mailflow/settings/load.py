"""Reads config/mailflow.yaml and the environment, and names the place of every mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from mailflow.errors import InvalidFilesError, Mistake
from mailflow.located import Place, Table, plain
from mailflow.settings.mistakes import locate_mistakes
from mailflow.settings.model import Settings
from mailflow.settings.overrides import lay_over
from mailflow.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def load_settings(home: Path, *, environ: Mapping[str, str]) -> Settings:
    """The settings of the instance in ``home``. Nothing but ``environ`` is read from outside.

    Raises InvalidFilesError with every mistake at once. A secret that is not there is no mistake
    yet: its ``reveal`` raises when it is needed.
    """
    read, mistakes = _read_table(home / "config" / "mailflow.yaml")
    table, slips = lay_over(read, environ, known=Settings.model_fields)
    mistakes += slips
    context = {"home": home, "environ": environ}
    try:
        settings = Settings.model_validate(plain(table), context=context)
    except ValidationError as error:
        raise InvalidFilesError(mistakes + locate_mistakes(error, table)) from None
    if mistakes:
        raise InvalidFilesError(mistakes)
    return settings


def _read_table(path: Path) -> tuple[Table, tuple[Mistake, ...]]:
    """The file as a table, with mistakes that leave something to go on with."""
    file = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise _refusal(Mistake(file, 0, 0, "missing-file", _missing(path))) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise _refusal(Mistake(file, 0, 0, "unreadable", f"cannot be read: {reason}")) from None
    node, mistakes = read_yaml(text, file)
    if isinstance(node, Table):
        return node, mistakes
    if mistakes:
        raise InvalidFilesError(mistakes)
    if node is None:
        return Table((), Place(file, 0, 0)), ()
    raise _refusal(node.place.mistake("shape", 'the file must consist of lines "key: value"'))


def _missing(path: Path) -> str:
    other = path.with_suffix(".yml")
    if other.exists():
        return f"this file is not there, but {other.name} is: rename it to {path.name}"
    return "this file is not there: `mailflow init DIR` writes one, --home DIR names another folder"


def _refusal(mistake: Mistake) -> InvalidFilesError:
    return InvalidFilesError((mistake,))
