"""Past mail under two bundles: which cases would move, and whether any would lose protection."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.adapter import look_inside
from mailflow.core.policy.rules.classify import classify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailflow.core.case.case import Risk
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.classification import Classification
    from mailflow.core.policy.rules.facts import MailFacts

_WORDS_SHOWN = 4
_LETTERS_SHOWN = 2


class Effect(StrEnum):
    LOWERED = "lowered"
    LEFT_SENSITIVE = "left_sensitive"
    RAISED = "raised"
    OTHER = "other"


class FailOn(StrEnum):
    """What makes a backtest say no. ``lowered`` covers leaving a sensitive category too."""

    LOWERED = "lowered"
    SENSITIVE = "sensitive"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True)
class PastMail:
    """``name`` is a case reference, a Message-ID or a place in a file. Of a private mail the
    reader may not see the subject.
    """

    name: str
    facts: MailFacts
    is_private: bool = False


@dataclass(frozen=True)
class CaseMail:
    """The mail that opened a case, the bundle that decided it then, and whom it excluded.

    ``serial`` is None where the bundle was never put on record.
    """

    facts: MailFacts
    bundle: str
    serial: int | None
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moved:
    """One mail that comes out differently. ``left_sensitive`` besides its effect on risk."""

    name: str
    subject: str
    categories: tuple[str, str]
    risks: tuple[Risk, Risk]
    because: str
    effect: Effect
    left_sensitive: bool
    is_private: bool = False


@dataclass(frozen=True)
class BacktestResult:
    count: int
    old: str
    new: str
    moved: tuple[Moved, ...]
    in_triage: tuple[int, int]

    @property
    def lowered(self) -> int:
        """Cases that would lose risk or leave a sensitive category."""
        return sum(one.effect is Effect.LOWERED or one.left_sensitive for one in self.moved)

    def has_effect(self, effect: Effect) -> int:
        return sum(one.effect is effect for one in self.moved)

    @property
    def left_sensitive(self) -> int:
        return sum(one.left_sensitive for one in self.moved)

    def is_refused(self, fail_on: FailOn) -> bool:
        return {
            FailOn.LOWERED: self.lowered > 0,
            FailOn.SENSITIVE: self.left_sensitive > 0,
            FailOn.ANY: bool(self.moved),
            FailOn.NONE: False,
        }[fail_on]


def run_backtest(old: Bundle, new: Bundle, mails: Iterable[PastMail]) -> BacktestResult:
    """Classify every mail twice. Nothing is kept of mails that do not move."""
    count = triage_before = triage_after = 0
    moved: list[Moved] = []
    for mail in mails:
        count += 1
        before, after = (classify(one, look_inside(one, mail.facts)[0]) for one in (old, new))
        triage_before += before.is_triage
        triage_after += after.is_triage
        if (before.category, before.risk) != (after.category, after.risk):
            moved.append(_moved(old, new, mail, before, after))
    return BacktestResult(count, old.id, new.id, tuple(moved), (triage_before, triage_after))


def mask_subject(subject: str) -> str:
    """``Overtime of October`` as ``Ov... of... Oc...``."""
    words = subject.split()[:_WORDS_SHOWN]
    return " ".join(f"{word[:_LETTERS_SHOWN]}..." for word in words)


def _moved(
    old: Bundle, new: Bundle, mail: PastMail, before: Classification, after: Classification
) -> Moved:
    was_sensitive = before.category in old.categories and old.is_sensitive(before.category)
    still = after.category in new.categories and new.is_sensitive(after.category)
    # In triage the sensitive category may still stand as a candidate: a person will see it.
    listed = any(one.category == before.category for one in after.candidates)
    left = was_sensitive and not still and not (after.is_triage and listed)
    if after.risk.rank < before.risk.rank:
        effect = Effect.LOWERED
    elif left:
        effect = Effect.LEFT_SENSITIVE
    elif after.risk.rank > before.risk.rank or (still and not was_sensitive):
        effect = Effect.RAISED
    else:
        effect = Effect.OTHER
    return Moved(
        name=mail.name,
        subject=mail.facts.subject,
        categories=(before.category, after.category),
        risks=(before.risk, after.risk),
        because=_because(before, after),
        effect=effect,
        left_sensitive=left,
        is_private=mail.is_private,
    )


def _because(before: Classification, after: Classification) -> str:
    come = [rule for rule in after.rules if rule not in before.rules]
    gone = [rule for rule in before.rules if rule not in after.rules]
    if come:
        phrase = next((why.phrase for why in after.why if why.rule == come[0]), None)
        return f'{come[0]} "{phrase}"' if phrase else f"{come[0]} matches"
    if gone:
        return f"{gone[0]} no longer matches"
    return "handling of the category changed"
