"""Reading a staff mail's new text as commands and a body. All of it is right, or nothing is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.case import commands as c
from mailflow.core.case.command_arguments import CommandMistake, read_arguments
from mailflow.core.case.command_lines import MOST_COMMANDS, split_commands
from mailflow.core.case.command_shapes import ALIASES, SHAPES, WrittenLine

if TYPE_CHECKING:
    from mailflow.core.case.command_lines import CommandLine

MAY_HOLD_BODY = frozenset({"reply", "note", "new", "answer", "internal"})
_MOST_EDITS = 2
_SPEAKING = (c.Reply, c.Send, c.Note, c.ToLane)
_ALONE = ("reply", "note", "send", "to", "close", "wait", "cancel", "merge", "cancel-case")


@dataclass(frozen=True)
class Instructions:
    """``body`` is the text to send or keep. With ``mistakes`` nothing may be done."""

    commands: tuple[c.Command, ...] = ()
    body: str = ""
    mistakes: tuple[CommandMistake, ...] = ()

    @property
    def lane(self) -> c.Command | None:
        """The command that says where the body goes, if one does."""
        return next((one for one in self.commands if isinstance(one, _SPEAKING)), None)

    @property
    def commands_but_lane(self) -> tuple[c.Command, ...]:
        """The commands that do more than say where the body goes."""
        return tuple(one for one in self.commands if not isinstance(one, (c.Reply, c.Note)))


def read_instructions(text: str) -> Instructions:
    """The commands at the top of ``text`` and the body below them. Linear in its length."""
    split = split_commands(text, may_hold_body=MAY_HOLD_BODY)
    commands: list[c.Command] = []
    mistakes: list[CommandMistake] = []
    if split.too_many:
        mistakes.append(CommandMistake(0, "too_many_commands", {"most": str(MOST_COMMANDS)}))
    for written in split.commands[:MOST_COMMANDS]:
        for one in _read(written):
            (mistakes if isinstance(one, CommandMistake) else commands).append(one)  # type: ignore[arg-type]  # each goes to its own list
    if split.stray is not None:
        mistakes.append(CommandMistake(split.stray.line, "no_blank_line", {}))
    mistakes += [_leftover(line) for line in split.leftovers]
    if not mistakes:
        mistakes += _contradictions(commands)
    return Instructions(tuple(commands), split.body, tuple(mistakes))


def nearest_verb(word: str) -> str | None:
    """The listed verb within two edits, the closest first; None when there is none."""
    if len(word) > max(map(len, SHAPES)) + _MOST_EDITS:
        return None
    allowed = _MOST_EDITS if len(word) > _MOST_EDITS + 1 else 1
    by_distance = sorted((edit_distance(word, verb), verb) for verb in SHAPES)
    distance, verb = by_distance[0]
    return verb if distance <= allowed else None


def edit_distance(one: str, other: str) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours that turn one into the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (left != right))
            swapped = i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right
            row.append(min(cost, older[j - 2] + 1) if swapped else cost)
    return row[-1]


def _read(written: CommandLine) -> tuple[c.Command | CommandMistake, ...]:
    verb = ALIASES.get(written.verb, written.verb)
    shape = SHAPES.get(verb)
    if shape is None:
        return (_unknown(written),)
    arguments = read_arguments(written.rest, shape.keys)
    if arguments.repeated:
        facts = {"verb": verb, "key": arguments.repeated[0]}
        return (CommandMistake(written.line, "key_twice", facts),)
    if arguments.positional and not shape.has_positional:
        code = "text_after_verb" if not shape.takes else "argument_missing"
        facts = {"verb": verb, "what": shape.takes, "takes": shape.takes}
        return (CommandMistake(written.line, code, facts),)
    return shape.build(WrittenLine(verb, written.line, arguments))


def _unknown(written: CommandLine) -> CommandMistake:
    guess = nearest_verb(written.verb)
    code = "unknown_verb_guess" if guess else "unknown_verb"
    return CommandMistake(written.line, code, {"verb": written.verb, "guess": guess or ""})


def _leftover(line: CommandLine) -> CommandMistake:
    """A ``#word`` below the top: a command that came too late, or text nobody should get."""
    mistake = _unknown(line)
    if ALIASES.get(line.verb, line.verb) in SHAPES or mistake.code == "unknown_verb":
        return replace(mistake, code="command_in_text")
    return mistake


def _contradictions(commands: list[c.Command]) -> list[CommandMistake]:
    speaking = [one for one in commands if isinstance(one, _SPEAKING)]
    verbs = [one.verb for one in commands]
    twice = next((verb for verb in _ALONE if verbs.count(verb) > 1), None)
    if len(speaking) > 1:
        facts = {"verb": speaking[0].verb, "other": speaking[1].verb}
        return [CommandMistake(speaking[1].line, "contradiction", facts)]
    if twice is not None:
        line = [one.line for one in commands if one.verb == twice][1]
        return [CommandMistake(line, "contradiction", {"verb": twice, "other": twice})]
    if "close" in verbs and "wait" in verbs:
        line = next(one.line for one in commands if one.verb == "wait")
        return [CommandMistake(line, "contradiction", {"verb": "close", "other": "wait"})]
    return []
