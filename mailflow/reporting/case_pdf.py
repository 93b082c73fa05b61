"""The case file as a PDF: the six documentation fields first, numbered pages, any script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from mailflow.core.mail import words
from mailflow.core.mail.words.case_file import (
    case_file_words,
    event_words,
    spoken_language,
)
from mailflow.reporting.case_export import (
    list_six_fields,
    say_clock,
    say_direction,
    say_moment,
)
from mailflow.reporting.page_fonts import open_page_fonts
from mailflow.reporting.printable import (
    CODE_POINT,
    has_right_to_left,
    in_visual_order,
    is_right_to_left,
    make_printable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from mailflow.reporting.page_fonts import PageFonts

_FONT_MARKS = (b"\x00\x01\x00\x00", b"true", b"OTTO")
_FAMILY = "text"
_MARGIN_MM = 22
_LABEL_MM = 40
_LINE_MM = 5.2
_SMALL_LINE_MM = 4.4
_ROOM_FOR_A_SECTION_MM = 32
_ROOM_FOR_A_MESSAGE_MM = 22
_INK = (26, 26, 26)
_GREY = (95, 100, 105)
_RED = (160, 0, 0)
_RULE = (200, 204, 208)
_NOTE_PAPER = (246, 243, 233)


def write_pdf(
    document: Mapping[str, Any],
    *,
    organization: str,
    exported_at: datetime,
    exported_by: str,
    locale: str,
    fonts: Iterable[Path] = (),
) -> bytes:
    """``document`` is what ``case show --json`` prints. ``fonts`` are further TrueType or OpenType
    files for scripts that the shipped font lacks; a file that is none raises OSError. ``locale``
    is the language of headings and labels.
    """
    further = tuple(fonts)
    for path in further:
        _require_font(path)
    with open_page_fonts() as own:
        pages = _Pages(str(document["ref"]), organization, own, further, locale=locale)
        pages.set_creation_date(exported_at)
        at = say_moment(exported_at.isoformat())
        pages.open_file(pages.said.exported.format(at=at, by=exported_by), document)
        _write_six_fields(pages, document["record"])
        _write_conversation(pages, document["messages"])
        _write_clocks(pages, document["clocks"])
        _write_events(pages, document["events"])
        pages.explain_code_points()
        content = bytes(pages.output())
        pages.close_fonts()
        return content


class _Pages(FPDF):
    """Pages with a calm head and foot, and the few shapes that a case file is made of."""

    def __init__(
        self,
        ref: str,
        organization: str,
        own: PageFonts,
        further: Sequence[Path],
        *,
        locale: str,
    ) -> None:
        super().__init__(format="A4", unit="mm")
        self._ref = ref
        self.locale = locale
        self.said = case_file_words(locale)
        self._title = self.said.case_file.format(ref=ref)
        self.add_font(_FAMILY, "", own.regular)
        self.add_font(_FAMILY, "B", own.bold)
        fallbacks = (*further, own.symbols)
        extra = [f"extra{number}" for number in range(len(fallbacks))]
        for name, path in zip(extra, fallbacks, strict=True):
            self.add_font(name, "", path)
            self.add_font(name, "B", path)
        self.set_fallback_fonts(extra, exact_match=False)
        fonts_at_hand = [self.fonts[name] for name in (_FAMILY, *extra)]
        cmaps = [font.cmap for font in fonts_at_hand if isinstance(font, TTFFont)]
        self._has_code_points = False
        self._known = frozenset(code for cmap in cmaps for code in cmap)
        self._organization = self.printable(organization)
        self.set_margins(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        self.set_auto_page_break(True, margin=_MARGIN_MM)
        self.alias_nb_pages()
        self.set_title(self._title)
        self.set_creator("mailflow")
        self.set_lang(spoken_language(locale))
        self.add_page()

    def header(self) -> None:
        if self.page_no() == 1:
            return
        self.write_as(size=8, color=_GREY)
        self.cell(0, 4, f"{self._organization} · {self._title}", align="R")
        self.ln(10)

    def footer(self) -> None:
        self.set_y(-15)
        self.write_as(size=8, color=_GREY)
        self.cell(self.epw / 2, 4, self.said.confidential)
        page = self.said.page.format(number=self.page_no(), all="{nb}")
        self.cell(self.epw / 2, 4, f"{self._ref} · {page}", align="R")

    def printable(self, text: object) -> str:
        said = make_printable(str(text), self._known)
        self._has_code_points |= CODE_POINT in said and CODE_POINT not in str(text)
        return said

    def close_fonts(self) -> None:
        """The library leaves their files open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def explain_code_points(self) -> None:
        if self._has_code_points:
            self.ln(6)
            self.write_as(size=8, color=_GREY)
            said = self.said.code_points.format(example=f"{CODE_POINT}4F60]")
            self.paragraphs(said, line_mm=_SMALL_LINE_MM)

    def write_as(
        self, *, size: float, color: tuple[int, int, int] = _INK, bold: bool = False
    ) -> None:
        self.set_font(_FAMILY, "B" if bold else "", size)
        self.set_text_color(*color)

    def open_file(self, origin: str, document: Mapping[str, Any]) -> None:
        record = document["record"]
        self.write_as(size=9, color=_GREY)
        self.cell(0, 5, self._organization, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.write_as(size=18, bold=True)
        self.cell(0, 11, self._title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.write_as(size=9, color=_GREY)
        meter = self.said.meter.format(filled=record["filled"])
        self.paragraphs(f"{origin} · {meter}", line_mm=_SMALL_LINE_MM)

    def section(self, title: str) -> None:
        if self.will_page_break(_ROOM_FOR_A_SECTION_MM):
            self.add_page()
        self.ln(7)
        self.write_as(size=11.5, bold=True)
        self.cell(0, 7, title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_draw_color(*_RULE)
        self.line(self.l_margin, self.get_y(), self.l_margin + self.epw, self.get_y())
        self.ln(2.5)

    def row(self, name: str, value: object) -> None:
        """A name and what it says; nothing said is said to be missing."""
        text = "" if value is None else str(value).strip()
        if self.will_page_break(_LINE_MM * 2):
            self.add_page()
        self.write_as(size=9, color=_GREY)
        self.cell(_LABEL_MM, _LINE_MM, self.printable(name))
        self.write_as(size=9.5, color=_INK if text else _RED)
        self.paragraphs(text or self.said.missing, left_mm=_LABEL_MM)
        self.ln(1.2)

    def paragraphs(
        self, text: str, *, left_mm: float = 0, line_mm: float = _LINE_MM, fill: bool = False
    ) -> None:
        """Lines of any script; each goes to the side from which it is read."""
        width = self.epw - left_mm
        for line in self.printable(text).split("\n"):
            self.set_x(self.l_margin + left_mm)
            if not has_right_to_left(line):
                self.multi_cell(
                    width, line_mm, line or " ", align="L", fill=fill,
                    new_x=XPos.LMARGIN, new_y=YPos.NEXT,
                )  # fmt: skip
                continue
            self._turned(line, width, line_mm=line_mm, fill=fill, left_mm=left_mm)

    def _turned(
        self, line: str, width: float, *, line_mm: float, fill: bool, left_mm: float
    ) -> None:
        is_rtl = is_right_to_left(line)
        broken = self.multi_cell(
            width, line_mm, line, align="L", dry_run=True, output=MethodReturnValue.LINES
        )
        for piece in broken:  # type: ignore[union-attr]  # with LINES it is a list of lines
            self.set_x(self.l_margin + left_mm)
            self.cell(
                width,
                line_mm,
                in_visual_order(str(piece), is_rtl=is_rtl),
                align="R" if is_rtl else "L",
                fill=fill,
                new_x=XPos.LMARGIN,
                new_y=YPos.NEXT,
            )


def _require_font(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(4) not in _FONT_MARKS:
            message = f"{path.name} is neither TrueType nor OpenType"
            raise OSError(message)


def _write_six_fields(pages: _Pages, record: Mapping[str, Any]) -> None:
    pages.section(pages.said.documentation)
    for label, value in list_six_fields(record, pages.locale):
        pages.row(label, value)


def _write_conversation(pages: _Pages, messages: Iterable[Mapping[str, Any]]) -> None:
    pages.section(pages.said.conversation)
    for message in messages:
        direction = str(message["direction"])
        if pages.will_page_break(_ROOM_FOR_A_MESSAGE_MM):
            pages.add_page()
        is_note = direction == "note"
        pages.set_fill_color(*_NOTE_PAPER)
        pages.write_as(size=8.5, color=_GREY, bold=True)
        direction_said = say_direction(message, pages.locale)
        head = f"{direction_said} · {say_moment(message['at'])} · {message['from']}"
        pages.paragraphs(head, line_mm=_LINE_MM, fill=is_note)
        pages.write_as(size=9.5)
        pages.paragraphs(str(message["text"]).strip(), fill=is_note)
        pages.write_as(size=8, color=_GREY)
        for part in message["attachments"]:
            name = part["filename"] or part["content_type"]
            size = words.say_size(int(part["size"]), locale=pages.locale)
            said = f"{name} · {size} · SHA-256 {part['sha256']}"
            pages.paragraphs(said, line_mm=_SMALL_LINE_MM, fill=is_note)
        pages.ln(4)


def _write_clocks(pages: _Pages, clocks: Sequence[Mapping[str, Any]]) -> None:
    if not clocks:
        return
    pages.section(pages.said.clocks)
    for clock in clocks:
        pages.row(*say_clock(clock, pages.locale))


def _write_events(pages: _Pages, events: Sequence[Mapping[str, Any]]) -> None:
    if not events:
        return
    pages.section(pages.said.history)
    for event in events:
        kind = event_words(str(event["kind"]), pages.locale)
        pages.row(say_moment(event["at"]), f"{kind} · {event['actor']}")
