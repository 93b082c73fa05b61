"""What every shipped mail says, word for word.

After a change of words on purpose: MAILFLOW_WRITE_SNAPSHOTS=1 pytest FILE, then read the diff.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.content import Template
from mailflow.core.case.sample_renderings import Situation, situations
from mailflow.delivery.template_files import load_templates

if TYPE_CHECKING:
    from mailflow.core.mail.templates import TemplateSet

SNAPSHOTS = Path(__file__).parent / "snapshots"
LOCALES = ("en", "de", "fr", "es")


@cache
def _shipped() -> TemplateSet:
    return load_templates(None)


@cache
def _grouped() -> dict[tuple[str, str], list[Situation]]:
    groups: dict[tuple[str, str], list[Situation]] = {}
    for situation in situations(_shipped()):
        groups.setdefault((situation.template, situation.locale), []).append(situation)
    return groups


def _say_all(mail: str, locale: str) -> str:
    """Each different mail once, below the classes that get it."""
    titles: dict[str, list[str]] = {}
    for situation in _grouped()[mail, locale]:
        rendered = situation.render(_shipped())
        said = f"Subject: {rendered.subject}\n\n{rendered.text}"
        titles.setdefault(said, []).append(f"{situation.case_class}: {situation.sample.name}")
    parts = ("".join(f"=== {title}\n" for title in where) + said for said, where in titles.items())
    return "\n".join(parts)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("mail", [template.value for template in Template])
def test_a_mail_says_what_it_said(mail: str, locale: str) -> None:
    path = SNAPSHOTS / f"{mail}.{locale}.txt"
    said = _say_all(mail, locale)
    if os.environ.get("MAILFLOW_WRITE_SNAPSHOTS"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def test_no_snapshot_is_left_of_a_mail_that_is_gone() -> None:
    kept = {f"{template}.{locale}.txt" for template in Template for locale in LOCALES}
    assert {path.name for path in SNAPSHOTS.iterdir()} == kept
