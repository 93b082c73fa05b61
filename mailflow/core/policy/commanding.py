"""Which function carries out which command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mailflow.core.case import commands as c
from mailflow.core.case.case import State
from mailflow.core.policy.cancelling import cancel
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.classing import restrict, set_category, set_flag, set_risk
from mailflow.core.policy.clearing import add_conflict, clear_conflict
from mailflow.core.policy.closing import cancel_case
from mailflow.core.policy.holding import agree, approve, hold, release, review
from mailflow.core.policy.investigating import (
    add_action,
    add_allegation,
    add_finding,
    add_party,
    begin,
    finish_action,
)
from mailflow.core.policy.linking import link, merge, redact
from mailflow.core.policy.new_by_staff import split
from mailflow.core.policy.owning import acknowledge, assign, go_away, pass_up, take
from mailflow.core.policy.reopening import reopen
from mailflow.core.policy.statutory import keep_by_act, start_from_event
from mailflow.core.policy.waiting import remind, resume, set_due, wait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mailflow.core.case.dossier import HeldMail
    from mailflow.core.policy.case_sheet import CaseSheet

# Each takes its own kind of command, which the key says.
_STEPS: Mapping[type[c.Command], Callable[[Any, CaseSheet], Said]] = {
    c.Ack: acknowledge,
    c.Take: take,
    c.Assign: assign,
    c.Escalate: pass_up,
    c.SetCategory: set_category,
    c.SetRisk: set_risk,
    c.SetFlag: set_flag,
    c.Restrict: restrict,
    c.Wait: wait,
    c.Resume: resume,
    c.SetDue: set_due,
    c.Trigger: start_from_event,
    c.Met: keep_by_act,
    c.Remind: remind,
    c.AddParty: add_party,
    c.AddAllegation: add_allegation,
    c.Exclude: add_conflict,
    c.ClearConflict: clear_conflict,
    c.Begin: begin,
    c.AddFinding: add_finding,
    c.AddAction: add_action,
    c.Done: finish_action,
    c.Hold: hold,
    c.Release: release,
    c.Approve: approve,
    c.Reviewed: review,
    c.Agree: agree,
    c.Link: link,
    c.Merge: merge,
    c.Split: split,
    c.Redact: redact,
    c.Reopen: reopen,
    c.CancelCase: cancel_case,
    c.Cancel: cancel,
    c.Away: go_away,
}


# What a closed record says stays said: later facts are dated notes beside it.
_CHANGE_THE_RECORD = (
    c.SetCategory,
    c.SetRisk,
    c.SetDue,
    c.Wait,
    c.AddParty,
    c.AddAllegation,
    c.Begin,
    c.AddFinding,
    c.AddAction,
    c.Done,
    c.Split,
)


def carry_out(command: c.Command, sheet: CaseSheet) -> Said:
    """One command that changes the case. Raises KeyError for those that only speak or read."""
    if isinstance(command, (c.Accept, c.Reject)):
        return _decide_held(command, sheet)
    if sheet.case.state is State.CLOSED and isinstance(command, _CHANGE_THE_RECORD):
        return refused("record_frozen")
    return _STEPS[type(command)](command, sheet)


def _decide_held(command: c.Accept | c.Reject, sheet: CaseSheet) -> Said:
    """Only the owner sees and decides what was held."""
    if sheet.case.owner not in sheet.member.addresses:
        return refused("held_not_owner")
    chosen = _choose_held(command.number, sheet.dossier.held)
    if chosen is None:
        return refused("held_none", count=str(len(sheet.dossier.held)))
    if isinstance(command, c.Accept):
        if chosen.reason in _NOT_FOR_OWNERS:
            return refused("held_not_for_owner")
        sheet.releases.append(chosen.id)
        return done("accept_done")
    sheet.rejects.append(chosen.id)
    return done("reject_done")


# What claims to be a colleague's command is theirs alone to confirm.
_NOT_FOR_OWNERS = frozenset({"hold_and_challenge", "hold_and_alert", "second_step"})


def _choose_held(number: int | None, held: tuple[HeldMail, ...]) -> HeldMail | None:
    if number is None:
        return held[-1] if held else None
    return next((one for one in held if one.number == number), None)
