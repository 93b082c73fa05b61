"""Address fields (RFC 5322 3.4): a lenient reader for display, a strict grammar for identity."""

from __future__ import annotations

import re

from mailflow.core.mail.encoded_word import decode_words
from mailflow.core.mail.message import Address
from mailflow.core.mail.problems import Problem

MAX_ADDRESSES = 100

_STRICT = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)
_SIMPLE = re.compile(
    r'\s*(?:"([^"\\<>=@]*)"|([^"\\<>()\[\]:;,@=]*))\s*<([^\s"<>()\[\]:;,@\\]+@[^\s"<>()\[\]:;,@\\]+)>\s*'
)
_BARE = re.compile(r'\s*([^\s"<>()\[\]:;,@\\=?]+@[^\s"<>()\[\]:;,@\\=?]+)\s*')
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_LOOSE_ADDRESS = re.compile(r"[^\s\"<>(),:;\[\]\\@]{1,128}@[^\s\"<>(),:;\[\]\\@]{1,255}")


def is_addr_spec(text: str) -> bool:
    """Whether it is one plain ASCII addr-spec: dot-atom at a domain name, within RFC 5321 sizes."""
    return len(text) <= 254 and text.find("@") <= 64 and _STRICT.fullmatch(text) is not None  # noqa: PLR2004 - RFC 5321 4.5.3.1


def is_strict_author(field: str) -> bool:
    """Whether a From field is one addr-spec, alone or in angle brackets after a plain name.

    ``staff@example.com]<eve@evil.example>``, groups, routes and comments are refused
    (CVE-2023-27043).
    """
    match = _SIMPLE.fullmatch(field) or _QUOTED_NAME.fullmatch(field)
    if match is not None:
        return is_addr_spec(match.group(3))
    return is_addr_spec(field.strip())


_QUOTED_NAME = re.compile(
    r'\s*(?:"((?:[^"\\<>]|\\.)*)"|((?:[^"\\<>()\[\]:;,@])*))\s*<([^\s"<>()\[\]:;,@\\]+@[^\s"<>()\[\]:;,@\\]+)>\s*'
)


def read_addresses(value: str, problems: set[Problem]) -> tuple[Address, ...]:
    """The mailboxes of an address list; groups are opened, comments become names."""
    if match := _SIMPLE.fullmatch(value):
        return (Address(_clean(match.group(1) or match.group(2)), match.group(3)),)
    if match := _BARE.fullmatch(value):
        return (Address(None, match.group(1)),)
    found = _read_list(value, problems)
    if not found and "=?" in value:  # the whole address inside one encoded word
        found = _read_list(decode_words(value)[0], problems)
    return found


def _read_list(value: str, problems: set[Problem]) -> tuple[Address, ...]:
    found: list[Address] = []
    for tokens in split_mailboxes(value):
        address = _read_mailbox(tokens, problems)
        if address is None:
            continue
        if len(found) >= MAX_ADDRESSES:
            problems.add(Problem.ADDRESS_LIMIT)
            break
        found.append(address)
    return tuple(found)


Token = tuple[str, str]  # kind (text, quoted, comment, angle) and content


def split_mailboxes(value: str) -> list[list[Token]]:
    """Tokens of each mailbox between commas, semicolons and group names; one pass."""
    mailboxes: list[list[Token]] = [[]]
    position, length = 0, len(value)
    text_start = 0

    def close_text(until: int) -> None:
        text = value[text_start:until]
        if text.strip():
            mailboxes[-1].append(("text", text))

    while position < length:
        character = value[position]
        if character not in '"(<,;:':
            position += 1
            continue
        if character == ":" and not _ends_group_name(value, text_start, position):
            position += 1
            continue
        close_text(position)
        if character == '"':
            content, position = _quoted(value, position)
            mailboxes[-1].append(("quoted", content))
        elif character == "(":
            content, position = _comment(value, position)
            mailboxes[-1].append(("comment", content))
        elif character == "<":
            content, position = _angle(value, position)
            mailboxes[-1].append(("angle", content))
        else:
            position += 1
            if character == ":":
                mailboxes[-1] = []
            else:
                mailboxes.append([])
        text_start = position
    close_text(length)
    return mailboxes


