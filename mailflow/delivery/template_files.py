"""The templates of an instance: its own files, and the shipped ones for all others."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mailflow.core.mail.templates import TemplateSet
from mailflow.errors import InvalidFilesError, Mistake
from mailflow.shipped_files import shipped_folder

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIX = ".j2"
_TEXT = "body.txt.j2"
_HTML = "body.html.j2"
_DEFAULT_LANGUAGE = "en"
LARGEST_FILE_BYTES = 256 * 1024


def load_templates(instance_folder: Path | None) -> TemplateSet:
    """``instance_folder`` holds ``templates/``; None, or no such folder, means the shipped ones.

    Raises InvalidFilesError with every file that cannot be read or does not compile.
    """
    templates, mistakes = read_templates(instance_folder)
    if mistakes or templates.mistakes:
        raise InvalidFilesError((*mistakes, *templates.mistakes))
    return templates


def read_templates(instance_folder: Path | None) -> tuple[TemplateSet, tuple[Mistake, ...]]:
    """All templates, also those that do not compile, and a mistake for each unreadable file."""
    sources, mistakes = _read_folder(shipped_folder("templates"))
    if instance_folder is not None:
        own, more = _read_folder(instance_folder / "templates")
        sources, mistakes = shadow(sources, own), mistakes + more
    return _compile_once(tuple(sorted(sources.items()))), mistakes


@lru_cache(maxsize=4)
def _compile_once(sources: tuple[tuple[str, str], ...]) -> TemplateSet:
    return TemplateSet(dict(sources))


def shadow(shipped: dict[str, str], own: dict[str, str]) -> dict[str, str]:
    """The shipped files with an instance's own in their place.

    Where an instance has its own text of a mail but not its own HTML, the HTML shows that text:
    most people read the HTML, and would never see what was changed.
    """
    changed = {name: text for name, text in own.items() if shipped.get(name) != text}
    follow = {
        html: _follow_text(text)
        for text in changed
        if text.endswith(f"/{_TEXT}") and (html := text.removesuffix(_TEXT) + _HTML) not in changed
    }
    return shipped | changed | follow


def _read_folder(folder: Path) -> tuple[dict[str, str], tuple[Mistake, ...]]:
    """Each template's text by its path below the folder, with ``/`` between the names."""
    sources: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for path in sorted(folder.rglob(f"*{_SUFFIX}")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        try:
            sources[name] = _read(path)
        except ValueError as error:
            mistakes.append(Mistake(f"templates/{name}", 0, 0, "template", str(error)))
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            mistakes.append(Mistake(f"templates/{name}", 0, 0, "template", message))
    return sources, tuple(mistakes)


def _read(path: Path) -> str:
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise ValueError(f"is larger than {LARGEST_FILE_BYTES // 1024} KiB")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 (byte {error.start}): save it as UTF-8") from error


def _follow_text(text_template: str) -> str:
    locale = "/".join(text_template.split("/")[1:-1])
    language = locale if locale.replace("-", "").isalnum() else _DEFAULT_LANGUAGE
    return (
        f'{{% set lang = "{language}" %}}\n'
        '{% extends "_layout.html.j2" %}\n'
        "{% block content %}\n"
        '<div class="letter" dir="auto">{% filter trim | forceescape | line_breaks %}'
        f'{{% include "{text_template}" %}}'
        "{% endfilter %}</div>\n"
        "{% endblock %}\n"
    )
