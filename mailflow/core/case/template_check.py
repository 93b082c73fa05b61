"""What is wrong with the templates of an instance, each mistake at its file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import re2

from mailflow.core.case.case import CaseClass
from mailflow.core.case.content import ALWAYS, Template, allowed_fields
from mailflow.core.case.sample_renderings import situations
from mailflow.core.mail.html_safety import find_remote_parts
from mailflow.core.mail.templates import PARTS, TemplateSlipError
from mailflow.errors import Mistake
from mailflow.located import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.core.mail.templates import TemplateSet

_IBAN = r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"
_SOCIAL_SECURITY = r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b"
_IDENTIFIERS: dict[str, Any] = {
    what: re2.compile(pattern)  # type: ignore[no-untyped-call] # the library has no types.
    for what, pattern in (
        ("a bank account (IBAN)", _IBAN),
        ("a social security number", _SOCIAL_SECURITY),
    )
}
_MAILS = tuple(template.value for template in Template)


def find_template_mistakes(templates: TemplateSet) -> tuple[Mistake, ...]:
    """All mistakes of all templates, without repeats, by file and line.

    A file that does not compile hides nothing of the others.
    """
    told = (*templates.mistakes, *_unknown_fields(templates))
    found = {
        *told,
        *_unknown_mails(templates),
        *_failed_renderings(templates, told=told),
        *_remote_parts(templates),
        *_identifiers(templates),
    }
    return tuple(sorted(found))


def _unknown_mails(templates: TemplateSet) -> Iterator[Mistake]:
    for name in templates.mail_names():
        if name not in _MAILS:
            message = unknown_name(name, _MAILS, what="mail")
            yield Mistake(f"templates/{name}", 0, 0, "unknown-mail", message)
    for path in templates.sources:
        folder, _, rest = path.partition("/")
        part = rest.rpartition("/")[2].removesuffix(".j2")
        if rest and folder in _MAILS and part not in PARTS:
            message = unknown_name(part, PARTS, what="part of a mail")
            yield Mistake(f"templates/{path}", 0, 0, "unknown-part", message)


def _unknown_fields(templates: TemplateSet) -> Iterator[Mistake]:
    """Also inside ``{% if … is given %}``, where a misspelt field only ever says nothing."""
    for path in templates.sources:
        known = _fields_of(path)
        for field, line in templates.fields_used(path):
            if field in known:
                continue
            if field in _fields_of(path.replace("subject.txt", "body.txt")):
                message = f'a subject says nothing of a case: "{field}" may not stand in it'
                yield templates.mistake_at(path, line, message, code="subject")
            else:
                message = unknown_name(field, known, what="field")
                yield templates.mistake_at(path, line, message, code="unknown-field", word=field)


def _fields_of(path: str) -> frozenset[str]:
    folder, _, rest = path.partition("/")
    mails = [folder] if folder in _MAILS else _MAILS
    if rest.endswith("subject.txt.j2"):
        return ALWAYS
    return frozenset().union(
        *(allowed_fields(Template(mail), each) for mail in mails for each in CaseClass)
    )


def _failed_renderings(templates: TemplateSet, *, told: tuple[Mistake, ...]) -> Iterator[Mistake]:
    """What only rendering finds, besides what is told already."""
    classes: dict[tuple[str, int, str], set[str]] = {}
    uncompiled = frozenset(mistake.file for mistake in templates.mistakes)
    places = frozenset((mistake.file, mistake.line) for mistake in told)
    for situation in situations(templates):
        try:
            rendered = situation.render(templates)
        except TemplateSlipError as slip:
            if slip.file in uncompiled or (slip.file, slip.line) in places:
                continue
            classes.setdefault((slip.file, slip.line, slip.message), set()).add(
                situation.case_class.value
            )
            continue
        for part, written in (("subject.txt", rendered.subject), ("body.txt", rendered.text)):
            if not written.strip():
                path = templates.choose(situation.template, part, locale=situation.locale)
                message = "nothing comes out: the plain text has to be complete by itself"
                yield Mistake(f"templates/{path}", 0, 0, "empty", message)
    for (file, line, message), where in classes.items():
        yield _explain_slip(templates, file, line=line, message=message, classes=where)


def _explain_slip(
    templates: TemplateSet, file: str, *, line: int, message: str, classes: set[str]
) -> Mistake:
    path = file.removeprefix("templates/")
    field = message.removesuffix(" is undefined").strip("'")
    if field == message or field not in _fields_of(path):
        return templates.mistake_at(path, line, message)
    if classes == {each.value for each in CaseClass}:
        reason = "may be missing"
    else:
        listed = ", ".join(each.value for each in CaseClass if each.value in classes)
        reason = f"is not for the mail of these classes: {listed}"
    said = f'the field "{field}" {reason}; write {{% if {field} is given %}} … {{% endif %}} around'
    return templates.mistake_at(path, line, said, code="field", word=field)


def _remote_parts(templates: TemplateSet) -> Iterator[Mistake]:
    for path, source in templates.sources.items():
        if not path.endswith(".html.j2"):
            continue
        for line, what in find_remote_parts(source):
            message = f"{what}: a mail loads nothing from elsewhere and runs nothing"
            yield templates.mistake_at(path, line, message, code="remote")


def _identifiers(templates: TemplateSet) -> Iterator[Mistake]:
    for path, source in templates.sources.items():
        for number, line in enumerate(source.splitlines(), start=1):
            for what, pattern in _IDENTIFIERS.items():
                for hit in pattern.findall(line):
                    message = f"this looks like {what}: no template holds what identifies a person"
                    yield templates.mistake_at(path, number, message, code="identifier", word=hit)
