from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from mailflow.core.case.commands import Outcome
from mailflow.core.case.events import EventKind
from mailflow.core.case.record import Record
from mailflow.core.mail.words import vocabulary
from mailflow.core.mail.words.case_file import CASE_FILE
from mailflow.reporting.case_export import write_html

AT = "2026-11-24T09:00:00Z"
DOCUMENT: dict[str, Any] = {
    "ref": "HR-7K2Q9M",
    "record": {
        "date_received": AT,
        "description": "Pay <b>",
        "parties": [{"name": "Riya Rao", "role": "requester"}, {"name": "X", "role": "named"}],
        "actions": [{"at": AT, "what": "reply_ordered", "by": "priya.patel@acme.example"}],
        "outcome": "no_action",
        "resolution": "paid in November",
        "resolution_date": None,
        "filled": 5,
    },
    "messages": [
        {"direction": "in", "from": "riya.rao@acme.example", "at": AT, "text": "Hi",
         "attachments": [{"filename": "pay.pdf", "content_type": "x", "size": 2400,
                          "sha256": "ab"}]},
        {"direction": "note", "addendum": True, "from": "p@acme.example", "at": AT, "text": "Later",
         "attachments": []},
    ],
    "clocks": [{"target": "resolve", "due": AT, "met_at": None, "breached": True}],
    "events": [{"at": AT, "kind": "case_opened", "actor": "mailflow"}],
}  # fmt: skip
SAID = {
    "en": ("Case file HR-7K2Q9M", "Parties involved", "Riya Rao (requester)", "X (named)",
           "Answer written", "no action needed: paid in November", "missing", "2 kB",
           "Addendum to the closed record", "due 2026-11-24 09:00 UTC, missed", "Case opened"),
    "de": ("Fallakte HR-7K2Q9M", "Beteiligte", "Riya Rao (meldende Person)", "X (genannt)",
           "Antwort geschrieben", "nichts zu tun: paid in November", "fehlt",
           "Nachtrag zur abgeschlossenen Akte", "fällig 2026-11-24 09:00 UTC, verpasst",
           "Fall eröffnet", "Dokumentation 5 von 6"),
    "fr": ("Dossier HR-7K2Q9M", "Mesures prises", "X (personne citée)", "Dossier ouvert",
           "Réponse rédigée", "aucune mesure nécessaire: paid in November", "manque",
           "échéance 2026-11-24 09:00 UTC, dépassé", "Ajout au dossier clos"),
    "es": ("Expediente HR-7K2Q9M", "Medidas tomadas", "X (persona nombrada)", "Caso abierto",
           "Respuesta escrita", "sin medidas necesarias: paid in November", "falta",
           "vence 2026-11-24 09:00 UTC, incumplido", "Añadido al expediente cerrado"),
}  # fmt: skip


def write(locale: str) -> str:
    return write_html(
        DOCUMENT, organization="Acme", exported_at="2026-11-24", by="dana", locale=locale
    )


@pytest.mark.parametrize("locale", ["en", "de-AT", "fr", "es"])
def test_headings_and_labels_are_in_the_language_of_the_reader(locale: str) -> None:
    page = unescape(write(locale))
    for words in SAID[locale[:2]]:
        assert words in page, words
    assert f"<html lang='{locale[:2]}'>" in page


def test_what_people_wrote_stays_text() -> None:
    assert "Pay &lt;b&gt;" in write("en")


@pytest.mark.parametrize("language", sorted(CASE_FILE))
def test_every_event_outcome_and_field_has_its_words(language: str) -> None:
    said = CASE_FILE[language]
    assert set(said.events) == {kind.value for kind in EventKind}
    assert set(said.outcomes) == {outcome.value for outcome in Outcome}
    assert set(vocabulary(language).fields) < set(Record.__dataclass_fields__)
