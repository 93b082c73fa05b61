"""HTML mail as readable plain text, and which of its lines are quotation by structure."""

from __future__ import annotations

from dataclasses import dataclass

from bs4 import BeautifulSoup

from mailflow.core.mail.problems import Problem


@dataclass(frozen=True)
class HtmlText:
    text: str
    quoted_lines: frozenset[int] = frozenset()


def render_html(html: str, problems: set[Problem]) -> HtmlText:
    del problems
    return HtmlText(BeautifulSoup(html[:500_000], "lxml").get_text("\n"))
