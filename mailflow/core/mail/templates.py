"""Jinja templates as values: text in, text out. Mail text is only ever data here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader, StrictUndefined, TemplateError, select_autoescape
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailflow.errors import InvalidFilesError, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTS = ("subject.txt", "body.txt", "body.html")
LONGEST_OUTPUT = 1024 * 1024
_REFUSED_FILTERS = ("format", "attr", "map", "xmlattr", "urlize", "pprint", "safe")


@dataclass(frozen=True)
class Rendered:
    """``subject`` is one line; ``text`` is complete by itself; ``html`` is for comfort."""

    subject: str
    text: str
    html: str


class TemplateSet:
    """All templates of an instance, compiled once.

    ``sources`` maps ``<mail-name>/[<locale>/]<part>.j2`` to the file's text; names that start with
    ``_`` are layouts. Raises InvalidFilesError with every file that does not compile.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        environment = ImmutableSandboxedEnvironment(
            loader=DictLoader(dict(sources)),
            undefined=StrictUndefined,
            autoescape=select_autoescape(enabled_extensions=("html.j2", "html"), default=False),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        for name in _REFUSED_FILTERS:
            environment.filters.pop(name, None)
        self._environment = environment
        self._names = frozenset(sources)
        self._check(sources)

    def render(self, name: str, *, locale: str, context: Mapping[str, Any]) -> Rendered:
        """The three parts in the best locale there is: ``de-AT``, then ``de``, then the default.

        Raises ValueError when the template uses a field the context does not have: the content
        matrix holds it back, or it is misspelt.
        """
        subject, text, html = (
            self._render_part(name, part, locale=locale, context=context) for part in PARTS
        )
        return Rendered(" ".join(subject.split()), text.strip() + "\n", html)

    def locales(self, name: str) -> tuple[str, ...]:
        """The locales that have their own body of this mail, "" for the default."""
        found = {
            "/".join(path.split("/")[1:-1])
            for path in self._names
            if path.startswith(f"{name}/") and path.endswith("body.txt.j2")
        }
        return tuple(sorted(found))

    def mail_names(self) -> tuple[str, ...]:
        return tuple(
            sorted({path.split("/")[0] for path in self._names if not path.startswith("_")})
        )

    def _render_part(self, name: str, part: str, *, locale: str, context: Mapping[str, Any]) -> str:
        chosen = self._choose(name, part, locale)
        try:
            output = self._environment.get_template(chosen).render(context)
        except TemplateError as error:
            raise ValueError(f"templates/{chosen}: {error.message}") from error
        if len(output) > LONGEST_OUTPUT:
            raise ValueError(f"templates/{chosen}: more than 1 MiB came out")
        return output

    def _choose(self, name: str, part: str, locale: str) -> str:
        language = locale.replace("_", "-").split("-")[0].lower()
        for folder in (f"{locale}/", f"{language}/", ""):
            candidate = f"{name}/{folder}{part}.j2"
            if candidate in self._names:
                return candidate
        raise ValueError(f"templates/{name}/{part}.j2 is missing")

    def _check(self, sources: Mapping[str, str]) -> None:
        mistakes: list[Mistake] = []
        for name, source in sorted(sources.items()):
            try:
                self._environment.get_template(name)
            except TemplateSyntaxError as error:
                lines = source.splitlines()
                line = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
                mistakes.append(
                    Mistake(
                        f"templates/{name}", error.lineno, 1, "template", str(error.message), line
                    )
                )
            except TemplateNotFound as error:
                message = f'the layout "{error.name}" is missing'
                mistakes.append(Mistake(f"templates/{name}", 0, 0, "template", message))
        if mistakes:
            raise InvalidFilesError(tuple(mistakes))
