from __future__ import annotations

import pytest

from mailflow.core.mail.sample_mails import sample_mails
from mailflow.core.mail.templates import TemplateSet, TemplateSlipError


def make_set(**changes: str) -> TemplateSet:
    sources = {
        "note/subject.txt.j2": "HR case {{ ref }}",
        "note/body.txt.j2": "{{ text }}",
        "note/body.html.j2": "<p>{{ text }}</p>",
    }
    named = {name.replace("__", "/").replace("_j2", ".j2"): text for name, text in changes.items()}
    return TemplateSet(sources | named)


def render_text(template: str, **context: object) -> str:
    return make_set(**{"note__body.txt_j2": template}).render_part(
        "note", "body.txt", locale="en", context=context
    )


def test_words_from_outside_are_never_run_as_a_template() -> None:
    hostile = "{{ ref }} {% raw %}"
    rendered = make_set().render("note", locale="en", context={"ref": "HR-1", "text": hostile})
    assert rendered.text == "{{ ref }} {% raw %}\n"


def test_words_from_outside_are_escaped_in_html_and_whole_in_text() -> None:
    context = {"ref": "HR-1", "text": "<img src=x onerror=a()> & \"'"}
    rendered = make_set().render("note", locale="en", context=context)
    assert "&lt;img src=x" in rendered.html
    assert "<img" not in rendered.html
    assert rendered.text == "<img src=x onerror=a()> & \"'\n"


def test_a_subject_is_one_line() -> None:
    context = {"ref": "HR-1\r\nBcc: eve@example.com", "text": ""}
    subject = make_set().render("note", locale="en", context=context).subject
    assert subject == "HR case HR-1 Bcc: eve@example.com"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("de-AT", "Servus"),
        ("de-CH", "Hallo"),
        ("de_DE", "Hallo"),
        ("DE", "Hallo"),
        ("it", "Hello"),
        ("", "Hello"),
        ("../de", "Hello"),
    ],
)
def test_the_nearest_locale_is_taken(locale: str, expected: str) -> None:
    templates = TemplateSet(
        {
            "note/body.txt.j2": "Hello",
            "note/de/body.txt.j2": "Hallo",
            "note/de-AT/body.txt.j2": "Servus",
        }
    )
    assert templates.render_part("note", "body.txt", locale=locale, context={}) == expected


def test_the_locales_of_a_mail_are_those_with_a_text() -> None:
    templates = TemplateSet(
        {"note/body.txt.j2": "", "note/de/body.txt.j2": "", "note/fr/subject.txt.j2": ""}
    )
    assert templates.locales("note") == ("", "de")


def test_a_missing_part_is_named() -> None:
    with pytest.raises(TemplateSlipError, match=r"^templates/note/body\.txt\.j2: .*missing"):
        TemplateSet({}).render_part("note", "body.txt", locale="en", context={})


def test_a_field_that_is_held_back_is_named_with_its_line() -> None:
    with pytest.raises(TemplateSlipError) as caught:
        render_text("Hello\n\n{{ text }}")
    assert (caught.value.file, caught.value.line) == ("templates/note/body.txt.j2", 3)
    assert caught.value.message == "'text' is undefined"


def test_the_line_of_a_slip_is_that_of_the_included_file() -> None:
    templates = TemplateSet(
        {"note/body.txt.j2": "\n\n{% include '_foot.txt.j2' %}", "_foot.txt.j2": "\n{{ who }}"}
    )
    with pytest.raises(TemplateSlipError) as caught:
        templates.render_part("note", "body.txt", locale="en", context={})
    assert (caught.value.file, caught.value.line) == ("templates/_foot.txt.j2", 2)


def test_a_slip_quotes_nobodys_words() -> None:
    with pytest.raises(TemplateSlipError) as caught:
        render_text("{{ text + 1 }}", text="my secret")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "template",
    [
        "{{ text.__class__.__mro__ }}",
        "{{ text.format(1) }}",
        "{{ text.upper() }}",
        "{{ 'x' * 10 ** 10 }}",
        "{{ 'x' * 100000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%99999999d' % 1 }}",
        "{{ lines.append(1) }}",
        "{% for a in range(9) %}{% endfor %}",
        "{{ cycler('a') }}",
    ],
)
def test_a_template_cannot_run_code_or_grow_without_bounds(template: str) -> None:
    with pytest.raises(TemplateSlipError):
        render_text(template, text="words", lines=["a"])


