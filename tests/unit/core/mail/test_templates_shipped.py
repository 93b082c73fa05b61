"""What holds for every shipped mail, in every class, language and situation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from mailflow.core.case.case import CaseClass
from mailflow.core.case.content import Template, allowed_fields
from mailflow.core.case.sample_renderings import Situation, situations
from mailflow.core.mail.html_safety import find_remote_parts
from mailflow.core.mail.sample_mails import sample_mails
from mailflow.delivery.template_files import load_templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.core.mail.templates import Rendered

SHIPPED = load_templates(None)
ALL = tuple(situations(SHIPPED))
CANARY = "canary4711"
LONGEST_LINE_IN_LISTS = 200
MOST_LABEL_WORDS = 3
"""A heading of the HTML is a sentence in the text, and sender and time need no label there."""

GROUPS = sorted({(situation.template.value, situation.locale) for situation in ALL})
every_mail = pytest.mark.parametrize(("mail", "locale"), GROUPS)


def _rendered(mail: str, locale: str) -> Iterator[tuple[Situation, Rendered]]:
    for situation in ALL:
        if (situation.template, situation.locale) == (mail, locale):
            yield situation, situation.render(SHIPPED)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r"mailto:\S+", "", text).casefold()))


@every_mail
def test_the_plain_text_says_all_that_the_html_says(mail: str, locale: str) -> None:
    for situation, rendered in _rendered(mail, locale):
        soup = BeautifulSoup(rendered.html, "lxml")
        for hidden in soup.select("head, .first-words"):
            hidden.decompose()
        differing = _words(soup.get_text(" ")) ^ _words(rendered.text)
        assert len(differing) <= MOST_LABEL_WORDS, (situation.name, differing)
        links = {link["href"] for link in soup.select("a[href]")}
        assert links == set(re.findall(r"mailto:\S+", rendered.text)), situation.name


@every_mail
def test_a_mail_loads_nothing_from_elsewhere(mail: str, locale: str) -> None:
    for situation, rendered in _rendered(mail, locale):
        assert find_remote_parts(rendered.html) == (), situation.name


@every_mail
def test_a_mail_names_its_language_for_those_who_hear_it(mail: str, locale: str) -> None:
    for situation, rendered in _rendered(mail, locale):
        assert f'<html lang="{locale}"' in rendered.html, situation.name


@every_mail
def test_the_first_words_of_the_html_are_neutral_and_fill_the_list_of_mails(
    mail: str, locale: str
) -> None:
    for situation, rendered in _rendered(mail, locale):
        soup = BeautifulSoup(rendered.html, "lxml")
        hidden = soup.select_one("body > .page > div:first-child")
        assert hidden is not None, situation.name
        assert _words(hidden.get_text()) in ({"hr", "7k2q9m"}, {"acme"}), situation.name
        assert len(hidden.get_text()) > LONGEST_LINE_IN_LISTS


@pytest.mark.parametrize("locale", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("mail", ["acknowledgement", "notification", "nudge", "receipt", "reply"])
def test_one_case_is_one_thread_because_its_subject_never_changes(mail: str, locale: str) -> None:
    subjects = {
        situation.render(SHIPPED).subject
        for situation in ALL
        if (situation.template, situation.locale) == (mail, locale)
    }
    assert subjects == {"HR case HR-7K2Q9M"}


@every_mail
def test_a_subject_says_nothing_of_the_class(mail: str, locale: str) -> None:
    by_class: dict[str, set[str]] = {}
    for situation, rendered in _rendered(mail, locale):
        by_class.setdefault(situation.case_class, set()).add(rendered.subject)
    assert len(by_class) == len(CaseClass)
    assert len({frozenset(subjects) for subjects in by_class.values()}) == 1


HELD_BACK = [
    (Template.ACKNOWLEDGEMENT, CaseClass.ER, "category_words greeting_name"),
    (Template.ACKNOWLEDGEMENT, CaseClass.CONFIDENTIAL, "category_words greeting_name"),
    (Template.NOTIFICATION, CaseClass.ER, "subject"),
    (
        Template.NOTIFICATION,
        CaseClass.CONFIDENTIAL,
        "text writer subject category_words risk_words owner_name why warnings attachments due",
    ),
    (Template.NUDGE, CaseClass.ER, "category_words owner_name target_words"),
    (Template.NUDGE, CaseClass.CONFIDENTIAL, "category_words owner_name target_words age"),
    (Template.ESCALATION, CaseClass.ER, "category_words owner_name due"),
    (Template.ESCALATION, CaseClass.CONFIDENTIAL, "category_words owner_name age due"),
]


def _mail_with_canary(template: Template, case_class: CaseClass, field: str, locale: str) -> str:
    sample = sample_mails(template, locale=locale)[0]
    listed: dict[str, Any] = {
        "why": (CANARY,),
        "warnings": (CANARY,),
        "attachments": ({"name": CANARY, "size": "1 kB"},),
        "due": ({"what": CANARY, "when": "Wednesday"},),
    }
    context = {**sample.context, field: listed.get(field, CANARY)}
    allowed = allowed_fields(template, case_class)
    rendered = SHIPPED.render(
        template,
        locale=locale,
        context={name: value for name, value in context.items() if name in allowed},
    )
    return f"{rendered.subject}\n{rendered.text}\n{rendered.html}"


@pytest.mark.parametrize("locale", ["en", "de", "fr", "es"])
@pytest.mark.parametrize(
    ("template", "case_class", "field"),
    [(mail, case_class, field) for mail, case_class, names in HELD_BACK for field in names.split()],
)
def test_a_sensitive_mail_does_not_say(
    template: Template, case_class: CaseClass, field: str, locale: str
) -> None:
    assert CANARY not in _mail_with_canary(template, case_class, field, locale)
    # Where it may be said, it is: else this test could not fail.
    assert CANARY in _mail_with_canary(template, CaseClass.LOW, field, locale)


@pytest.mark.parametrize("mail", ["notification", "reply"])
def test_hostile_words_stay_words(mail: str) -> None:
    hostile = "</div><script>alert(1)</script><img src=https://evil.example/x>{{ 7*7 }}"
    sample = sample_mails(mail, locale="en")[0]
    rendered = SHIPPED.render(mail, locale="en", context={**sample.context, "text": hostile})
    assert find_remote_parts(rendered.html) == ()
    assert "{{ 7*7 }}" in rendered.html
    assert hostile in rendered.text


@pytest.mark.parametrize("locale", ["en", "de", "fr", "es"])
def test_an_acknowledgement_repeats_nothing_of_what_was_written(locale: str) -> None:
    for each in ("text", "subject", "writer"):
        for case_class in CaseClass:
            assert each not in allowed_fields(Template.ACKNOWLEDGEMENT, case_class)
    assert CANARY not in _mail_with_canary(Template.ACKNOWLEDGEMENT, CaseClass.LOW, "text", locale)
