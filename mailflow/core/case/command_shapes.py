"""Every verb with the keys it takes and the value it becomes. The grammar reads this table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.case import commands as c
from mailflow.core.case.case import Risk
from mailflow.core.case.command_arguments import Arguments, CommandMistake
from mailflow.core.case.command_dates import When, read_when
from mailflow.core.case.command_moments import read_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from enum import StrEnum
    from typing import TypeVar

    Word = TypeVar("Word", bound=StrEnum)

Built = c.Command | CommandMistake
_NUMBER = re.compile(r"#?\s?(\d{1,4})")
_RANGE = re.compile(r"(\d{1,5})(?:\s?[-\u2013]\s?(\d{1,5}))?")
_ROLES = tuple(role.value for role in c.PartyRole if role is not c.PartyRole.REQUESTER)


@dataclass(frozen=True)
class Shape:
    """``takes`` says in words what the verb needs; ``build`` gives one value or more."""

    build: Callable[[WrittenLine], tuple[Built, ...]]
    keys: tuple[str, ...] = ()
    has_positional: bool = False
    takes: str = ""


@dataclass(frozen=True)
class WrittenLine:
    """One line being read, with the answers that builders give."""

    verb: str
    line: int
    arguments: Arguments

    @property
    def first(self) -> str:
        return self.arguments.positional

    def text(self, key: str) -> str:
        return self.arguments.get(key)

    def missing(self, what: str) -> tuple[Built, ...]:
        facts = {"verb": self.verb, "what": what, "takes": SHAPES[self.verb].takes}
        return (CommandMistake(self.line, "argument_missing", facts),)

    def wrong(self, what: str, value: str, known: Iterable[str] = ()) -> tuple[Built, ...]:
        facts = {"verb": self.verb, "what": what, "value": value, "known": ", ".join(known)}
        return (
            CommandMistake(self.line, "argument_wrong" if facts["known"] else "no_date", facts),
        )

    def no_moment(self, what: str, value: str) -> tuple[Built, ...]:
        facts = {"verb": self.verb, "what": what, "value": value}
        return (CommandMistake(self.line, "no_moment", facts),)


def _bare(kind: type[c.Command]) -> Shape:
    return Shape(lambda line: (kind(line.verb, line.line),))


def _texts(kind: Callable[..., c.Command], *fields: str, first: str = "", takes: str = "") -> Shape:
    """A verb whose arguments are plain words, all of them needed."""

    def build(line: WrittenLine) -> tuple[Built, ...]:
        values = {first: line.first} if first else {}
        values |= {name: line.text(name) for name in fields}
        empty = next((name for name, value in values.items() if not value), None)
        return line.missing(empty) if empty else (kind(line.verb, line.line, **values),)

    return Shape(build, fields, has_positional=bool(first), takes=takes)


def _confirmable(line: WrittenLine) -> tuple[Built, ...]:
    word = line.first.lower()
    if word not in ("", "confirm"):
        return (CommandMistake(line.line, "text_after_verb", {"verb": line.verb}),)
    return (c.Reply(line.verb, line.line, confirmed=word == "confirm"),)


def _send(line: WrittenLine) -> tuple[Built, ...]:
    words = line.first.lower().split()
    confirmed = "confirm" in words
    number = _number(" ".join(word for word in words if word != "confirm"))
    if number is None:
        return line.wrong("note", line.first, ("1, 2, …",))
    return (c.Send(line.verb, line.line, note=number or None, confirmed=confirmed),)


def _numbered(kind: Callable[..., c.Command], field: str) -> Shape:
    def build(line: WrittenLine) -> tuple[Built, ...]:
        number = _number(line.first)
        if number is None:
            return line.wrong(field, line.first, ("1, 2, …",))
        return (kind(line.verb, line.line, **{field: number or None}),)

    return Shape(build, has_positional=True, takes="n")


def _done(line: WrittenLine) -> tuple[Built, ...]:
    number = _number(line.first)
    if not number:
        return line.missing("n")
    return (c.Done(line.verb, line.line, action=number),)


def _risk(line: WrittenLine) -> tuple[Built, ...]:
    risk = _word(line.first, Risk)
    if risk is None:
        return line.wrong("risk", line.first, Risk)
    if not line.text("reason"):
        return line.missing("reason:")
    return (c.SetRisk(line.verb, line.line, risk=risk, reason=line.text("reason")),)


def _restrict(line: WrittenLine) -> tuple[Built, ...]:
    people = tuple(name.strip() for name in line.first.split(",") if name.strip())
    return (c.Restrict(line.verb, line.line, people=people),) if people else line.missing("people")


def _wait(line: WrittenLine) -> tuple[Built, ...]:
    waits_for = _word(line.first, c.WaitFor)
    if waits_for is None:
        return line.wrong("whom", line.first, c.WaitFor)
    until = read_when(line.text("until"))
    if line.text("until") and until is None:
        return line.wrong("until", line.text("until"))
    if waits_for is c.WaitFor.EMPLOYEE and not line.text("q"):
        return line.missing("q:")
    if waits_for is c.WaitFor.THIRD_PARTY and until is None:
        return line.missing("until:")
    return (
        c.Wait(line.verb, line.line, waits_for=waits_for, until=until, question=line.text("q")),
    )


def _due(line: WrittenLine) -> tuple[Built, ...]:
    due = read_when(line.first)
    if due is None:
        return line.wrong("date", line.first)
    if not line.text("reason"):
        return line.missing("reason:")
    return (c.SetDue(line.verb, line.line, due=due, reason=line.text("reason")),)


def _trigger(line: WrittenLine) -> tuple[Built, ...]:
    at = read_moment(line.text("at"))
    if not line.text("at"):
        return line.missing("at:")
    if at is None:
        return line.no_moment("at", line.text("at"))
    clock, reason = line.first, line.text("reason")
    return (c.Trigger(line.verb, line.line, clock=clock, at=at, reason=reason),)


def _met(line: WrittenLine) -> tuple[Built, ...]:
    at = read_moment(line.text("at"))
    if line.text("at") and at is None:
        return line.no_moment("at", line.text("at"))
    if not line.text("text"):
        return line.missing("text:")
    return (c.Met(line.verb, line.line, clock=line.first, at=at, text=line.text("text")),)


def _remind(line: WrittenLine) -> tuple[Built, ...]:
    word, _, text = line.first.partition(" ")
    at = read_when(word)
    if at is None:
        return line.wrong("date", word)
    return (c.Remind(line.verb, line.line, at=at, text=text.strip()),)


def _party(line: WrittenLine) -> tuple[Built, ...]:
    found = tuple(
        c.AddParty(line.verb, line.line, role=c.PartyRole(role), name=name)
        for role, name in line.arguments.values.items()
        if name
    )
    if line.first or not found:
        return line.missing(" or ".join(f"{role}:" for role in _ROLES))
    return found


def _allegation(line: WrittenLine) -> tuple[Built, ...]:
    empty = next((f"{key}:" for key in ("type", "text") if not line.text(key)), None)
    if empty is not None:
        return line.missing(empty)
    kind, text = line.text("type"), line.text("text")
    return (c.AddAllegation(line.verb, line.line, kind=kind, text=text),)


def _finding(line: WrittenLine) -> tuple[Built, ...]:
    number_text, _, word = line.first.partition(" ")
    number = _number(number_text)
    result = _word(word, c.FindingResult)
    if not number:
        return line.missing("n")
    if result is None:
        return line.wrong("result", word, c.FindingResult)
    if not line.text("basis"):
        return line.missing("basis:")
    basis = line.text("basis")
    return (c.AddFinding(line.verb, line.line, allegation=number, result=result, basis=basis),)


def _action(line: WrittenLine) -> tuple[Built, ...]:
    text = line.text("text") or line.first
    due = read_when(line.text("due"))
    if line.text("due") and due is None:
        return line.wrong("due", line.text("due"))
    if not text:
        return line.missing("text:")
    return (c.AddAction(line.verb, line.line, text=text, who=line.text("who"), due=due),)


def _split(line: WrittenLine) -> tuple[Built, ...]:
    ranges: list[tuple[int, int]] = []
    for piece in line.text("lines").split(","):
        match = _RANGE.fullmatch(piece.strip())
        if match is None:
            return line.missing("lines:")
        first = int(match.group(1))
        last = int(match.group(2) or first)
        if not 0 < first <= last:
            return line.wrong("lines", piece, ("3-7",))
        ranges.append((first, last))
    category = line.text("category").lower().replace("-", "_")
    return (c.Split(line.verb, line.line, lines=tuple(ranges), category=category),)


def _new(line: WrittenLine) -> tuple[Built, ...]:
    if not line.text("for"):
        return line.missing("for:")
    return (
        c.NewCase(
            line.verb,
            line.line,
            requester=line.text("for"),
            channel=line.text("channel"),
            subject=line.text("subject"),
        ),
    )


def _close(line: WrittenLine) -> tuple[Built, ...]:
    outcome = _word(line.text("outcome"), c.Outcome)
    if line.text("outcome") and outcome is None:
        return line.wrong("outcome", line.text("outcome"), c.Outcome)
    date: When | None = read_when(line.text("date"))
    if line.text("date") and date is None:
        return line.wrong("date", line.text("date"))
    return (
        c.Close(
            line.verb,
            line.line,
            outcome=outcome,
            resolution=line.text("resolution"),
            date=date,
            **{name: line.text(name) for name in CLOSING_WORDS},
        ),
    )


CLOSING_WORDS = ("complainant", "subject", "corrective", "hold", "aftercare")


def _status(line: WrittenLine) -> tuple[Built, ...]:
    return (c.Status(line.verb, line.line, ref=line.first.upper()),)


def _away(line: WrittenLine) -> tuple[Built, ...]:
    until = read_when(line.text("until"))
    if until is None:
        what = line.text("until")
        return line.wrong("until", what) if what else line.missing("until:")
    return (c.Away(line.verb, line.line, until=until, delegate=line.text("delegate")),)


def _reviewed(line: WrittenLine) -> tuple[Built, ...]:
    return (c.Reviewed(line.verb, line.line, actions=line.text("actions")),)


def _category(line: WrittenLine) -> tuple[Built, ...]:
    name = line.first.lower().replace("-", "_").replace(" ", "_")
    return (c.SetCategory(line.verb, line.line, category=name),) if name else line.missing("id")


def _flag(line: WrittenLine) -> tuple[Built, ...]:
    name = line.first.lower().replace("-", "_").replace(" ", "_")
    return (c.SetFlag(line.verb, line.line, flag=name),) if name else line.missing("id")


def _assign(line: WrittenLine) -> tuple[Built, ...]:
    if not line.first:
        return line.missing("person")
    summary = line.text("summary")
    return (c.Assign(line.verb, line.line, person=line.first, summary=summary),)


def _escalate(line: WrittenLine) -> tuple[Built, ...]:
    if not line.text("reason"):
        return line.missing("reason:")
    to = line.text("to") or line.first
    return (c.Escalate(line.verb, line.line, to=to, reason=line.text("reason")),)


def _number(text: str) -> int | None:
    """0 for nothing at all, None for what is no number."""
    if not text.strip():
        return 0
    match = _NUMBER.fullmatch(text.strip())
    return int(match.group(1)) if match else None


def _word(text: str, known: type[Word]) -> Word | None:
    name = text.strip().rstrip(".,").lower().replace(" ", "_").replace("-", "_")
    return known(name) if name in tuple(known) else None


SHAPES: Mapping[str, Shape] = {
    "reply": Shape(_confirmable, has_positional=True, takes="[confirm]"),
    "send": Shape(_send, has_positional=True, takes="[n]"),
    "note": _bare(c.Note),
    "cancel": _bare(c.Cancel),
    "to": _texts(c.ToLane, first="lane", takes="lane"),
    "ack": _bare(c.Ack),
    "take": _bare(c.Take),
    "assign": Shape(_assign, ("summary",), has_positional=True, takes="person"),
    "escalate": Shape(_escalate, ("to", "reason"), has_positional=True, takes="to: … reason: …"),
    "category": Shape(_category, has_positional=True, takes="id"),
    "risk": Shape(_risk, ("reason",), has_positional=True, takes="high reason: …"),
    "flag": Shape(_flag, has_positional=True, takes="id"),
    "restrict": Shape(_restrict, has_positional=True, takes="person, person"),
    "wait": Shape(_wait, ("until", "q"), has_positional=True, takes="employee until: +5d q: …"),
    "resume": _bare(c.Resume),
    "due": Shape(_due, ("reason",), has_positional=True, takes="2026-12-01 reason: …"),
    "trigger": Shape(
        _trigger, ("at", "reason"), has_positional=True, takes="clock at: 2026-11-24 09:30"
    ),
    "met": Shape(_met, ("at", "text"), has_positional=True, takes="clock text: what was done"),
    "remind": Shape(_remind, has_positional=True, takes="fri …"),
    "party": Shape(_party, _ROLES, has_positional=True, takes="subject: Name"),
    "allegation": Shape(_allegation, ("type", "text"), takes="type: … text: …"),
    "conflict": _texts(c.Exclude, first="person", takes="name"),
    "clear-conflict": _texts(c.ClearConflict, "reason", first="person", takes="name reason: …"),
    "begin": _texts(c.Begin, "plan", takes="plan: …"),
    "finding": Shape(_finding, ("basis",), has_positional=True, takes="n substantiated basis: …"),
    "action": Shape(
        _action, ("who", "due", "text"), has_positional=True, takes="who: … due: … text: …"
    ),
    "done": Shape(_done, has_positional=True, takes="n"),
    "hold": _texts(c.Hold, "reason", takes="reason: …"),
    "release": _texts(c.Release, "reason", takes="reason: …"),
    "link": _texts(c.Link, first="ref", takes="HR-7K2Q9M"),
    "merge": _texts(c.Merge, first="ref", takes="HR-7K2Q9M"),
    "split": Shape(_split, ("lines", "category"), takes="lines: 3-7"),
    "redact": _texts(c.Redact, "text", takes="text: …"),
    "new": Shape(_new, ("for", "channel", "subject"), takes="for: ana@x channel: phone"),
    "close": Shape(
        _close, ("outcome", "resolution", "date", *CLOSING_WORDS), takes="outcome: … resolution: …"
    ),
    "reopen": _texts(c.Reopen, "reason", takes="reason: …"),
    "cancel-case": _texts(c.CancelCase, "reason", takes="reason: …"),
    "status": Shape(_status, has_positional=True, takes="[HR-7K2Q9M]"),
    "mine": _bare(c.Mine),
    "history": _bare(c.History),
    "away": Shape(_away, ("until", "delegate"), takes="until: fri delegate: …"),
    "help": _bare(c.Help),
    "reviewed": Shape(_reviewed, ("actions",), takes="actions: …"),
    "approve": _bare(c.Approve),
    "agree": _bare(c.Agree),
    "accept": _numbered(c.Accept, "number"),
    "reject": _numbered(c.Reject, "number"),
}

ALIASES: Mapping[str, str] = {
    "answer": "reply",
    "internal": "note",
    "undo": "cancel",
    "handover": "assign",
    "exclude": "conflict",
    "clear_conflict": "clear-conflict",
    "clearconflict": "clear-conflict",
    "cancel_case": "cancel-case",
    "cancelcase": "cancel-case",
    "remind-me": "remind",
}
