"""The command lines at the top of a staff mail's new text, apart from its body. Meaning nothing
yet: verbs and arguments are command_grammar.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_COMMANDS = 10
_MOST_CONTINUATIONS = 40
_LONGEST_LINE = 4_000
# Phones and Asian keyboards write other number signs.
_NUMBER_SIGNS = str.maketrans({"\uff03": "#", "\ufe5f": "#"})
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f\u2009\u2002\u2003\u3000\t", " "))
_INVISIBLE = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
# Outlook and Gmail turn an address into a link: ana@x.example<mailto:ana@x.example>.
_AUTOLINK = re.compile(r"[ ]?<(?:mailto:|https?://)[^<>\s]{1,400}>")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{1,200})\]\((?:mailto:|https?://)[^()\s]{1,400}\)")
_VERB = re.compile(r"#([^\W\d_][\w\-]{0,40})")


@dataclass(frozen=True)
class CommandLine:
    """One command as written: ``verb`` in lower case, ``rest`` with continuations joined.

    ``line`` counts from 1 in the new text.
    """

    line: int
    verb: str
    rest: str


@dataclass(frozen=True)
class StrayText:
    """A line that is neither command, continuation nor body after a blank line."""

    line: int
    text: str


@dataclass(frozen=True)
class SplitText:
    """``leftovers`` are lines ``#word`` in the body; ``stray`` text follows a command directly."""

    commands: tuple[CommandLine, ...] = ()
    body: str = ""
    leftovers: tuple[CommandLine, ...] = ()
    stray: StrayText | None = None
    too_many: bool = False


def split_commands(text: str, *, may_hold_body: frozenset[str]) -> SplitText:
    """Commands at the very top, then the body after a blank line.

    Directly after a verb of ``may_hold_body`` without arguments the body may begin at once, as
    people type it on phones. Linear in the length of the text.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start = 0
    while start < len(lines) and not _plain(lines[start]).strip():
        start += 1
    commands: list[CommandLine] = []
    continuations = 0
    position = start
    stray: StrayText | None = None
    while position < len(lines):
        line = _plain(lines[position])
        verb = _VERB.match(line)
        if verb is not None:
            rest = line[verb.end() :]
            commands.append(CommandLine(position + 1, verb.group(1).lower(), rest.strip()))
        elif not line.strip() or not commands:
            break
        elif line.startswith(" ") and continuations < _MOST_CONTINUATIONS:
            last = commands[-1]
            commands[-1] = CommandLine(last.line, last.verb, f"{last.rest} {line.strip()}".strip())
            continuations += 1
        elif commands[-1].verb in may_hold_body and not commands[-1].rest:
            break
        else:
            stray = StrayText(position + 1, line.strip())
            break
        position += 1
    body_lines = lines[position:]
    leftovers = tuple(_find_leftovers(body_lines, first=position + 1))
    return SplitText(
        commands=tuple(commands),
        body="\n".join(body_lines).strip("\n").rstrip(),
        leftovers=leftovers,
        stray=stray,
        too_many=len(commands) > MOST_COMMANDS,
    )


def begins_with_command(text: str) -> bool:
    """Whether the first line that is not blank looks like a command, right or wrong."""
    for line in text.split("\n"):
        plain = _plain(line)
        if plain.strip():
            return _VERB.match(plain) is not None
    return False


def _find_leftovers(lines: list[str], *, first: int) -> list[CommandLine]:
    found: list[CommandLine] = []
    for number, line in enumerate(lines, start=first):
        match = _VERB.match(_plain(line).lstrip())
        if match is not None:
            found.append(CommandLine(number, match.group(1).lower(), ""))
    return found


def _plain(line: str) -> str:
    """The line with one kind of blank and number sign, without what is invisible, unlinked."""
    head = line[:_LONGEST_LINE].translate(_INVISIBLE).translate(_BLANKS).translate(_NUMBER_SIGNS)
    if "](" in head:
        head = _MARKDOWN_LINK.sub(r"\1", head)
    if "<" in head:
        head = _AUTOLINK.sub("", head)
    return head
