"""The short table at the end of `mailflow demo --once`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from mailflow.demo.sayings import say_category, say_risk

if TYPE_CHECKING:
    from mailflow.demo.outcome import Finding


def draw_findings(findings: tuple[Finding, ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("", "mail", "became"):
        table.add_column(heading, no_wrap=True)
    for heading in ("category", "risk", "owner"):
        table.add_column(heading)
    for finding in findings:
        case = finding.case
        table.add_row(
            Text("!!", style="red") if finding.missing else Text("ok", style="green"),
            finding.what,
            _became(finding),
            say_category(case) if case else "",
            say_risk(case) if case else "",
            case.owner_name if case else "",
        )
    return table


def _became(finding: Finding) -> str:
    if finding.case is None:
        return finding.became
    return f"{'' if finding.became == 'case' else 'joined '}{finding.case.ref}"
