"""One detection rule and one inline test, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.category import Certainty
from mailflow.core.policy.rules.conditions import NoneOf, blocks

if TYPE_CHECKING:
    from datetime import date

    from mailflow.core.case.case import Risk
    from mailflow.core.policy.rules.conditions import Condition
    from mailflow.core.policy.rules.facts import MailFacts
    from mailflow.located import Place


@dataclass(frozen=True)
class InlineTest:
    """An example mail and what must come out. ``rule`` is None for tests of the whole file."""

    rule: str | None
    number: int
    place: Place
    facts: MailFacts
    name: str = ""
    expect: str | None = None
    expect_not: tuple[str, ...] = ()
    risk: Risk | None = None
    flags: tuple[str, ...] = ()
    not_flags: tuple[str, ...] = ()
    secondary: tuple[str, ...] = ()
    escalate_to: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    certainty: Certainty | None = None

    @property
    def title(self) -> str:
        return f"{self.rule or 'file'} tests[{self.number}]"


@dataclass(frozen=True)
class Additions:
    """What a matching rule adds to the case."""

    tags: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    escalate_to: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    slas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """``categories`` may be several for a hint: one of them it is, a person says which.

    One that ``speaks_alone`` counts only where no category but triage is sure.
    ``when`` is the condition as written, in a form that can be compared.
    """

    id: str
    place: Place
    language: str
    condition: Condition
    categories: tuple[str, ...] = ()
    certainty: Certainty = Certainty.SURE
    risk: Risk | None = None
    add: Additions = Additions()
    is_enabled: bool = True
    speaks_alone: bool = False
    from_date: date | None = None
    until_date: date | None = None
    note: str = ""
    when: str = field(default="", repr=False)
    tests: tuple[InlineTest, ...] = field(default=(), repr=False)

    @cached_property
    def has_none(self) -> bool:
        """Whether a block of none stands anywhere in the condition."""
        return any(isinstance(block, NoneOf) for block in blocks(self.condition))

    def is_in_force(self, day: date | None) -> bool:
        """Dates count inclusively; without a day the rule is in force."""
        if not self.is_enabled:
            return False
        if day is None:
            return True
        begun = self.from_date is None or self.from_date <= day
        return begun and (self.until_date is None or day <= self.until_date)
