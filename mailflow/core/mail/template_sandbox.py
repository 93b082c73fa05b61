"""The Jinja environment that mail templates run in: no code, no methods, no huge results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import FunctionLoader, StrictUndefined, Undefined, select_autoescape
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LARGEST_NUMBER = 1_000_000
_BIDI_CONTROLS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
_CONTROLS = dict.fromkeys(
    (set(range(0x20)) | set(range(0x7F, 0xA0)) | set(_BIDI_CONTROLS)) - {*map(ord, "\t\n\r")}
)
_FILTERS = frozenset(
    {
        "abs",
        "capitalize",
        "count",
        "d",
        "default",
        "e",
        "escape",
        "first",
        "float",
        "forceescape",
        "int",
        "items",
        "join",
        "last",
        "length",
        "list",
        "lower",
        "max",
        "min",
        "reject",
        "rejectattr",
        "reverse",
        "round",
        "select",
        "selectattr",
        "sort",
        "string",
        "striptags",
        "sum",
        "title",
        "trim",
        "truncate",
        "unique",
        "upper",
        "urlencode",
        "wordcount",
    }
)


class MailSandbox(ImmutableSandboxedEnvironment):
    """Jinja's own sandbox limits neither memory nor time: ``"x" * 10 ** 10`` ends the process.

    So there are no ranges to loop over, only the fields; words have no methods; numbers stay
    small; and of the filters there are those that a mail needs.
    """

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, sources: Mapping[str, str]) -> None:
        super().__init__(
            loader=FunctionLoader(_finder(sources)),
            undefined=StrictUndefined,
            autoescape=select_autoescape(enabled_extensions=("html.j2", "html"), default=False),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=drop_controls,
            cache_size=-1,
        )
        self.filters = {name: self.filters[name] for name in sorted(_FILTERS)}
        self.filters["mark_lines"] = mark_lines
        self.filters["line_breaks"] = line_breaks
        self.tests["given"] = is_given
        self.globals.clear()

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        has_costly_methods = isinstance(obj, (str, bytes, int, float))
        return not has_costly_methods and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """No ``str.format`` either, which Jinja would wrap and allow: widths cost memory."""
        del value

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not (_is_small_number(left) and _is_small_number(right)):
            raise SecurityError(f'"{operator}" is for small numbers only')
        return super().call_binop(context, operator, left, right)


def drop_controls(value: Any) -> Any:
    """What a template puts out, without controls that steer a terminal or turn words around.

    A right-to-left override makes ``fdp.exe`` of an attachment's name look like ``exe.pdf``.
    """
    # Nearly everything is printable, and to ask is twenty times cheaper than to translate.
    if not isinstance(value, str) or value.isprintable():
        return value
    return value.translate(_CONTROLS)


def is_given(value: object) -> bool:
    """The test ``is given``: the content matrix lets the field through, and it is not empty."""
    return not isinstance(value, Undefined) and bool(value)


def mark_lines(text: str, mark: str = "| ") -> str:
    """Each line behind a mark, so that words from outside cannot pass for words of the mail.

    Not ``> ``: mail clients fold that away as something quoted, and readers of replies cut it.
    """
    return "\n".join(f"{mark}{line}".rstrip() for line in text.splitlines())


def line_breaks(text: str) -> Markup:
    """Escaped, with ``<br>`` for each line end: Outlook does not know ``white-space``.

    A blank that a line begins with is kept, so that a command's lines can be copied.
    """
    return Markup("<br>").join(escape(_keep_indent(line)) for line in text.splitlines())


def _keep_indent(line: str) -> str:
    plain = line.lstrip(" ")
    return "\u00a0" * (len(line) - len(plain)) + plain


def _is_small_number(value: object) -> bool:
    return isinstance(value, (int, float)) and abs(value) <= LARGEST_NUMBER


def _finder(sources: Mapping[str, str]) -> Callable[[str], tuple[str, str, None] | None]:
    def find(name: str) -> tuple[str, str, None] | None:
        source = sources.get(name)
        return None if source is None else (source, template_path(name), None)

    return find


def template_path(name: str) -> str:
    """How a template is called in mistakes, and in the traceback that tells the line."""
    return f"templates/{name}"
