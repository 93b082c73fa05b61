"""Jinja templates as values: text in, text out. Mail text is only ever data here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from css_inline import CSSInliner
from jinja2 import TemplateError, meta, nodes
from jinja2.exceptions import TemplateRuntimeError, TemplateSyntaxError

from mailflow.core.mail.template_sandbox import MailSandbox, template_path
from mailflow.errors import Mistake
from mailflow.located import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jinja2 import Template

PARTS = ("subject.txt", "body.txt", "body.html")
LONGEST_OUTPUT = 1024 * 1024
# What a wrong expression raises: people edit templates, and each slip has to name its line.
_SLIPS = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError)


@dataclass(frozen=True)
class Rendered:
    """``subject`` is one line; ``text`` is complete by itself; ``html`` is for comfort."""

    subject: str
    text: str
    html: str


class TemplateSlipError(ValueError):
    """A template could not be rendered; ``line`` counts from 1, 0 where it is not known."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}" if line else f"{file}: {message}")
        self.file = file
        self.line = line
        self.message = message


class TemplateSet:
    """All templates of an instance, compiled once.

    ``sources`` maps ``<mail-name>/[<locale>/]<part>.j2`` to the file's text; names that start with
    ``_`` are layouts. ``mistakes`` says what does not compile; all other mails can be rendered.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = dict(sources)
        self._environment = MailSandbox(self._sources)
        self._parsed: dict[str, nodes.Template] = {}
        # Clients drop or keep <style> at will: rules stand inline, and @media stays in the head.
        self._inliner = CSSInliner(
            load_remote_stylesheets=False, keep_style_tags=True, keep_at_rules=True
        )
        self.mistakes = tuple(
            mistake
            for name, source in sorted(self._sources.items())
            for mistake in self._find_mistakes(name, source)
        )

    @property
    def sources(self) -> Mapping[str, str]:
        return self._sources

    def render(self, name: str, *, locale: str, context: Mapping[str, Any]) -> Rendered:
        """The three parts in the best locale there is: ``de-AT``, then ``de``, then the default.

        Raises TemplateSlipError when the template uses a field the context does not have: the
        content matrix holds it back, or it is misspelt.
        """
        subject, text, html = (
            self.render_part(name, part, locale=locale, context=context) for part in PARTS
        )
        return Rendered(" ".join(subject.split()), text.strip() + "\n", self._inliner.inline(html))

    def render_part(self, name: str, part: str, *, locale: str, context: Mapping[str, Any]) -> str:
        """One part as the template writes it, before its styles are put inline."""
        chosen = self.choose(name, part, locale=locale)
        if chosen is None:
            raise TemplateSlipError(template_path(f"{name}/{part}.j2"), 0, "this file is missing")
        try:
            return _write_out(self._environment.get_template(chosen), context)
        except _SLIPS as error:
            file, line = _place(error) or (template_path(chosen), 0)
            raise TemplateSlipError(file, line, _say_slip(error)) from error

    def choose(self, name: str, part: str, *, locale: str) -> str | None:
        """The file that a mail in this locale is made from, None when there is none."""
        language = locale.replace("_", "-").split("-")[0].lower()
        for folder in (f"{locale}/", f"{language}/", ""):
            candidate = f"{name}/{folder}{part}.j2"
            if candidate in self._sources:
                return candidate
        return None

    def locales(self, name: str) -> tuple[str, ...]:
        """The locales that have their own body of this mail, "" for the default."""
        found = {
            "/".join(path.split("/")[1:-1])
            for path in self._sources
            if path.startswith(f"{name}/") and path.endswith("/body.txt.j2")
        }
        return tuple(sorted(found))

    def mail_names(self) -> tuple[str, ...]:
        return tuple(
            sorted({path.split("/")[0] for path in self._sources if not path.startswith("_")})
        )

    def fields_used(self, name: str) -> tuple[tuple[str, int], ...]:
        """The fields that a file takes from the context, each with its first line.

        None of a file that is no template.
        """
        parsed = self._parsed.get(name)
        if parsed is None:
            return ()
        free = meta.find_undeclared_variables(parsed) - self._set_by_templates
        lines: dict[str, int] = {}
        for node in parsed.find_all(nodes.Name):
            if node.name in free:
                lines.setdefault(node.name, node.lineno)
        return tuple(sorted(lines.items()))

    @cached_property
    def _set_by_templates(self) -> frozenset[str]:
        # What a mail sets or imports at its top, its blocks and its layout may use.
        names: set[str] = set()
        for parsed in self._parsed.values():
            names |= {
                target.name
                for assignment in parsed.find_all((nodes.Assign, nodes.AssignBlock))
                for target in assignment.find_all(nodes.Name)
                if target.ctx == "store"
            }
            names |= {node.target for node in parsed.find_all(nodes.Import)}
            names |= {node.name for node in parsed.find_all(nodes.Macro)}
        return frozenset(names)

    def _find_mistakes(self, name: str, source: str) -> Iterator[Mistake]:
        try:
            parsed = self._parsed[name] = self._environment.parse(source)
        except TemplateSyntaxError as error:
            yield self.mistake_at(name, error.lineno, str(error.message))
            return
        unknown = [*self._unknown_templates(name, parsed), *self._unknown_words(name, parsed)]
        yield from unknown
        if unknown:
            return
        try:
            self._environment.get_template(name)
        except TemplateSyntaxError as error:
            yield self.mistake_at(name, error.lineno, str(error.message))

    def _unknown_templates(self, name: str, parsed: nodes.Template) -> Iterator[Mistake]:
        for other in meta.find_referenced_templates(parsed):
            if other is not None and other not in self._sources:
                message = unknown_name(other, self._sources, what="template")
                yield Mistake(template_path(name), 0, 0, "template", message)

    def _unknown_words(self, name: str, parsed: nodes.Template) -> Iterator[Mistake]:
        # Inside {% if %} Jinja finds out at rendering only.
        for node in parsed.find_all((nodes.Filter, nodes.Test)):
            what = "filter" if isinstance(node, nodes.Filter) else "test"
            known = self._environment.filters if what == "filter" else self._environment.tests
            if node.name not in known:
                message = unknown_name(node.name, known, what=what)
                yield self.mistake_at(name, node.lineno, message)
                # Jinja looks for the fields of a file only where it knows every filter and test.
                node.name = "string"

    def mistake_at(
        self, name: str, line: int, message: str, *, code: str = "template", word: str = ""
    ) -> Mistake:
        """A mistake in a line of one of these files, with the line shown and ``word`` marked."""
        lines = self._sources.get(name, "").splitlines()
        shown = lines[line - 1] if 0 < line <= len(lines) else ""
        begins = shown.find(word) if word else len(shown) - len(shown.lstrip())
        column, width = (begins + 1, len(word) or 1) if begins >= 0 else (1, 1)
        return Mistake(template_path(name), line, column, code, message, shown, width)


def _write_out(template: Template, context: Mapping[str, Any]) -> str:
    pieces: list[str] = []
    length = 0
    for piece in template.generate(context):
        length += len(piece)
        if length > LONGEST_OUTPUT:
            raise TemplateRuntimeError("more than 1 MiB comes out")
        pieces.append(piece)
    return "".join(pieces)


def _place(error: BaseException) -> tuple[str, int] | None:
    # Jinja writes the template's own file and line into the traceback; the innermost one counts.
    found = None
    step = error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        if file.startswith(template_path("")):
            found = (file, step.tb_lineno)
        step = step.tb_next
    return found


def _say_slip(error: BaseException) -> str:
    # Python's own messages quote values, and those are people's words: the type has to do.
    if isinstance(error, TemplateError) and error.message:
        return error.message
    return f"this expression does not work ({type(error).__name__})"
