from __future__ import annotations

from time import perf_counter

import pytest

from mailflow.reporting.printable import in_visual_order, is_right_to_left, make_printable

LATIN = frozenset(range(0x20, 0x250))
ARABIC = LATIN | frozenset(range(0x600, 0x700)) | frozenset(range(0xFE70, 0xFF00))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Łódź, œuvre\nnext", "Łódź, œuvre\nnext"),
        ("a\tb\r\nc", "a   b\nc"),
        ("party 🎉!", "party [party popper]!"),
        ("\u4f60\u597d", "[U+4F60][U+597D]"),
        ("soft\u00adhyphen, zero\u200bwidth", "softhyphen, zerowidth"),
        ("bell\x07 and \u202eover", "bell[U+0007] and [U+202E]over"),
        ("e\u0301", "é"),
        ("lone \ud83d surrogate", "lone [U+D83D] surrogate"),
    ],
)
def test_what_no_font_has_is_named_and_nothing_is_lost(text: str, printed: str) -> None:
    assert make_printable(text, LATIN) == printed


def test_arabic_letters_join_their_neighbours() -> None:
    # Beh, alef, beh: the alef joins only what stands before it.
    assert make_printable("\u0628\u0627\u0628", ARABIC) == "\ufe91\ufe8e\ufe8f"


def test_a_line_from_the_right_is_turned_but_its_numbers_are_not() -> None:
    line = "\u05d0\u05d1 (20)"
    assert is_right_to_left(line)
    assert in_visual_order(line, is_rtl=True) == "(20) \u05d1\u05d0"


def test_a_line_from_the_left_stays_as_it_is() -> None:
    assert not is_right_to_left("about \u05d0\u05d1")
    assert in_visual_order("a (b)", is_rtl=False) == "a (b)"


def test_a_hostile_text_is_made_printable_in_no_time() -> None:
    begin = perf_counter()
    make_printable("\u0628\u0301" * 100_000 + "🎉" * 100_000, ARABIC)
    assert perf_counter() - begin < 5
