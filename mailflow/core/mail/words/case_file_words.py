"""What the case file says in one language, beside the words that mails have too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class CaseFileWords:
    """Fields of patterns: ``ref``; ``at`` and ``by`` of exported; ``filled`` of meter; ``number``
    and ``all`` of page; ``at`` of due and met; ``example`` of code_points.
    """

    case_file: str
    exported: str
    meter: str
    confidential: str
    page: str
    documentation: str
    conversation: str
    clocks: str
    history: str
    missing: str
    addendum: str
    due: str
    met: str
    stopped: str
    breached: str
    code_points: str
    named: str
    directions: Mapping[str, str]
    outcomes: Mapping[str, str]
    events: Mapping[str, str]
