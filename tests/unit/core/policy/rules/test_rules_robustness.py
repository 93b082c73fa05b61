"""Whatever a rules file says, it ends in mistakes or a bundle, never in a crash."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.core.policy.rules.compile import compile_bundle
from mailflow.core.policy.rules.keys import (
    CATEGORY_KEYS,
    DEFAULT_KEYS,
    FILE_KEYS,
    RULE_KEYS,
    TEST_KEYS,
    TEXT_KEYS,
    WHEN_KEYS,
)
from mailflow.located import Entry, Leaf, Node, Place, Series, Table
from mailflow.yaml_reader import read_yaml

PLACE = Place("rules/a.yaml", 1, 1, "a line")
KEYS = sorted(
    {
        *FILE_KEYS,
        *CATEGORY_KEYS,
        *DEFAULT_KEYS,
        *RULE_KEYS,
        *TEST_KEYS,
        *TEXT_KEYS,
        *WHEN_KEYS,
        "odd",
    }
)
LEAVES = st.builds(
    lambda value: Leaf(value, PLACE),
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 99),
        st.sampled_from(
            ["leave", "triage", "...", "*", "a*b", "<x>", "(a|)", "bully~", "", "5 MB"]
        ),
        st.text(max_size=8),
    ),
)


def _grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    entries = st.builds(lambda key, value: Entry(key, PLACE, value), st.sampled_from(KEYS), inner)
    tables = st.lists(entries, max_size=5, unique_by=lambda entry: entry.key)
    return st.one_of(
        st.lists(inner, max_size=3).map(lambda items: Series(tuple(items), PLACE)),
        tables.map(lambda items: Table(tuple(items), PLACE)),
    )


NODES: st.SearchStrategy[Node] = st.recursive(LEAVES, _grow, max_leaves=25)
GOOD = Path(__file__).parents[4] / "rules" / "good.small_site.yaml"


@settings(deadline=None, max_examples=120)
@given(NODES)
def test_any_content_gives_mistakes_or_a_bundle(node: Node) -> None:
    bundle, mistakes = compile_bundle({"rules/a.yaml": node})
    assert (bundle is None) == any(mistake.severity == "error" for mistake in mistakes)


def _replace_at(node: Node, number: int, new: Node) -> tuple[Node, int]:
    """The node with its ``number``-th part (in depth-first order) replaced, and what is left."""
    if number == 0:
        return new, -1
    number -= 1
    if isinstance(node, Series):
        items = []
        for item in node:
            changed, number = _replace_at(item, number, new) if number >= 0 else (item, number)
            items.append(changed)
        return Series(tuple(items), node.place), number
    if isinstance(node, Table):
        entries = []
        for entry in node:
            value, number = (
                _replace_at(entry.value, number, new) if number >= 0 else (entry.value, number)
            )
            entries.append(Entry(entry.key, entry.place, value))
        return Table(tuple(entries), node.place), number
    return node, number


@settings(deadline=None, max_examples=120)
@given(st.integers(1, 300), NODES)
def test_a_good_file_with_one_part_replaced_never_crashes(number: int, new: Node) -> None:
    node, _ = read_yaml(GOOD.read_text(encoding="utf-8"), "rules/a.yaml")
    assert node is not None
    changed, _ = _replace_at(node, number, new)
    bundle, mistakes = compile_bundle({"rules/a.yaml": changed})
    assert (bundle is None) == any(mistake.severity == "error" for mistake in mistakes)
