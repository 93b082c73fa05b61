"""Text of any script as fonts at hand can print it: what no font has is named, nothing is lost
unseen. Where it stands on a page is case_pdf.py.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from fpdf.bidi import BidiParagraph, auto_detect_base_direction
from fpdf.enums import TextDirection

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

CODE_POINT = "[U+"
"""How the stand-in of a letter that no font has begins: [U+4F60]."""

# Joiners, direction marks and emoji variations leave no mark of their own.
_SILENT = frozenset(
    {0x00AD, 0x034F, 0x061C, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF}
)
_VARIATIONS = range(0xFE00, 0xFE10)
_MIRRORED = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_TATWEEL = "\u0640"
_FORMS = ("isolated", "final", "initial", "medial")
_PRESENTATION = range(0xFE70, 0xFF00)


def make_printable(text: str, known: Container[int]) -> str:
    """One text in which every character but line ends is among ``known`` code points.

    A symbol without a glyph is called by its name, a letter by its code point (see CODE_POINT).
    Arabic letters take the forms in which they join, where they are among them.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    return "\n".join(_print_line(line, known) for line in lines)


def is_right_to_left(line: str) -> bool:
    return auto_detect_base_direction(line) is TextDirection.RTL


def has_right_to_left(line: str) -> bool:
    return any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in line)


def in_visual_order(line: str, *, is_rtl: bool) -> str:
    """One line of a page from left to right as the eye meets it (UAX 9); ``is_rtl`` is the
    direction of its paragraph.
    """
    base = TextDirection.RTL if is_rtl else TextDirection.LTR
    ordered = BidiParagraph(text=line, base_direction=base).get_reordered_characters()
    return "".join(
        _MIRRORED.get(one.character, one.character) if one.embedding_level % 2 else one.character
        for one in ordered
    )


def _print_line(line: str, known: Container[int]) -> str:
    composed = unicodedata.normalize("NFC", line)
    return "".join(_print_characters(_join_arabic(composed, known), known))


def _print_characters(line: str, known: Container[int]) -> Iterator[str]:
    for char in line:
        code = ord(char)
        if code in _SILENT or code in _VARIATIONS:
            continue
        kind = unicodedata.category(char)
        if code in known and not kind.startswith("C"):
            yield char
        elif kind in ("So", "Sk", "Sm"):
            yield f"[{unicodedata.name(char, f'U+{code:04X}').lower()}]"
        else:
            yield f"{CODE_POINT}{code:04X}]"


@cache
def _arabic_forms() -> dict[str, dict[str, str]]:
    """The joined forms of each Arabic letter, as Unicode's own table of presentation forms has
    them.
    """
    forms: dict[str, dict[str, str]] = {}
    for code in _PRESENTATION:
        kind, _, letters = unicodedata.decomposition(chr(code)).partition(" ")
        form = kind.strip("<>")
        if form in _FORMS and " " not in letters:
            forms.setdefault(chr(int(letters, 16)), {})[form] = chr(code)
    return forms


def _join_arabic(line: str, known: Container[int]) -> str:
    """Each letter in the form that its neighbours give it, where a font at hand has that form;
    marks between them do not part them.
    """
    forms = _arabic_forms()
    if not any(char in forms for char in line):
        return line
    spelled = list(line)
    letters = [at for at, char in enumerate(line) if unicodedata.category(char) != "Mn"]
    for place, at in enumerate(letters):
        own = forms.get(line[at])
        if own is None:
            continue
        before = line[letters[place - 1]] if place else ""
        after = line[letters[place + 1]] if place + 1 < len(letters) else ""
        joins_before = "final" in own and _joins_on(before)
        joins_after = "initial" in own and _joins_back(after)
        form = _FORMS[joins_before + 2 * joins_after]
        joined = own.get(form, line[at])
        if ord(joined) in known:
            spelled[at] = joined
    return "".join(spelled)


def _joins_on(char: str) -> bool:
    """Whether a letter reaches out to the one after it."""
    return char == _TATWEEL or "initial" in _arabic_forms().get(char, {})


def _joins_back(char: str) -> bool:
    return char == _TATWEEL or "final" in _arabic_forms().get(char, {})
