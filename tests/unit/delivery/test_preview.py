from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mailflow.core.case.content import Template
from mailflow.delivery.preview import write_preview
from mailflow.delivery.template_files import load_templates

if TYPE_CHECKING:
    from pathlib import Path


def test_the_index_links_every_file_and_every_mail_is_there(tmp_path: Path) -> None:
    index = write_preview(load_templates(None), tmp_path / "deep" / "preview")
    linked = set(re.findall(r'href="([^"]+)"', index.read_text(encoding="utf-8")))
    written = {path.name for path in index.parent.iterdir()} - {"index.html"}
    assert linked == written
    for template in Template:
        assert any(name.startswith(f"{template}.low.en.") for name in written)


def test_a_text_file_begins_with_the_subject(tmp_path: Path) -> None:
    write_preview(load_templates(None), tmp_path)
    text = (tmp_path / "challenge.low.en.held-mail.txt").read_text(encoding="utf-8")
    assert text.startswith("Subject: Did you send this mail to hr@acme.example?\n\nHello,")
