from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from mailflow.reporting.case_pdf import write_pdf
from mailflow.reporting.page_fonts import open_page_fonts

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EVERY_SCRIPT = "Zażółć Ελλάδα Привет مرحبا שלום 你好 こんにちは 한국어 हिन्दी ไทย 🎉👩‍👩‍👧\u202e\x00"


def a_document(text: str, *, messages: int = 1) -> dict[str, Any]:
    at = "2026-11-24T09:00:00Z"
    message = {
        "direction": "in",
        "from": "riya.rao@acme.example",
        "at": at,
        "text": text,
        "attachments": [
            {"filename": text[:20], "content_type": "text/plain", "size": 3, "sha256": "ab" * 32}
        ],
    }
    record = {
        "date_received": at,
        "description": text,
        "parties": [{"name": "Riya Rao", "role": "requester"}],
        "actions": [{"at": at, "what": "reply_ordered", "by": "priya.patel@acme.example"}],
        "outcome": None,
        "resolution_date": None,
        "filled": 4,
    }
    clock = {"target": "resolve", "due": at, "met_at": None, "breached": True}
    event = {"at": at, "kind": "case_opened", "actor": "mailflow"}
    return {
        "ref": "HR-7K2Q9M",
        "record": record,
        "messages": [message, {**message, "direction": "note"}] * messages,
        "clocks": [clock],
        "events": [event] * messages,
    }


def write(document: dict[str, Any], *fonts: Path, locale: str = "en") -> bytes:
    return write_pdf(
        document,
        organization="Acme",
        exported_at=NOON,
        exported_by="dana.lead@acme.example",
        locale=locale,
        fonts=fonts,
    )


def count_pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


@pytest.mark.parametrize("text", ["Hello", EVERY_SCRIPT, "", "x" * 20_000, "\n" * 300])
def test_any_text_becomes_pages(text: str) -> None:
    pdf = write(a_document(text))
    assert pdf.startswith(b"%PDF-")
    assert count_pages(pdf) >= 1


@pytest.mark.parametrize(
    ("locale", "language"), [("de-AT", "de"), ("fr", "fr"), ("es", "es"), ("it", "en")]
)
def test_the_pages_are_written_in_the_language_of_the_reader(locale: str, language: str) -> None:
    pdf = write(a_document("Hello"), locale=locale)
    assert f"/Lang ({language})".encode() in pdf
    assert (pdf == write(a_document("Hello"))) == (language == "en")


def test_a_long_case_goes_over_many_pages() -> None:
    assert count_pages(write(a_document("A line.\n" * 40, messages=10))) > 10


def test_the_same_case_at_the_same_time_is_the_same_file() -> None:
    document = a_document(EVERY_SCRIPT)
    assert write(document) == write(document)


def test_a_further_font_of_the_instance_is_used(tmp_path: Path) -> None:
    font = tmp_path / "more.ttf"
    with open_page_fonts() as own:
        shutil.copy(own.regular, font)
    assert write(a_document("Hello"), font).startswith(b"%PDF-")


def test_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    font = tmp_path / "broken.ttf"
    font.write_bytes(b"no font")
    with pytest.raises(OSError, match=r"broken\.ttf"):
        write(a_document("Hello"), font)
