"""The cheap first looks, which spare most mail a search, let through all that the search finds."""

from __future__ import annotations

import pytest

from mailflow.core.mail.automatic_words import _CONTAINS, _STARTS, is_out_of_office
from mailflow.core.mail.bounce_words import BOUNCE_SUBJECT_STEMS, BOUNCE_SUBJECTS
from mailflow.core.mail.dates import read_date
from mailflow.core.mail.header_fields import read_fields
from mailflow.core.mail.problems import Problem
from mailflow.core.mail.reply_text.header_block import find_labels
from mailflow.core.mail.reply_text.separators import _REPLY_LINES, may_ask_reply_above
from mailflow.core.mail.reply_text.signature import _FOOTER_ENDS, _may_end_as_footer


@pytest.mark.parametrize("words", [words for words in BOUNCE_SUBJECTS if words.isascii()])
def test_every_bounce_subject_holds_a_stem(words: str) -> None:
    assert any(stem in words for stem in BOUNCE_SUBJECT_STEMS)


@pytest.mark.parametrize("words", [*_STARTS, *_CONTAINS])
def test_every_subject_of_an_automatic_reply_is_found(words: str) -> None:
    assert is_out_of_office(f"{words} until Monday", is_answer=False)


@pytest.mark.parametrize("words", _REPLY_LINES)
def test_every_request_to_reply_above_is_found_in_a_text(words: str) -> None:
    assert may_ask_reply_above(f"Thank you.\n\n##- {words.title()} -##\n")


@pytest.mark.parametrize(
    ("block", "pairs"),
    [
        (b"A: 1\nB: 2\n folded\n\n", (("a", b"1"), ("b", b"2 folded"))),
        (b"A: 1\r\nB : 2\r\n\r\n", (("a", b"1"), ("b", b"2"))),
        (b"no field at all\nA: 1\n\n", (("a", b"1"),)),
        (b"A: 1\nno field\nB: 2\n\n", (("a", b"1"), ("b", b"2"))),
        (b"no field B: 2\nA: 1\n\n", (("a", b"1"),)),
        (b" folded before any field\nA: 1\n\n", (("a", b"1"),)),
        (b"A: 1", (("a", b"1"),)),
    ],
)
def test_a_clean_block_and_an_odd_one_are_read_alike(
    block: bytes, pairs: tuple[tuple[str, bytes], ...]
) -> None:
    assert read_fields(block, 0, len(block), set())[0].pairs == pairs


def test_a_field_beyond_its_size_is_cut_in_a_clean_block() -> None:
    problems: set[Problem] = set()
    block = b"A: " + b"x" * 70_000 + b"\n\n"
    fields, _ = read_fields(block, 0, len(block), problems)
    assert len(fields.text("a")) == 64 * 1024
    assert problems == {Problem.FIELD_LIMIT}


@pytest.mark.parametrize(
    "text",
    [
        "Von: Eva\nno label: here\nBetreff: x",
        "\n\n> From: a\n\nplain\nTo: b",
        "late colon " + "x" * 60 + ": no\nFrom: a",
        "発信者\n差出人\uff1a Eva\nFrom: b",
    ],
)
def test_labels_are_found_where_lines_begin_with_them(text: str) -> None:
    marks = ("Von", "Betreff", "> From", "To", "From", "差出人")
    expected = [n for n, line in enumerate(text.split("\n")) if line.startswith(marks)]
    assert find_labels(text, 100) == expected


def test_labels_beyond_the_last_line_looked_at_do_not_count() -> None:
    assert find_labels("From: a\nFrom: b\nFrom: c", 2) == [0, 1]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Tue, 3 Mar 2026 10:04:00 -0530", "2026-03-03T10:04:00-05:30"),
        ("Tue, 3 Mar 2026 10:04:60 +0000", "2026-03-03T10:04:59+00:00"),
        ("3 Mar 2026 10:04:00 +9999", "2026-03-03T10:04:00+00:00"),
        ("Tue, 31 Feb 2026 10:04:00 +0100", None),
        ("Tue, 3 Mär 2026 10:04:00 +0100", None),
    ],
)
def test_a_date_in_the_usual_form_is_read_as_the_library_reads_it(
    value: str, expected: str | None
) -> None:
    found = read_date(value)
    assert (found.isoformat() if found else None) == expected


@pytest.mark.parametrize(
    "footer", ["iPhoneから", "発自我的iPhone", "Samsung Galaxy'umdan", "iPhone'umdan gönderildi"]
)
def test_every_footer_of_a_telephone_gets_past_the_first_look(footer: str) -> None:
    assert _FOOTER_ENDS.fullmatch(footer)
    assert _may_end_as_footer(footer.lower())
