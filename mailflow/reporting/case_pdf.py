"""The case file as a PDF: the six documentation fields first, numbered pages, any script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from mailflow.reporting.case_export import say_direction
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
_CODE_POINTS_SAID = (
    f"Some letters are printed as their code points, such as {CODE_POINT}4F60], since no font at "
    "hand has them. Put a font of their script into the folder fonts of this instance, or export "
    "as HTML."
)


def write_pdf(
    document: Mapping[str, Any],
    *,
    organization: str,
    exported_at: datetime,
    exported_by: str,
    fonts: Iterable[Path] = (),
) -> bytes:
    """``document`` is what ``case show --json`` prints. ``fonts`` are further TrueType or OpenType
    files for scripts that the shipped font lacks; a file that is none raises OSError.
    """
    with open_page_fonts() as own:
        pages = _Pages(str(document["ref"]), organization, own, tuple(fonts))
        pages.set_creation_date(exported_at)
        pages.open_file(f"exported {_moment(exported_at.isoformat())} by {exported_by}", document)
        _write_six_fields(pages, document["record"])
        _write_conversation(pages, document["messages"])
        _write_clocks(pages, document["clocks"])
        _write_events(pages, document["events"])
        pages.explain_code_points()
        return bytes(pages.output())


class _Pages(FPDF):
    """Pages with a calm head and foot, and the few shapes that a case file is made of."""

    def __init__(
        self, ref: str, organization: str, own: PageFonts, further: Sequence[Path]
    ) -> None:
        super().__init__(format="A4", unit="mm")
        self._ref = ref
        self.add_font(_FAMILY, "", own.regular)
        self.add_font(_FAMILY, "B", own.bold)
        for path in further:
            _require_font(path)
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
        self.set_title(f"Case file {ref}")
        self.set_creator("mailflow")
        self.set_lang("en")
        self.add_page()

    def header(self) -> None:
        if self.page_no() == 1:
            return
        self.write_as(size=8, color=_GREY)
        self.cell(0, 4, f"{self._organization} · Case file {self._ref}", align="R")
        self.ln(10)

    def footer(self) -> None:
        self.set_y(-15)
        self.write_as(size=8, color=_GREY)
        self.cell(self.epw / 2, 4, "Confidential")
        self.cell(self.epw / 2, 4, f"{self._ref} · page {self.page_no()} of {{nb}}", align="R")

    def printable(self, text: object) -> str:
        said = make_printable(str(text), self._known)
        self._has_code_points |= CODE_POINT in said and CODE_POINT not in str(text)
        return said

    def explain_code_points(self) -> None:
        if self._has_code_points:
            self.ln(6)
            self.write_as(size=8, color=_GREY)
            self.paragraphs(_CODE_POINTS_SAID, line_mm=_SMALL_LINE_MM)

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
        self.cell(0, 11, f"Case file {self._ref}", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.write_as(size=9, color=_GREY)
        self.paragraphs(f"{origin} · record {record['filled']} of 6", line_mm=_SMALL_LINE_MM)

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
        self.paragraphs(text or "missing", left_mm=_LABEL_MM)
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
    parties = [f"{one['name']} ({one['role']})" for one in record["parties"]]
    actions = [f"{_moment(one['at'])}  {one['what']} ({one['by']})" for one in record["actions"]]
    pages.section("Documentation")
    pages.row("Date received", _moment(record["date_received"]))
    pages.row("Description", record["description"])
    pages.row("Parties involved", "\n".join(parties))
    pages.row("Actions taken", "\n".join(actions))
    pages.row("Outcome", record["outcome"])
    pages.row("Resolution date", str(record["resolution_date"] or "")[:10])


def _write_conversation(pages: _Pages, messages: Iterable[Mapping[str, Any]]) -> None:
    pages.section("Conversation")
    for message in messages:
        direction = str(message["direction"])
        if pages.will_page_break(_ROOM_FOR_A_MESSAGE_MM):
            pages.add_page()
        is_note = direction == "note"
        pages.set_fill_color(*_NOTE_PAPER)
        pages.write_as(size=8.5, color=_GREY, bold=True)
        head = f"{say_direction(message)} · {_moment(message['at'])} · {message['from']}"
        pages.paragraphs(head, line_mm=_LINE_MM, fill=is_note)
        pages.write_as(size=9.5)
        pages.paragraphs(str(message["text"]).strip(), fill=is_note)
        pages.write_as(size=8, color=_GREY)
        for part in message["attachments"]:
            name = part["filename"] or part["content_type"]
            said = f"{name} · {part['size']} bytes · SHA-256 {part['sha256']}"
            pages.paragraphs(said, line_mm=_SMALL_LINE_MM, fill=is_note)
        pages.ln(4)


def _write_clocks(pages: _Pages, clocks: Sequence[Mapping[str, Any]]) -> None:
    if not clocks:
        return
    pages.section("Clocks")
    for clock in clocks:
        state = f"due {_moment(clock['due'])}" if clock["due"] else "paused or closed"
        if clock["met_at"]:
            state = f"met {_moment(clock['met_at'])}"
        breached = ", breached" if clock["breached"] else ""
        pages.row(str(clock["target"]).replace("_", " "), f"{state}{breached}")


def _write_events(pages: _Pages, events: Sequence[Mapping[str, Any]]) -> None:
    if not events:
        return
    pages.section("What happened")
    for event in events:
        pages.row(
            _moment(event["at"]), f"{str(event['kind']).replace('_', ' ')} · {event['actor']}"
        )


def _moment(at: object) -> str:
    """A time in the record's own zone, to the minute: 2026-11-24 09:00 UTC."""
    return f"{str(at)[:16].replace('T', ' ')} UTC" if at else ""
