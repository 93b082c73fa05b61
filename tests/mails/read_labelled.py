"""The invented mails with the answer an experienced HR person gives. Reads and checks them.

The mails of ``tune`` may be looked at while rules are written; those of ``held_out`` and
``validation`` may not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from mailflow.core.case.case import CATEGORY_RANK, Risk
from mailflow.errors import InvalidFilesError, Mistake
from mailflow.located import Leaf, Node, Series, Table, plain, unknown_name
from mailflow.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LABELLED = Path(__file__).parent / "labelled"

FLAGS = frozenset({
    "imminent_danger", "legal_threat", "executive_involved", "retaliation", "medical_data",
    "bank_change", "data_request", "named_hr", "union", "minor",
})  # fmt: skip
SENDER_KEYS = frozenset({"in_directory", "title", "executive", "domain", "automatic"})
_REQUIRED = frozenset({
    "id", "language", "subject", "text", "category", "risk", "sensitive", "trap",
})  # fmt: skip
_KEYS = _REQUIRED | {"quoted", "sender", "acceptable", "flags"}


class Split(StrEnum):
    TUNE = "tune"
    HELD_OUT = "held_out"
    VALIDATION = "validation"


class Trap(StrEnum):
    """What makes the mail hard; the strongest one when there are several."""

    NONE = "none"
    NEAR_MISS = "near_miss"
    ALARMING_WORDS = "alarming_words"
    QUOTATION = "quotation"
    MIXED_TOPICS = "mixed_topics"
    INDIRECT = "indirect"
    RAMBLING = "rambling"
    TYPOS = "typos"
    TERSE = "terse"
    ON_BEHALF = "on_behalf"
    AUTOMATIC = "automatic"
    DICTATED = "dictated"


@dataclass(frozen=True)
class LabelledMail:
    """``text`` is the new text, ``quoted`` what the writer quoted below it.

    ``category`` is the best answer, ``acceptable`` are others that do no harm. ``risk`` is how
    the mail must be handled at least; a lower one is a mistake, a higher one a false alarm.
    ``sensitive``: it may not lie where everybody in HR reads it. ``sender`` holds SENDER_KEYS;
    what is absent is an employee writing from the company's own domain.
    """

    id: str
    theme: str
    split: Split
    language: str
    subject: str
    text: str
    category: str
    risk: Risk
    is_sensitive: bool
    trap: Trap
    quoted: str = ""
    acceptable: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    sender: Mapping[str, object] = field(default_factory=dict)

    def accepts(self, category: str) -> bool:
        return category == self.category or category in self.acceptable


def read_labelled(split: Split, folder: Path = LABELLED) -> tuple[LabelledMail, ...]:
    """All mails of one split, by theme. Raises InvalidFilesError with every mistake at once."""
    mails: list[LabelledMail] = []
    mistakes: list[Mistake] = []
    for path in sorted((folder / split).glob("*.yaml")):
        name = f"{split}/{path.name}"
        root, found = read_yaml(path.read_text(encoding="utf-8"), name)
        mistakes.extend(found)
        entries = root.get("mails") if isinstance(root, Table) else None
        if not isinstance(entries, Series):
            mistakes.append(Mistake(name, 1, 1, "shape", 'the file must be a list under "mails:"'))
            continue
        for item in entries:
            wrong = tuple(_mistakes_in(item))
            mistakes.extend(wrong)
            if not wrong and isinstance(item, Table):
                mails.append(_mail(item, theme=path.stem, split=split))
    if mistakes:
        raise InvalidFilesError(tuple(mistakes))
    return tuple(mails)


def _mistakes_in(item: Node) -> Iterable[Mistake]:
    if not isinstance(item, Table):
        yield item.place.mistake("shape", "a mail is a mapping")
        return
    for entry in item:
        if entry.key not in _KEYS:
            yield entry.place.mistake("unknown-key", unknown_name(entry.key, _KEYS, what="key"))
    for key in sorted(_REQUIRED - {entry.key for entry in item}):
        yield item.place.mistake("missing-key", f'"{key}" is missing')
    yield from _unknown(item, "category", CATEGORY_RANK)
    yield from _unknown(item, "acceptable", CATEGORY_RANK)
    yield from _unknown(item, "risk", Risk)
    yield from _unknown(item, "trap", Trap)
    yield from _unknown(item, "flags", FLAGS)
    yield from _unknown(item, "sensitive", ("true", "false"))
    sender = item.get("sender")
    if isinstance(sender, Table):
        for entry in sender:
            if entry.key not in SENDER_KEYS:
                text = unknown_name(entry.key, SENDER_KEYS, what="sender key")
                yield entry.place.mistake("unknown-key", text)


def _unknown(item: Table, key: str, known: Iterable[str]) -> Iterable[Mistake]:
    names = tuple(str(name) for name in known)
    node = item.get(key)
    leaves = node.items if isinstance(node, Series) else () if node is None else (node,)
    for leaf in leaves:
        word = _word(leaf)
        if word not in names:
            yield leaf.place.mistake(f"unknown-{key}", unknown_name(word, names, what=key))


def _word(node: Node) -> str:
    value = node.value if isinstance(node, Leaf) else ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _mail(item: Table, *, theme: str, split: Split) -> LabelledMail:
    sender = item.get("sender")
    return LabelledMail(
        id=_text(item, "id"),
        theme=theme,
        split=split,
        language=_text(item, "language"),
        subject=_text(item, "subject"),
        text=_text(item, "text"),
        category=_text(item, "category"),
        risk=Risk(_text(item, "risk")),
        is_sensitive=_text(item, "sensitive") == "true",
        trap=Trap(_text(item, "trap")),
        quoted=_text(item, "quoted"),
        acceptable=_words(item, "acceptable"),
        flags=frozenset(_words(item, "flags")),
        sender={entry.key: plain(entry.value) for entry in sender}
        if isinstance(sender, Table)
        else {},
    )


def _text(item: Table, key: str) -> str:
    node = item.get(key)
    return "" if node is None else _word(node)


def _words(item: Table, key: str) -> tuple[str, ...]:
    node = item.get(key)
    return tuple(_word(leaf) for leaf in node) if isinstance(node, Series) else ()
