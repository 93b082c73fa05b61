"""HTML mail as readable plain text, and which of its lines are quotation by structure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from mailflow.core.mail.html_lines import LineWriter
from mailflow.core.mail.html_quotation import Mark, is_hidden, mark_of
from mailflow.core.mail.problems import Problem

MAX_HTML_CHARACTERS = 1_000_000
MAX_TAGS = 15_000
MAX_LINK_CHARACTERS = 300
MAX_NODES_OF_LINK = 200
MAX_LINES_TO_LABEL = 50

_DATA_URI = re.compile(r"data:[a-zA-Z/+.-]{3,60};base64,[A-Za-z0-9+/=\s]{100,}")
_SKIPPED = frozenset({
    "head", "script", "style", "title", "meta", "link", "template", "object", "applet", "svg",
    "math", "iframe", "select", "datalist", "noframes", "base", "xml", "o:p-hidden", "canvas",
    "audio", "video", "map",
})  # fmt: skip
_PARAGRAPHS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "dl", "table",
    "fieldset",
})  # fmt: skip
_LINES = frozenset({
    "div", "li", "tr", "section", "article", "header", "footer", "address", "dt", "dd", "form",
    "center", "figure", "figcaption", "aside", "main", "nav", "caption", "legend", "thead", "tbody",
    "tfoot", "body", "html", "details", "summary",
})  # fmt: skip
# Elements that do something without attributes; all others only pass their contents on.
_VOID = frozenset({"br", "hr", "img"})
_SPECIAL = _SKIPPED | _PARAGRAPHS | _LINES | _VOID | {"td", "th", "a"}
_LABEL_LINE = re.compile(r"^\W{0,3}[^\W\d][\w .\-']{0,30}\s?[:\uff1a]")


@dataclass(frozen=True)
class HtmlText:
    """``signature_lines`` stand in an element that a client marks as signature."""

    text: str
    quoted_lines: frozenset[int] = frozenset()
    signature_lines: frozenset[int] = frozenset()


def render_html(html: str, problems: set[Problem]) -> HtmlText:
    """Readable text; at most 1,000,000 characters and 15,000 tags are looked at."""
    source = _DATA_URI.sub("", html) if ";base64," in html else html
    source = _cut_to_limits(source, problems)
    soup = BeautifulSoup(source, "lxml", multi_valued_attributes=None)
    renderer = _Renderer()
    renderer.render(soup)
    return renderer.finish()


def _cut_to_limits(html: str, problems: set[Problem]) -> str:
    if len(html) > MAX_HTML_CHARACTERS:
        problems.add(Problem.TEXT_LIMIT)
        html = html[:MAX_HTML_CHARACTERS]
    if html.count("<") - html.count("</") <= MAX_TAGS:
        return html
    problems.add(Problem.TEXT_LIMIT)
    position = -1
    for _ in range(MAX_TAGS):
        position = html.find("<", position + 1)
        while html.startswith("</", position):
            position = html.find("<", position + 1)
    return html[:position]


@dataclass(slots=True)
class _Renderer:
    out: LineWriter = field(default_factory=LineWriter)
    lists: list[int] = field(default_factory=list)  # next number; 0 for bullets
    cells: list[tuple[int, int]] = field(default_factory=list)  # per row: cells so far, first line
    preformatted: int = 0

    def render(self, soup: Tag) -> None:
        """Walks without recursion: hostile mail nests deeper than Python's stack."""
        stack: list[object] = [soup]
        while stack:
            node = stack.pop()
            if isinstance(node, Tag):
                if node.attrs or node.name in _SPECIAL:
                    if node.name in _SKIPPED or is_hidden(node):
                        continue
                    close = self._open(node)
                    if close is not None:
                        stack.append(close)
                stack.extend(reversed(node.contents))
            elif type(node) is NavigableString:
                if self.preformatted:
                    self.out.write_verbatim(str(node))
                else:
                    self.out.write(node)
            elif isinstance(node, _Closing):
                self._close(node)

    def _open(self, tag: Tag) -> _Closing | None:
        name = tag.name
        out = self.out
        if name in _VOID:
            self._write_void(name, tag)
            return None
        is_paragraph = name in _PARAGRAPHS and not _is_tight(tag)
        is_line = name in _LINES or (name in _PARAGRAPHS and not is_paragraph)
        if name in ("td", "th"):
            self._open_cell()
        elif is_paragraph and not (name in ("ul", "ol") and self.lists):
            if not out.is_cell_fresh:
                out.end_paragraph()
        elif (is_line or name in ("ul", "ol")) and not out.is_cell_fresh:
            out.end_line()
        mark = mark_of(tag) if (tag.attrs or name == "blockquote") else Mark.NOTHING
        if mark is not Mark.NOTHING:
            mark = self._open_mark(mark, tag)
        if name in _COUNTED:
            self._open_kind(name, tag)
        if is_line or is_paragraph or mark is not Mark.NOTHING or name in _CLOSED:
            return _Closing(name, mark, tag if name == "a" else None, is_paragraph, is_line)
        return None

    def _write_void(self, name: str, tag: Tag) -> None:
        if name == "br":
            self.out.force_break()
        elif name == "hr":
            self._open_rule(tag)
        else:
            self._write_picture(tag)

    def _open_rule(self, tag: Tag) -> None:
        self.out.end_line()
        mark = mark_of(tag)
        if mark is Mark.QUOTED_TO_END:
            self.out.quoted += 1

    def _open_mark(self, mark: Mark, tag: Tag) -> Mark:
        """Counts the mark in and returns what is to be counted out at the end of the element."""
        out = self.out
        if mark is Mark.GMAIL_QUOTE:
            mark = Mark.NOTHING if _has_own_lines(tag) else Mark.QUOTED
        if mark is Mark.NOTHING:
            return mark
        out.end_line()
        if mark in (Mark.QUOTED, Mark.QUOTED_TO_END):
            out.quoted += 1
        elif mark is Mark.SIGNATURE:
            out.signature += 1
        else:
            out.header_candidates.append(out.number)
        return mark

    def _open_kind(self, name: str, tag: Tag) -> None:
        if name == "pre":
            self.preformatted += 1
        elif name in ("ul", "ol"):
            self.lists.append(0 if name == "ul" else _start_number(tag))
        elif name == "li":
            self._open_item()
        elif name == "tr":
            self.cells.append((0, self.out.number))

    def _open_item(self) -> None:
        depth = max(len(self.lists) - 1, 0)
        number = self.lists[-1] if self.lists else 0
        self.out.prefix = "  " * min(depth, 10) + (f"{number}. " if number else "- ")
        if number:
            self.lists[-1] = number + 1

    def _open_cell(self) -> None:
        if not self.cells:
            return
        count, first_line = self.cells[-1]
        is_single = len(self.out.lines) == first_line + (0 if self.out.is_line_open else 1)
        if count and is_single:
            self.out.reopen_line(" | ")
        elif count:
            self.out.end_line()
            first_line = self.out.number
        self.cells[-1] = (count + 1, first_line if count else self.out.number)
        self.out.is_cell_fresh = True

    def _write_picture(self, tag: Tag) -> None:
        alternative = str(tag.attrs.get("alt", "")).strip()
        if alternative and "." not in alternative and len(alternative) <= 200:  # noqa: PLR2004 - a caption, no file name
            self.out.write(f"[{alternative}]")

    def _close(self, closing: _Closing) -> None:
        out = self.out
        name = closing.name
        if closing.link is not None:
            self._write_link(closing.link)
        if closing.is_paragraph and not (name in ("ul", "ol") and len(self.lists) > 1):
            out.end_paragraph()
        elif closing.is_line or closing.is_paragraph:
            out.end_line()
        if name in _COUNTED:
            self._close_kind(name)
        if closing.mark is not Mark.NOTHING:
            self._close_mark(closing)

    def _close_kind(self, name: str) -> None:
        if name == "pre":
            self.preformatted -= 1
        elif name in ("ul", "ol"):
            self.lists.pop()
        elif name == "tr" and self.cells:
            self.cells.pop()
        elif name == "li":
            self.out.prefix = ""

    def _close_mark(self, closing: _Closing) -> None:
        out = self.out
        if closing.mark is Mark.QUOTED:
            out.end_line()
            out.quoted = max(out.quoted - 1, 0)
        elif closing.mark is Mark.SIGNATURE:
            out.end_line()
            out.signature = max(out.signature - 1, 0)

    def _write_link(self, tag: Tag) -> None:
        if "href" not in tag.attrs:
            return
        target = str(tag.attrs["href"]).strip()
        bare = target[7:].partition("?")[0] if target[:7].lower() == "mailto:" else target
        if not bare or len(bare) > MAX_LINK_CHARACTERS or ":" not in target:
            return
        if target[:7].lower() != "mailto:" and target[:4].lower() not in ("http", "tel:", "ftp:"):
            return
        shown = _text_within(tag)
        if not shown or _same_link(shown, bare):
            return
        self.out.write(f" <{bare}>")

    def finish(self) -> HtmlText:
        out = self.out
        out.end_line()
        quoted = set(out.quoted_lines)
        for number in out.header_candidates:
            below = islice(out.lines, number, number + MAX_LINES_TO_LABEL)
            following = next((line for line in below if line.strip()), "")
            if _LABEL_LINE.match(following):
                quoted.update(range(number, len(out.lines)))
                break
        return HtmlText("\n".join(out.lines), frozenset(quoted), frozenset(out.signature_lines))