def _ends_group_name(value: str, start: int, position: int) -> bool:
    return "@" not in value[start:position] and ("@" in value[position:] or ";" in value[position:])


def _quoted(value: str, start: int) -> tuple[str, int]:
    """A quoted string; one that is never closed ends where an angle bracket opens."""
    end = start + 1
    while True:
        end = value.find('"', end)
        if end < 0:
            angle = value.find("<", start)
            stop = angle if angle >= 0 else len(value)
            return value[start + 1 : stop].strip(), stop
        backslashes = len(value[start + 1 : end]) - len(value[start + 1 : end].rstrip("\\"))
        if backslashes % 2 == 0:
            break
        end += 1
    content = value[start + 1 : end]
    return (re.sub(r"\\(.)", r"\1", content) if "\\" in content else content), end + 1


def _comment(value: str, start: int) -> tuple[str, int]:
    depth, position = 0, start
    while position < len(value):
        character = value[position]
        if character == "\\":
            position += 2
            continue
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return value[start + 1 : position], position + 1
        position += 1
    return value[start + 1 :], len(value)


def _angle(value: str, start: int) -> tuple[str, int]:
    end = value.find(">", start)
    if end < 0:
        return value[start + 1 :].strip(" ,;"), len(value)
    return value[start + 1 : end], end + 1


def _read_mailbox(tokens: list[Token], problems: set[Problem]) -> Address | None:
    if not tokens:
        return None
    angles = [content for kind, content in tokens if kind == "angle"]
    words = [content for kind, content in tokens if kind in ("text", "quoted")]
    comments = [content for kind, content in tokens if kind == "comment"]
    if angles:
        address = _addr_spec(angles[-1])
        if not address and len(words) == 1 and "@" in words[0]:
            address, words = words[0].strip(), []
        if not address and not words:
            return None  # the null reverse-path <>
        name = _clean(" ".join(word.strip() for word in words)) or _clean(" ".join(comments))
        if "@" not in address:
            problems.add(Problem.BAD_ADDRESS)
        return Address(name, address)
    return _bare_mailbox(tokens, comments, problems)


def _bare_mailbox(
    tokens: list[Token], comments: list[str], problems: set[Problem]
) -> Address | None:
    joined = "".join(
        f'"{content}"' if kind == "quoted" else content
        for kind, content in tokens
        if kind != "comment"
    ).strip()
    if "@" in joined:
        compact = joined if " " not in joined.strip() else _without_spaces(joined)
        if compact is not None:
            return Address(_clean(" ".join(comments)), _addr_spec(compact))
        if match := _LOOSE_ADDRESS.search(joined):
            problems.add(Problem.BAD_ADDRESS)
            name = _clean(joined[: match.start()] + joined[match.end() :])
            return Address(name, match.group())
    if not joined or "=?" in joined:
        return None
    problems.add(Problem.BAD_ADDRESS)
    text = decode_words(joined)[0]
    if match := _LOOSE_ADDRESS.search(text):
        return Address(_clean(text[: match.start()]), match.group())
    if " " in text or not text.isascii():
        return None if "@" in text else Address(_clean(text.strip('"')), "")
    return Address(_clean(" ".join(comments)), text.strip('"'))


def _without_spaces(text: str) -> str | None:
    """Blanks around dots and the at sign are folding white space (RFC 5322 4.4), others not."""
    compact = re.sub(r"\s*([.@])\s*", r"\1", text[:1000])
    return compact if " " not in compact or compact.startswith('"') else None


def _addr_spec(text: str) -> str:
    """The address inside angle brackets, without a source route, blanks or mailto."""
    address = _CONTROL.sub("", text.strip())
    if address.startswith("@") and ":" in address:
        address = address.rpartition(":")[2]
    if address[:7].lower() == "mailto:":
        address = address[7:]
    if "=?" in address:
        address = decode_words(address)[0]
    if not address.startswith('"'):
        address = _SPACE.sub("", address)
    return address.strip("<> ")


def _clean(name: str | None) -> str | None:
    if not name:
        return None
    decoded = decode_words(name)[0] if "=?" in name else name
    text = _SPACE.sub(" ", _CONTROL.sub(" ", decoded)).strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    return text or None
