"""Handling: what a category and a flag say about who, how fast and how secret."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.case.case import TRIAGE, Risk
from mailflow.core.case.people import HandledBy

if TYPE_CHECKING:
    from mailflow.core.case.case import Group


class Certainty(StrEnum):
    SURE = "sure"
    HINT = "hint"
    NONE = "none"


class OwnerPolicy(StrEnum):
    """How a team's owner is picked, where ``owner`` is no address."""

    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"


@dataclass(frozen=True)
class Retention:
    """``period`` is "N days|months|years"; ``basis`` names the law or the need.

    ``starts`` is closing, year_end or last_action; ``hold`` asks for a legal hold from the start.
    """

    period: str
    basis: str = ""
    starts: str = "closing"
    hold: bool = False


@dataclass(frozen=True)
class Category:
    """One case type. ``rank`` 0 is the most important; ``risk`` is a floor.

    ``owner`` is an OwnerPolicy value or an address. Targets are names of teams or addresses.
    """

    id: str
    rank: int
    label: str
    team: str
    sla: str
    risk: Risk = Risk.LOW
    sensitive: bool = False
    group: Group | None = None
    owner: str = OwnerPolicy.LEAST_LOADED
    escalate_to: tuple[str, ...] = ()
    escalate_to_alternate: tuple[str, ...] = ()
    reply: str | None = None
    tags: tuple[str, ...] = ()
    retention: Retention | None = None
    handled_by: HandledBy = HandledBy.INTERNAL
    note: str = ""

    @property
    def is_triage(self) -> bool:
        return self.id == TRIAGE


@dataclass(frozen=True)
class Flag:
    """An overlay that any category may carry."""

    id: str
    risk: Risk | None = None
    escalate_to: tuple[str, ...] = ()
    note: str = ""