_COUNTED = frozenset({"pre", "ul", "ol", "li", "tr"})
_CLOSED = _COUNTED | {"a"}


class _Closing(NamedTuple):
    """What to undo when an element ends. Made for every element, so as light as can be."""

    name: str
    mark: Mark
    link: Tag | None
    is_paragraph: bool
    is_line: bool


def _is_tight(tag: Tag) -> bool:
    """Outlook's MsoNormal paragraphs are lines: its blank lines are paragraphs of their own."""
    if tag.name not in ("p", "table"):
        return False
    if tag.name == "table":
        return True
    classes = str(tag.attrs.get("class", "")).split()
    return any(name.startswith(("Mso", "x_Mso", "xMso", "xmso")) for name in classes)


def _start_number(tag: Tag) -> int:
    start = str(tag.attrs.get("start", "1"))
    return int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1  # noqa: PLR2004 - a list number


def _same_link(shown: str, target: str) -> bool:
    return shown.lower().rstrip("/").removeprefix("https://").removeprefix("http://") == (
        target.lower().rstrip("/").removeprefix("https://").removeprefix("http://")
    )


def _text_within(tag: Tag) -> str:
    """What stands in the first few nodes of an element: hostile mail nests thousands of them."""
    texts: list[str] = []
    stack: list[object] = [tag]
    for _ in range(MAX_NODES_OF_LINK):
        if not stack:
            break
        node = stack.pop()
        if isinstance(node, Tag):
            stack.extend(reversed(node.contents))
        elif type(node) is NavigableString:
            texts.append(node)
    return "".join(texts).strip()


def _has_own_lines(tag: Tag) -> bool:
    """Whether the writer answered between the quotations inside Gmail's container."""
    has_blockquote = False
    for child in tag.children:
        if isinstance(child, Tag):
            if child.name == "blockquote":
                has_blockquote = True
            elif has_blockquote and mark_of(child) is Mark.NOTHING and _text_within(child):
                return True
        elif has_blockquote and type(child) is NavigableString and child.strip():
            return True
    return False
