"""docs/templates.md tells the truth about fields and filters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mailflow.core.case.case import CaseClass
from mailflow.core.case.content import ALWAYS, Template, allowed_fields
from mailflow.core.mail.template_sandbox import MailSandbox

PAGE = (Path(__file__).parents[4] / "docs" / "templates.md").read_text(encoding="utf-8")
COLUMNS = (
    {CaseClass.LOW, CaseClass.MODERATE},
    {CaseClass.ER},
    {CaseClass.CONFIDENTIAL},
)


def _fields_by_column(mail: str) -> list[set[str]]:
    table = PAGE.split("## What a mail may say")[1]
    row = next(line for line in table.splitlines() if line.startswith(f"| `{mail}` |"))
    read: list[set[str]] = []
    for cell in row.split("|")[2:5]:
        named = set(" ".join(re.findall(r"`([^`]+)`", cell)).split())
        if cell.strip() == "the same":
            read.append(read[-1])
        elif cell.strip().startswith("all but"):
            read.append(read[-1] - named)
        else:
            read.append(named)
    return read


@pytest.mark.parametrize("mail", list(Template))
def test_the_page_lists_the_fields_of_every_mail_by_class(mail: Template) -> None:
    for named, classes in zip(_fields_by_column(mail), COLUMNS, strict=True):
        for case_class in classes:
            assert named == allowed_fields(mail, case_class) - ALWAYS, case_class


def test_the_page_lists_the_fields_that_are_always_there() -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith("Always there:"))
    assert set(re.findall(r"`(\w+)`", line)) == ALWAYS


def test_the_page_lists_the_filters() -> None:
    section = PAGE.split("## What a template can use")[1].split("\n## ")[0]
    named = set(re.findall(r"`(\w+)`", section)) | set(re.findall(r"\| (\w+) }}", section))
    assert named - {"check"} == set(MailSandbox({}).filters) - {"d", "e"}
