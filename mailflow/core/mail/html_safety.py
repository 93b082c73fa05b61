"""Whether HTML of ours would fetch or run something in the reader's mail client."""

from __future__ import annotations

from html.parser import HTMLParser

_ACTIVE = frozenset(
    {"script", "iframe", "object", "embed", "link", "base", "form", "input", "video", "audio"}
)
_FETCHING = frozenset({"src", "srcset", "background", "poster", "data"})
_HARMLESS_LINKS = ("mailto:", "https:", "tel:", "#", "{{")


def find_remote_parts(html: str) -> tuple[tuple[int, str], ...]:
    """Each offence with its line, counted from 1. A template's source may be given as it is."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.found)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag in _ACTIVE:
            self._report(f"<{tag}>")
        for name, value in attrs:
            self._look_at(tag, name, (value or "").strip().lower())

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self._look_at_style("<style>", data.lower(), first_line=self.getpos()[0])

    def _look_at(self, tag: str, name: str, value: str) -> None:
        fetches = name in _FETCHING and not value.startswith("cid:")
        if fetches or name.startswith("on"):
            self._report(f"{name}= of <{tag}>")
        elif name == "href" and value and not value.startswith(_HARMLESS_LINKS):
            self._report(f"the link {value[:40]}")
        elif name == "style":
            self._look_at_style("style=", value, first_line=self.getpos()[0])

    def _look_at_style(self, where: str, style: str, *, first_line: int) -> None:
        for number, line in enumerate(style.split("\n"), start=first_line):
            if "url(" in line or "@import" in line:
                self.found.append((number, f"url() or @import in {where}"))

    def _report(self, what: str) -> None:
        self.found.append((self.getpos()[0], what))
