"""Text that somebody typed into a YAML file, and what is said about it."""

from __future__ import annotations

import pytest

from mailflow.located import plain
from mailflow.yaml_reader import read_yaml


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        ("a: 1\n---\nb: 2", 2, 1, "documents"),
        ("a: *b", 1, 4, "alias"),
        ("a: [*foo]", 1, 5, "alias"),
        ("a: &x 1\nb: *x", 2, 4, "alias"),
        ("a: !secret 1", 1, 4, "tag"),
        ("? [a, b]\n: 1", 1, 3, "key"),
        ("a: 1\nb: 2\na: 3", 3, 1, "duplicate-key"),
        ("text: Subject: x", 1, 14, "second-colon"),
        ("a:\n\t- b", 2, 1, "tab"),
        ("a: 'x", 1, 6, "syntax"),
        ("a: \x00b", 0, 0, "syntax"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, line: int, column: int, code: str) -> None:
    (mistake,) = read_yaml(text, "rules/a.yaml")[1]
    assert (mistake.line, mistake.column, mistake.code) == (line, column, code)


@pytest.mark.parametrize("text", ["[" * 400_000, "- " * 200_000 + "x", '{"a":' * 100_000])
def test_no_depth_of_nesting_stops_the_process(text: str) -> None:
    node, (mistake,) = read_yaml(text, "rules/a.yaml")
    assert node is None
    assert mistake.code == "too-deep"


def test_what_libyaml_refuses_is_read_as_yaml_1_2() -> None:
    node, mistakes = read_yaml("hours: {mon-fri: 09:00-17:00, off: no}", "rules/a.yaml")
    assert not mistakes
    assert node is not None
    assert plain(node) == {"hours": {"mon-fri": "09:00-17:00", "off": "no"}}


def test_both_readers_give_the_same_places_and_values() -> None:
    text = 'a: [é, "b: c", 08:30, no, 1.5, ~]\nb: >\n  folded\n  text\n'
    fast, _ = read_yaml(text, "a.yaml")
    slow, _ = read_yaml(f"{text}c: {{d: 09:00-17:00}}\n", "a.yaml")
    assert fast is not None
    assert slow is not None
    assert plain(fast).items() <= plain(slow).items()  # type: ignore[attr-defined] # a mapping


@pytest.mark.parametrize("letter", ["\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("hidden", ["a: one{}b: two", "a: 1 # one{}b: two"])
def test_what_only_yaml_1_1_takes_for_a_line_break_hides_no_line(hidden: str, letter: str) -> None:
    text = hidden.format(letter)
    node, (mistake,) = read_yaml(f"{text}\nc: 3\n", "a.yaml")
    assert node is None
    assert (mistake.line, mistake.column) == (1, text.index(letter) + 1)
    assert mistake.code == "odd-blank"


@pytest.mark.parametrize("letter", ["\x85", "\u2028", "\u2029"])
def test_what_only_yaml_1_1_takes_for_a_line_break_moves_no_place(letter: str) -> None:
    (mistake,) = read_yaml(f"a: 'one{letter}two'\nb: *x\n", "a.yaml")[1]
    assert (mistake.line, mistake.column, mistake.code) == (2, 4, "alias")