@pytest.mark.parametrize("name", ["safe", "format", "attr", "map", "center", "xmlattr", "tojson"])
def test_a_filter_that_breaks_out_is_refused_when_loading(name: str) -> None:
    templates = make_set(**{"note__body.html_j2": f"{{{{ text | {name} }}}}"})
    assert [f'"{name}"' in one.message for one in templates.mistakes] == [True]


def test_a_filter_inside_a_condition_is_checked_when_loading_too() -> None:
    condition = "\n{% if ref %}{{ text | line_break }}{% endif %}"
    (mistake,) = make_set(**{"note__body.html_j2": condition}).mistakes
    assert 'did you mean "line_breaks"' in mistake.message


def test_output_beyond_one_mebibyte_is_refused() -> None:
    with pytest.raises(TemplateSlipError, match="1 MiB"):
        render_text(
            "{% for a in lines %}{{ text }}{% endfor %}", text="x" * 10_000, lines=[1] * 200
        )


def test_small_sums_are_allowed() -> None:
    assert render_text("{{ copied * 2 + 7 % 4 }}", copied=3) == "9"


def test_every_file_that_does_not_compile_is_named_at_once() -> None:
    templates = TemplateSet(
        {"a/body.txt.j2": "\n{% if %}", "b/body.txt.j2": "{{ x", "c/body.txt.j2": ""}
    )
    places = [(mistake.file, mistake.line) for mistake in templates.mistakes]
    assert places == [("templates/a/body.txt.j2", 2), ("templates/b/body.txt.j2", 1)]


def test_every_unknown_word_of_a_file_is_named_at_once() -> None:
    templates = TemplateSet({"a/body.txt.j2": "{{ x | tirm }}\n{{ y | uper }}{% extends 'no' %}"})
    said = "\n".join(str(mistake) for mistake in templates.mistakes)
    assert 'did you mean "trim"' in said
    assert 'did you mean "upper"' in said
    assert 'unknown template "no"' in said


def test_a_layout_that_is_missing_is_named_with_the_nearest_one() -> None:
    templates = TemplateSet(
        {"a/body.html.j2": '{% extends "_layuot.html.j2" %}', "_layout.html.j2": ""}
    )
    (mistake,) = templates.mistakes
    assert 'did you mean "_layout.html.j2"' in mistake.message


@pytest.mark.parametrize("nothing", [None, "", (), 0, False])
def test_a_field_without_content_is_not_given(nothing: object) -> None:
    assert render_text("{% if text is given %}yes{% else %}no{% endif %}", text=nothing) == "no"


def test_a_field_that_is_held_back_is_not_given() -> None:
    assert render_text("{% if text is given %}yes{% else %}no{% endif %}") == "no"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028"])
def test_every_line_of_foreign_words_is_marked(line_end: str) -> None:
    text = f"Hi{line_end}-- {line_end}HR Support: send us your password"
    assert render_text("{{ text | mark_lines }}", text=text) == (
        "| Hi\n| --\n| HR Support: send us your password"
    )


def test_line_breaks_escape_what_they_break() -> None:
    templates = make_set(**{"note__body.html_j2": "{{ text | line_breaks }}"})
    html = templates.render_part("note", "body.html", locale="en", context={"text": "<b>\r\n&"})
    assert html == "&lt;b&gt;<br>&amp;"


def test_styles_stand_inline_and_dark_mode_stays_in_the_head() -> None:
    style = "<style>p{color:red}@media (prefers-color-scheme: dark){p{color:blue}}</style>"
    templates = make_set(
        **{"note__body.html_j2": f"<html><head>{style}</head><body><p>x</p></body></html>"}
    )
    html = templates.render("note", locale="en", context={"ref": "", "text": "x"}).html
    assert '<p style="color: red;">' in html
    assert "@media (prefers-color-scheme: dark)" in html


@pytest.mark.parametrize(
    "control", ["\u202e", "\u2066", "\u2069", "\ufeff", "\x1b", "\x00", "\x9b"]
)
@pytest.mark.parametrize("part", ["body.txt", "body.html"])
def test_controls_that_turn_words_around_or_steer_a_terminal_are_dropped(
    control: str, part: str
) -> None:
    context = {"text": f"invoice{control}fdp.exe", "ref": "HR-1"}
    shown = make_set().render_part("note", part, locale="en", context=context)
    assert "invoicefdp.exe" in shown


def test_marks_that_right_to_left_writing_needs_are_kept() -> None:
    assert render_text("{{ text }}", text="\u200fשלום\u200e\tok\n") == "\u200fשלום\u200e\tok\n"


def test_an_unknown_mail_has_no_samples() -> None:
    assert sample_mails("greeting", locale="en") == ()
