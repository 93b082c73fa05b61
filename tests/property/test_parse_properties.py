"""What holds for every mail, however broken: checked on mutated mails of the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.core.mail.message import as_json
from mailflow.core.mail.message_json import as_full_json, from_full_json
from mailflow.core.mail.parse import parse_fields_only, parse_message
from mailflow.core.mail.problems import SENTENCES, Problem
from mailflow.core.mail.reply_text import cut_reply
from mailflow.core.mail.thread import group_messages

CORPUS = Path(__file__).parents[1] / "corpus"
MAILS = [path.read_bytes() for path in sorted(CORPUS.rglob("*.eml"))]
PIECES = [
    b"\n",
    b"\r",
    b"\x00",
    b"--B",
    b"=?",
    b"?=",
    b"<",
    b">",
    b'"',
    b":",
    b"\xff",
    b"(",
    b"\n\n",
]


@st.composite
def mutated_mails(draw: st.DrawFn) -> bytes:
    raw = bytearray(draw(st.sampled_from(MAILS)))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(raw)))
        length = draw(st.integers(0, 40))
        raw[place : place + length] = draw(st.sampled_from(PIECES)) * draw(st.integers(0, 3))
    return bytes(raw)


LINES = st.sampled_from(
    [
        "",
        "Hello Hana,",
        "> quoted",
        ">> deeper",
        "-- ",
        "--",
        "Eva",
        "On Mon, Mar 2, 2026 at 4:15 PM Hana <hr@acme.example> wrote:",
        "-----Original Message-----",
        "From: Hana <hr@acme.example>",
        "Sent: Monday, March 2, 2026 4:15 PM",
        "To: Eva",
        "Subject: Leave",
        "Sent from my iPhone",
        "________________________________",
        "wrote:",
        "-----BEGIN PGP SIGNED MESSAGE-----",
        "This e-mail is confidential and intended solely for the addressee, delete it otherwise.",
    ]
)


@given(raw=mutated_mails())
@settings(max_examples=400, deadline=None)
def test_any_mutated_mail_is_read_and_written_as_json(raw: bytes) -> None:
    document = json.dumps(as_json(parse_message(raw)))
    assert json.loads(document)["ack_ok"] in (True, False)


@given(raw=st.binary(max_size=2000))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read(raw: bytes) -> None:
    message = parse_message(raw)
    assert set(message.problems) <= {problem.value for problem in Problem}


@given(raw=mutated_mails())
@settings(max_examples=100, deadline=None)
def test_a_message_survives_the_way_through_json(raw: bytes) -> None:
    message = parse_message(raw)
    contents = tuple(attachment.content for attachment in message.attachments)
    assert from_full_json(json.loads(json.dumps(as_full_json(message))), contents) == message


@given(raw=mutated_mails())
@settings(max_examples=100, deadline=None)
def test_header_fields_alone_never_allow_an_answer(raw: bytes) -> None:
    message = parse_fields_only(raw)
    assert not message.ack_ok
    assert Problem.UNPARSABLE in message.problems


@given(lines=st.lists(LINES, max_size=30))
@settings(max_examples=400, deadline=None)
def test_new_text_is_a_subsequence_of_the_lines_of_the_text(lines: list[str]) -> None:
    remaining = iter(lines)
    new_lines = cut_reply("\n".join(lines)).new_text.split("\n")
    assert new_lines == [""] or all(line in remaining for line in new_lines)


@given(raw=mutated_mails())
@settings(max_examples=200, deadline=None)
def test_new_text_of_any_mail_is_a_subsequence_of_its_text(raw: bytes) -> None:
    message = parse_message(raw)
    remaining = iter(message.text.split("\n"))
    new_lines = message.new_text.split("\n")
    assert new_lines == [""] or all(line in remaining for line in new_lines)


@st.composite
def conversations(draw: st.DrawFn) -> list[bytes]:
    """Trees of mails; some ancestors were never received."""
    mails = []
    for number in range(draw(st.integers(1, 8))):
        ancestors = draw(st.lists(st.integers(0, 9), max_size=3, unique=True))
        references = " ".join(f"<m{ancestor}@x>" for ancestor in ancestors if ancestor != number)
        field = f"References: {references}\n" if references else ""
        mails.append(
            f"From: a{number}@x.example\nSubject: help\n"
            f"Message-ID: <m{number}@x>\n{field}\nx\n".encode()
        )
    return mails


@given(mails=conversations(), seed=st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_grouping_does_not_depend_on_the_order_of_arrival(mails: list[bytes], seed: object) -> None:
    order = list(range(len(mails)))
    seed.shuffle(order)  # type: ignore[attr-defined]  # a random.Random that hypothesis steers
    messages = [parse_message(raw) for raw in mails]
    straight = {frozenset(group) for group in group_messages(messages)}
    shuffled = group_messages([messages[position] for position in order])
    assert {frozenset(order[place] for place in group) for group in shuffled} == straight


def test_every_problem_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Problem)


@pytest.mark.parametrize("code", list(Problem))
def test_sentences_end_as_sentences_do(code: Problem) -> None:
    assert SENTENCES[code].endswith(".")


def test_every_problem_but_the_reader_that_died_stands_in_the_corpus_or_is_made_here() -> None:
    """A code that no mail brings about is none: each is expected by name somewhere."""
    tests = Path(__file__).parents[1]
    expected = "".join(path.read_text(encoding="utf-8") for path in tests.rglob("corpus/**/*.json"))
    expected += (tests / "unit/core/mail/test_hostile_mail.py").read_text(encoding="utf-8")
    unseen = {code for code in Problem if f'"{code.value}"' not in expected}
    assert unseen == {Problem.UNPARSABLE}
