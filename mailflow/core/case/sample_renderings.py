"""Every mail in every class, locale and situation, given only what the content matrix allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.case.case import CaseClass
from mailflow.core.case.content import Template, allowed_fields
from mailflow.core.mail.sample_mails import Sample, sample_mails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.core.mail.templates import Rendered, TemplateSet

DEFAULT_LOCALE = "en"


@dataclass(frozen=True)
class Situation:
    """One mail as one recipient might get it, named for a file: ``nudge.er.de.80%``."""

    template: Template
    case_class: CaseClass
    locale: str
    sample: Sample

    @property
    def name(self) -> str:
        return f"{self.template}.{self.case_class}.{self.locale}.{self.sample.name}"

    def render(self, templates: TemplateSet) -> Rendered:
        """Raises TemplateSlipError as TemplateSet.render does."""
        return templates.render(self.template, locale=self.locale, context=self.sample.context)


def situations(templates: TemplateSet) -> Iterator[Situation]:
    """In the order of mails, locales, classes and situations."""
    for template in Template:
        locales = {locale or DEFAULT_LOCALE for locale in templates.locales(template)}
        for locale in sorted(locales | {DEFAULT_LOCALE}):
            samples = sample_mails(template, locale=locale)
            for case_class in CaseClass:
                allowed = allowed_fields(template, case_class)
                for sample in samples:
                    context = {
                        name: value for name, value in sample.context.items() if name in allowed
                    }
                    yield Situation(template, case_class, locale, Sample(sample.name, context))
