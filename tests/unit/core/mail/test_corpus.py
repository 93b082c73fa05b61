"""Every mail of the corpus is read as the file beside it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mailflow.core.mail.message import as_json
from mailflow.core.mail.parse import parse_message

CORPUS = Path(__file__).parents[3] / "corpus"
EXPECTATIONS = sorted(CORPUS.rglob("*.json"))


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(EXPECTATIONS) >= 250


def test_no_mail_of_the_corpus_is_without_expectation() -> None:
    mails = {path.with_suffix("") for path in CORPUS.rglob("*.eml")}
    assert mails == {path.with_suffix("") for path in EXPECTATIONS}


@pytest.mark.parametrize(
    "path", EXPECTATIONS, ids=lambda path: str(path.relative_to(CORPUS).with_suffix(""))
)
def test_mail_is_read_as_expected(path: Path) -> None:
    raw = path.with_suffix(".eml").read_bytes()
    message = as_json(parse_message(raw, trusted_authserv_id="mx.acme.example"))
    expected = json.loads(path.read_text(encoding="utf-8"))
    assert differences(expected, message) == []


def differences(expected: Any, found: Any, place: str = "") -> list[str]:
    """Where the expectation, a subset of the contract, does not hold."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            line
            for key, value in expected.items()
            for line in _compare_key(key, value, found, place)
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for n, (one, two) in pairs for line in differences(one, two, f"{place}[{n}]")]
    return [] if expected == found else [f"{place}: expected {expected!r}, found {found!r}"]


def _compare_key(key: str, value: Any, found: dict[str, Any], place: str) -> list[str]:
    if key == "text_contains":
        return [f"text lacks {words!r}" for words in value if words not in found["text"]]
    if key == "text_lacks":
        return [f"text has {words!r}" for words in value if words in found["text"]]
    if key == "problems_include":
        return [f"problems lack {code}" for code in value if code not in found["problems"]]
    return differences(value, found.get(key, "<missing>"), f"{place}.{key}")
