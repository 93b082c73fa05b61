"""The answer of the rules about one mail, with everything needed to explain it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.case.case import TRIAGE

if TYPE_CHECKING:
    from mailflow.core.case.case import Risk
    from mailflow.core.policy.rules.category import Certainty
    from mailflow.core.policy.rules.facts import Claim


class TriageReason(StrEnum):
    NOTHING_MATCHED = "nothing_matched"
    ONLY_HINTS = "only_hints"
    SENSITIVE_HINT = "sensitive_hint"
    EMPTY_TEXT = "empty_text"
    ENCRYPTED = "encrypted"
    IMAGE_ONLY = "image_only"
    UNPARSABLE = "unparsable"
    TEXT_CUT = "text_cut"
    RULE_ERROR = "rule_error"
    NO_RULES = "no_rules"


@dataclass(frozen=True)
class Candidate:
    category: str
    certainty: Certainty
    rule: str


@dataclass(frozen=True)
class Why:
    """One phrase that counted. ``span`` is [start, end) in code points of the original field."""

    rule: str
    field: str
    phrase: str
    span: tuple[int, int]


@dataclass(frozen=True)
class RiskStep:
    """``because`` is "defaults", "category X", "rule X", "flag X", "candidate X" or a reason."""

    risk: Risk
    because: str


@dataclass(frozen=True)
class Classification:
    """Who handles the mail, how fast, how secret, and why.

    ``secondary`` are other sure categories by rank. ``escalate_to`` keeps the order of rank, with
    no name twice. ``slas`` are all SLA names that apply, the case's own first: the strictest of
    each target counts. ``ignored`` are the masked words (but_not) that would have counted.
    ``claim`` is what the mail's way spoke for, whether it won or not.
    """

    category: str
    risk: Risk
    certainty: Certainty
    team: str
    owner: str
    slas: tuple[str, ...]
    bundle: str
    secondary: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    escalate_to: tuple[str, ...] = ()
    escalate_to_alternate: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    reply: str | None = None
    candidates: tuple[Candidate, ...] = ()
    why: tuple[Why, ...] = ()
    ignored: tuple[Why, ...] = ()
    rules: tuple[str, ...] = ()
    risk_steps: tuple[RiskStep, ...] = ()
    triage_reasons: tuple[TriageReason, ...] = ()
    claim: Claim | None = None

    @property
    def is_triage(self) -> bool:
        return self.category == TRIAGE

    @property
    def sla(self) -> str:
        return self.slas[0]
