"""The keyring as a sheet of paper: written in groups that a person can type, and read back with
each slip named by its line.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.errors import InvalidFilesError, Mistake
from mailflow.keys.base32 import decode_base32, encode_base32
from mailflow.keys.buckets import is_bucket_name
from mailflow.keys.derive import KEY_BYTES
from mailflow.keys.keyring_contents import LARGEST_KID, KeyringContents, Master, write_contents

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = "mailflow recovery sheet 1"
_SECRET_CHARACTERS = 52
_CHECK_CHARACTERS = 4
_WHOLE_CHARACTERS = 32
_GROUP = 4
# A secret goes on two lines: whoever types sees where they are, and no printer breaks a line.
_WIDTH = 60
_FIXED = ("case key", "index key", "signing key")
_NUMBER, _BUCKET, _REVOKED = "key number ", "bucket ", " revoked"
# What is taken for a letter on paper; none of these three is base32.
_SLIPS = str.maketrans("018", "olb")
_HEX_INSTANCE = re.compile(r"[0-9a-f]{32}", re.ASCII)


def write_sheet(contents: KeyringContents) -> str:
    """Whoever has the sheet can open all that is sealed: it is as secret as the keyring."""
    lines = [_line(label, _grouped(value)) for label, value in _secrets(contents)]
    return "\n".join(
        (
            TITLE,
            "# Keep it in a safe. It opens everything.",
            "# Print a new one after each rotation and each month, and destroy the old",
            "# one: it would bring erased keys back.",
            _line("instance", _grouped_if_hex(contents.instance)),
            *lines,
            _line("destroyed", " ".join(sorted(contents.destroyed)) or "none"),
            f"whole: {_grouped(_whole(contents))}",
            "",
        )
    )


def _secrets(contents: KeyringContents) -> Iterator[tuple[str, str]]:
    for label, secret in zip(
        _FIXED, (contents.case_key, contents.index_key, contents.signing_key), strict=True
    ):
        yield label, _as_letters(secret)
    for kid, master in sorted(contents.masters.items()):
        end = _REVOKED if master.revoked else ""
        yield f"{_NUMBER}{kid}{end}", _as_letters(master.secret)
    for name, secret in sorted(contents.keks.items()):
        yield f"{_BUCKET}{name}", _as_letters(secret)


def _line(label: str, value: str) -> str:
    return textwrap.fill(
        f"{label}: {value} = {_check(label, value)}",
        _WIDTH,
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _as_letters(secret: bytes) -> str:
    return encode_base32(int.from_bytes(secret, "big"), width=_SECRET_CHARACTERS)


def _grouped(letters: str) -> str:
    return " ".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def _grouped_if_hex(instance: str) -> str:
    """Only one that was drawn at random may be written in groups: another's blanks are its own."""
    return _grouped(instance) if _HEX_INSTANCE.fullmatch(instance) else instance


def _check(label: str, value: str) -> str:
    """Four letters over one line: a slip passes once in a million."""
    digest = hashlib.sha256(f"{label}\0{''.join(value.split())}".encode()).digest()
    number = int.from_bytes(digest[:4], "big") >> 12
    return encode_base32(number, width=_CHECK_CHARACTERS)


def _whole(contents: KeyringContents) -> str:
    digest = hashlib.sha256(write_contents(contents)).digest()[:20]
    return encode_base32(int.from_bytes(digest, "big"), width=_WHOLE_CHARACTERS)


