"""Every mail with sample data as files to look at, and a page that lists them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from mailflow.core.case.sample_renderings import Situation, situations

if TYPE_CHECKING:
    from pathlib import Path

    from mailflow.core.mail.templates import TemplateSet

_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mails</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem 1rem .3rem 0; vertical-align: top; }
tr { border-bottom: 1px solid #8884; }
</style></head><body>
<h1>Mails</h1>
<p>Rendered with sample data; each class shows only what it may say.</p>
"""


def write_preview(templates: TemplateSet, folder: Path) -> Path:
    """Writes or overwrites; returns the index. Raises TemplateSlipError and OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[str]] = {}
    for situation in situations(templates):
        rendered = situation.render(templates)
        name = _file_name(situation)
        (folder / f"{name}.html").write_text(rendered.html, encoding="utf-8")
        text = f"Subject: {rendered.subject}\n\n{rendered.text}"
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        rows.setdefault(situation.template, []).append(_row(situation, name))
    index = folder / "index.html"
    index.write_text(_page(rows), encoding="utf-8")
    return index


def _file_name(situation: Situation) -> str:
    kept = (
        character if character.isalnum() or character in ".+" else "-"
        for character in situation.name
    )
    return "".join(kept).strip("-")


def _row(situation: Situation, name: str) -> str:
    cells = (situation.locale, situation.case_class.value, situation.sample.name)
    shown = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    links = f'<a href="{escape(name)}.html">HTML</a> · <a href="{escape(name)}.txt">text</a>'
    return f"<tr>{shown}<td>{links}</td></tr>"


def _page(rows: dict[str, list[str]]) -> str:
    head = "<tr><th>language</th><th>class</th><th>situation</th><th>mail</th></tr>"
    tables = (
        f"<h2>{escape(mail)}</h2>\n<table>{head}\n" + "\n".join(lines) + "\n</table>"
        for mail, lines in rows.items()
    )
    return _HEAD + "\n".join(tables) + "\n</body></html>\n"
