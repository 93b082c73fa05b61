from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.content import Template
from mailflow.core.mail.sample_mails import sample_mails
from mailflow.delivery.template_files import LARGEST_FILE_BYTES, load_templates
from mailflow.errors import InvalidFilesError

if TYPE_CHECKING:
    from pathlib import Path

    from mailflow.core.mail.templates import Rendered, TemplateSet


def write_template(home: Path, name: str, text: str) -> None:
    path = home / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def render(templates: TemplateSet, *, locale: str = "en") -> Rendered:
    context = sample_mails("challenge", locale=locale)[0].context
    return templates.render("challenge", locale=locale, context=context)


def test_without_an_instance_the_shipped_mails_are_loaded() -> None:
    assert set(load_templates(None).mail_names()) == set(Template)


def test_an_instance_without_templates_has_the_shipped_ones(tmp_path: Path) -> None:
    assert load_templates(tmp_path).sources == load_templates(None).sources


def test_a_file_of_the_instance_shadows_the_shipped_one(tmp_path: Path) -> None:
    write_template(tmp_path, "challenge/subject.txt.j2", "Is it you?")
    templates = load_templates(tmp_path)
    assert render(templates).subject == "Is it you?"
    assert render(templates).text == render(load_templates(None)).text


def test_html_shows_the_instances_text_where_only_the_text_was_changed(tmp_path: Path) -> None:
    write_template(tmp_path, "challenge/body.txt.j2", "Is it you, <{{ address }}>?\n\nHR")
    html = render(load_templates(tmp_path)).html
    assert "Is it you, &lt;hr@acme.example&gt;?<br><br>HR</div>" in html
    assert "Did you send" not in html
    assert '<html lang="en"' in html


def test_an_unchanged_copy_of_the_shipped_html_does_not_hide_the_changed_text(
    tmp_path: Path,
) -> None:
    shipped = load_templates(None).sources
    write_template(tmp_path, "challenge/body.txt.j2", "Is it you?")
    write_template(tmp_path, "challenge/body.html.j2", shipped["challenge/body.html.j2"])
    assert "Is it you?" in render(load_templates(tmp_path)).html


def test_the_instances_own_html_is_kept(tmp_path: Path) -> None:
    write_template(tmp_path, "challenge/body.txt.j2", "Is it you?")
    write_template(tmp_path, "challenge/body.html.j2", "<p>Really you?</p>")
    html = render(load_templates(tmp_path)).html
    assert "Really you?" in html
    assert "Is it you?" not in html


def test_a_new_language_needs_one_file(tmp_path: Path) -> None:
    write_template(tmp_path, "challenge/it/body.txt.j2", "È stato lei?")
    rendered = render(load_templates(tmp_path), locale="it-CH")
    assert rendered.text == "È stato lei?\n"
    assert "È stato lei?" in rendered.html
    assert '<html lang="it"' in rendered.html


def test_a_byte_order_mark_of_an_editor_is_no_word(tmp_path: Path) -> None:
    write_template(tmp_path, "challenge/body.txt.j2", "\ufeffHello")
    assert render(load_templates(tmp_path)).text == "Hello\n"


def test_files_that_cannot_be_read_are_named_all_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "nudge"
    folder.mkdir(parents=True)
    (folder / "body.txt.j2").write_bytes("Grüße".encode("latin-1"))
    (folder / "body.html.j2").write_bytes(b"x" * (LARGEST_FILE_BYTES + 1))
    with pytest.raises(InvalidFilesError) as caught:
        load_templates(tmp_path)
    assert [(mistake.file, mistake.message) for mistake in caught.value.mistakes] == [
        ("templates/nudge/body.html.j2", "is larger than 256 KiB"),
        ("templates/nudge/body.txt.j2", "is not UTF-8 (byte 2): save it as UTF-8"),
    ]


def test_a_folder_with_the_name_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "templates" / "nudge" / "body.txt.j2").mkdir(parents=True)
    with pytest.raises(InvalidFilesError, match=r"nudge/body\.txt\.j2: .*cannot be read"):
        load_templates(tmp_path)


def test_a_template_that_does_not_compile_is_named_with_its_line(tmp_path: Path) -> None:
    write_template(tmp_path, "nudge/body.txt.j2", "Hello\n{% if step %}")
    with pytest.raises(InvalidFilesError, match=r"^templates/nudge/body\.txt\.j2:2:"):
        load_templates(tmp_path)
