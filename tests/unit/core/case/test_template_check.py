from __future__ import annotations

import pytest

from mailflow.core.case.template_check import find_template_mistakes
from mailflow.core.mail.templates import TemplateSet
from mailflow.delivery.template_files import load_templates

SHIPPED = load_templates(None)


def mistakes_with(**changes: str | None) -> list[str]:
    """What is said of the English templates with some files replaced, or taken away by None."""
    sources = {name: text for name, text in SHIPPED.sources.items() if name.count("/") <= 1}
    for name, text in changes.items():
        if text is None:
            del sources[name]
        else:
            sources[name] = text
    found = find_template_mistakes(TemplateSet(sources))
    return [str(mistake).split("\n")[0] for mistake in found]


def test_the_shipped_templates_are_sound_in_every_language() -> None:
    assert find_template_mistakes(SHIPPED) == ()


def test_a_field_held_back_from_some_classes_is_named_with_file_line_and_mend() -> None:
    (said,) = mistakes_with(**{"nudge/body.txt.j2": "Hello\n\n  {{ age }}\n"})
    assert said == (
        'templates/nudge/body.txt.j2:3:6: error[field] the field "age" is not for the '
        "mail of these classes: confidential; write {% if age is given %} … {% endif %} around"
    )


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        ("receipt/body.txt.j2", "Hello {% if %}"),
        ("receipt/body.html.j2", "{{ ref | tirm }}"),
        ("_layout.html.j2", "{% block content %}"),
        ("receipt/body.html.j2", '{% extends "_layuot.html.j2" %}'),
    ],
)
def test_a_file_that_does_not_compile_hides_nothing_and_causes_nothing_else(
    broken: str, text: str
) -> None:
    first, second = sorted(
        mistakes_with(**{broken: text, "acknowledgement/body.txt.j2": "{{ refernce }}"}),
        key=lambda said: broken in said,
    )
    assert "acknowledgement/body.txt.j2:1:4: error[unknown-field]" in first
    assert f"templates/{broken}" in second


def test_a_field_that_may_be_missing_is_named() -> None:
    (said,) = mistakes_with(**{"acknowledgement/body.txt.j2": "You hear from us {{ promise }}."})
    assert 'the field "promise" may be missing' in said


def test_a_field_of_another_mail_is_named_although_it_is_guarded() -> None:
    words = "Hello{% if text is given %}{{ text }}{% endif %}"
    (said,) = mistakes_with(**{"acknowledgement/body.txt.j2": words})
    assert said.startswith("templates/acknowledgement/body.txt.j2:1:")
    assert 'unknown field "text"' in said


def test_a_misspelt_field_names_the_nearest_one() -> None:
    words = "Hello\n{% if promisse is given %}{{ promisse }}{% endif %}"
    (said,) = mistakes_with(**{"acknowledgement/de/body.txt.j2": words})
    assert said.startswith("templates/acknowledgement/de/body.txt.j2:2:7: error[unknown-field]")
    assert 'did you mean "promise"?' in said


@pytest.mark.parametrize("field", ["text", "category_words", "writer"])
def test_a_subject_may_say_nothing_of_the_case(field: str) -> None:
    words = f"Case: {{% if {field} is given %}}{{{{ {field} }}}}{{% endif %}}"
    (said,) = mistakes_with(**{"notification/subject.txt.j2": words})
    assert f'error[subject] a subject says nothing of a case: "{field}"' in said


def test_what_a_mail_sets_and_imports_itself_is_no_field() -> None:
    words = "{% set hi = 'Hello' %}{% for a in links %}{{ loop.index }}{% endfor %}{{ hi }}"
    assert mistakes_with(**{"acknowledgement/body.txt.j2": words}) == []


def test_a_missing_part_is_named() -> None:
    (said,) = mistakes_with(**{"nudge/body.txt.j2": None})
    assert said.startswith("templates/nudge/body.txt.j2: error[template] this file is missing")


def test_a_mail_that_nobody_sends_is_named_with_the_nearest_one() -> None:
    (said,) = mistakes_with(**{"nudges/body.txt.j2": "Hello"})
    assert (
        said == 'templates/nudges: error[unknown-mail] unknown mail "nudges", did you mean "nudge"?'
    )


def test_a_part_that_no_mail_has_is_named() -> None:
    (said,) = mistakes_with(**{"nudge/it/body.text.j2": "Ciao"})
    assert 'unknown part of a mail "body.text", did you mean "body.txt"?' in said


def test_html_that_loads_something_is_named_with_its_line() -> None:
    html = SHIPPED.sources["_layout.html.j2"].replace(
        "<body>", '<body>\n<img src="https://acme.example/logo.png">'
    )
    line = html.split("\n").index('<img src="https://acme.example/logo.png">') + 1
    (said,) = mistakes_with(**{"_layout.html.j2": html})
    assert said.startswith(f"templates/_layout.html.j2:{line}:1: error[remote] src= of <img>")


def test_a_plain_text_that_says_nothing_is_named() -> None:
    (said,) = mistakes_with(**{"challenge/body.txt.j2": "{# nothing #}\n"})
    assert said.startswith("templates/challenge/body.txt.j2: error[empty]")


@pytest.mark.parametrize(
    "number", ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "078-05-1120"]
)
def test_a_number_that_identifies_somebody_is_named(number: str) -> None:
    (said,) = mistakes_with(**{"challenge/body.txt.j2": f"Hello\nQuote {number} when you call"})
    assert said.startswith("templates/challenge/body.txt.j2:2:7: error[identifier]")


def test_a_reference_or_a_telephone_number_identifies_nobody() -> None:
    words = "HR-7K2Q9M, +49 30 901820 112, 2026-11-25, 555-0199"
    assert mistakes_with(**{"challenge/body.txt.j2": words}) == []


def test_all_mistakes_come_at_once_in_the_order_of_files() -> None:
    found = mistakes_with(
        **{"nudge/body.txt.j2": "{{ stepp }}\n{{ agee }}", "alert/subject.txt.j2": "{{ what }}"}
    )
    files = [said.split(":")[0] for said in found]
    assert files == sorted(files)
    assert any("alert/subject.txt.j2:1" in said and "[subject]" in said for said in found)
    assert any('"agee"' in said for said in found)
    assert any('"stepp"' in said for said in found)
