"""Which state a case may go to from which, as a table."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mailflow.core.case.case import State

if TYPE_CHECKING:
    from collections.abc import Mapping

_S = State
WAITING = frozenset({_S.WAITING_EMPLOYEE, _S.WAITING_THIRD_PARTY, _S.WAITING_INTERNAL})
OPEN = frozenset({_S.NEW, _S.TRIAGE, _S.ASSIGNED, _S.WORKING, *WAITING})
ENDED = frozenset({_S.RESOLVED, _S.CLOSED, _S.CANCELLED})

TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        _S.NEW: frozenset({_S.TRIAGE, _S.ASSIGNED}),
        _S.TRIAGE: frozenset({_S.ASSIGNED, _S.WORKING, *WAITING, _S.RESOLVED, _S.CANCELLED}),
        _S.ASSIGNED: frozenset({_S.WORKING, *WAITING, _S.RESOLVED, _S.TRIAGE, _S.CANCELLED}),
        _S.WORKING: frozenset({*WAITING, _S.RESOLVED, _S.TRIAGE, _S.ASSIGNED, _S.CANCELLED}),
        _S.WAITING_EMPLOYEE: frozenset({_S.WORKING, *WAITING, _S.RESOLVED, _S.CANCELLED}),
        _S.WAITING_THIRD_PARTY: frozenset({_S.WORKING, *WAITING, _S.RESOLVED, _S.CANCELLED}),
        _S.WAITING_INTERNAL: frozenset({_S.WORKING, *WAITING, _S.RESOLVED, _S.CANCELLED}),
        _S.RESOLVED: frozenset({_S.CLOSED, _S.WORKING}),
        _S.CLOSED: frozenset({_S.WORKING}),
        _S.CANCELLED: frozenset({_S.TRIAGE}),
    }
)


def may_go(before: State, after: State) -> bool:
    """Whether this step is legal; staying is."""
    return before is after or after in TRANSITIONS[before]