@dataclass
class _Reading:
    """What was typed, line by line; ``mistakes`` are all that were found."""

    file: str
    values: dict[str, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def refuse(self, line: int, code: str, message: str) -> None:
        self.mistakes.append(Mistake(self.file, line, 1 if line else 0, code, message))

    def take(self, line: int, text: str) -> None:
        label, colon, rest = text.partition(":")
        label = " ".join(label.lower().split())
        if not colon or not _is_label(label):
            words = "is no line of a recovery sheet: begin with the words before the colon"
            self.refuse(line, "unknown-line", f'"{label[:30]}" {words}')
            return
        if label in self.values:
            self.refuse(line, "line-twice", f'"{label}" stands twice: keep the right one')
            return
        value, _, check = rest.rpartition("=") if label != "whole" else (rest, "", "")
        value = value.strip().lower() if label != "instance" else _as_instance(value)
        if _holds_letters(label):
            value = "".join(value.split()).translate(_SLIPS)
            self._weigh(line, label, value)
        check = "".join(check.split()).lower().translate(_SLIPS)
        if label != "whole" and check != _check(label, value):
            words = f'the four letters after "=" do not fit "{label}": compare each group again'
            self.refuse(line, "slip", words)
        self.values[label] = value

    def _weigh(self, line: int, label: str, value: str) -> None:
        wanted = _WHOLE_CHARACTERS if label == "whole" else _SECRET_CHARACTERS
        if len(value) != wanted:
            words = f'"{label}" has {len(value)} letters instead of {wanted}'
            self.refuse(line, "length", f"{words}: a group is missing or stands twice")
        elif decode_base32(value) is None:
            self.refuse(line, "letters", f'"{label}" holds more than a to z and 2 to 7')


def _as_instance(typed: str) -> str:
    joined = "".join(typed.split()).lower()
    return joined if _HEX_INSTANCE.fullmatch(joined) else typed.strip()


def _holds_letters(label: str) -> bool:
    return label == "whole" or label in _FIXED or label.startswith((_NUMBER, _BUCKET))


def _is_label(label: str) -> bool:
    if label.startswith(_NUMBER):
        number = label.removeprefix(_NUMBER).removesuffix(_REVOKED)
        return number in {str(kid) for kid in range(LARGEST_KID + 1)}
    if label.startswith(_BUCKET):
        return is_bucket_name(label.removeprefix(_BUCKET))
    return label in (*_FIXED, "instance", "destroyed", "whole")


def _join_broken(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """A line without a colon goes on with the one before, which has the number of both.

    The title has no colon, and a label that lost its own is left to be told.
    """
    joined: list[tuple[int, str]] = []
    for number, line in lines:
        goes_on = ":" not in line and not _begins_with_label(line)
        if goes_on and joined and ":" in joined[-1][1]:
            first, begun = joined.pop()
            joined.append((first, f"{begun} {line}"))
            continue
        joined.append((number, line))
    return joined


def _begins_with_label(line: str) -> bool:
    words = " ".join(line.lower().split())
    labels = (*_FIXED, _NUMBER.strip(), _BUCKET.strip(), "instance", "destroyed", "whole")
    return any(words == label or words.startswith(f"{label} ") for label in labels)


def read_sheet(text: str, *, file: str) -> KeyringContents:
    """The keyring that a sheet holds. Raises InvalidFilesError with every slip at once."""
    reading = _Reading(file)
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), start=1)]
    written = _join_broken([(n, line) for n, line in lines if line and not line.startswith("#")])
    if not written or " ".join(written[0][1].lower().split()) != TITLE:
        reading.refuse(1, "no-sheet", f'a recovery sheet begins with "{TITLE}"')
        raise InvalidFilesError(tuple(reading.mistakes))
    for number, line in written[1:]:
        reading.take(number, line)
    for label in (*_FIXED, "instance", "destroyed", "whole"):
        if label not in reading.values:
            reading.refuse(0, "line-missing", f'the line "{label}" is missing')
    if not any(label.startswith(_NUMBER) for label in reading.values):
        reading.refuse(0, "line-missing", f'there is no line "{_NUMBER}0"')
    if reading.mistakes:
        raise InvalidFilesError(tuple(reading.mistakes))
    contents = _contents(reading.values)
    if _whole(contents) != reading.values["whole"]:
        words = "every line is right by itself, but not all are there: compare with the paper"
        reading.refuse(0, "not-whole", words)
        raise InvalidFilesError(tuple(reading.mistakes))
    return contents


def _contents(values: dict[str, str]) -> KeyringContents:
    masters = {
        int(label.removeprefix(_NUMBER).removesuffix(_REVOKED)): Master(
            _secret(value), revoked=label.endswith(_REVOKED)
        )
        for label, value in values.items()
        if label.startswith(_NUMBER)
    }
    case_key, index_key, signing_key = (_secret(values[label]) for label in _FIXED)
    return KeyringContents(
        instance=values["instance"],
        masters=masters,
        case_key=case_key,
        index_key=index_key,
        signing_key=signing_key,
        keks={
            label.removeprefix(_BUCKET): _secret(value)
            for label, value in values.items()
            if label.startswith(_BUCKET)
        },
        destroyed=frozenset(values["destroyed"].split()) - {"none"},
    )


def _secret(letters: str) -> bytes:
    """52 letters are 260 bits, of which the first four are zero."""
    number = decode_base32(letters) or 0
    return (number & (1 << 8 * KEY_BYTES) - 1).to_bytes(KEY_BYTES, "big")
