"""Attribution lines: "On Tue, 3 Mar 2026 at 10:04, Eva wrote:" in the languages of clients."""

from __future__ import annotations

import re

MAX_ATTRIBUTION_LINES = 5
MAX_ATTRIBUTION_CHARACTERS = 500

VERBS = (
    "wrote", "writes", "written", "schrieb", "geschrieben", "schreibt",
    "a écrit", "a ecrit", "écrit", "ecrit", "écrivait", "escribió", "escribio", "escribe",
    "escrito", "ha scritto", "scritto", "scriveva", "scrive", "escreveu", "escreve", "schreef",
    "schrijft", "geschreven", "napisał", "napisala", "napisał(a)", "pisze", "pisał", "skrev",
    "skriver", "kirjoitti", "kirjoittaa", "написал", "писал", "пишет", "написав", "пише", "написа",
    "yazdı", "yazdi", "şunları yazdı", "写道", "寫道", "写到", "寫到", "写了", "のメール",
    "書きました", "書いた", "書き込み", "さんは", "さんからの", "님이 작성", "작성:", "님이 쓴",
    "썼습니다", "napsal", "napísal", "píše", "írta", "ezt írta", "a scris", "έγραψε", "έγραφε",
    "napisao", "napisala", "je napisao", "kirjutas", "va escriure", "đã viết", "כתב", "كتب",
    "menulis", "skrifaði", "rašė", "rakstīja", "je napisal", "quoting", "zitat von", "citando",
    "napisana przez", "מאת", "تمت كتابة", "เขียน", "citát", "schrieben", "shared", "à écrit",
    "sent:", "bericht van", "answered",
)  # fmt: skip
_OPENING_WORDS = (
    "on am le el il em op w dnia den på d. dne dňa in u dana kl. om no na la pe az at от у al "
    "vào ngày στις στη στο пн вт ср чт пт сб вс mon tue wed thu fri sat sun monday tuesday "
    "wednesday thursday friday saturday sunday lun mar mer jeu ven sam dim lunes martes "
    "jueves viernes lundi mardi mercredi jeudi vendredi samedi dimanche montag dienstag "
    "mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so mié mie jue vie sáb dom "
    "gio sab seg ter qua qui sex pon wt śr czw pt sob niedz man tir tirs ons tor tors fre lør "
    "søn mån tis lör sön ma ti ke to su понедельник вторник среда четверг пятница суббота "
    "воскресенье quoting zitat citando citant в 在 于 於 2 po út st čt pá ne vr za zo maandag "
    "dinsdag woensdag donderdag vrijdag zaterdag zondag date: v a wiadomość בתאריך في"
)
_OPENINGS = frozenset(_OPENING_WORDS.split())
_DATE = re.compile(
    r"\d{1,4}\s?[./\-]\s?\d{1,2}|\d{4}|\d{1,2}[:.h]\d{2}|\d{1,2}\.? \w{3,12}\.?|"
    r"\w{3,12}\.? \d{1,2}|年|월"
)
_TIME_OR_YEAR = re.compile(r"(?:19|20)\d{2}|\d{1,2}[:.h]\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_ADDRESS = re.compile(r"[^\s<>@]{1,100}@[^\s<>@]{1,200}")
_RETOLD = re.compile(
    r"\b(?:he|she|they|we|you|my|our|his|her|er|sie|ich|mein|meine|elle|ella|lui|ele|ela|hij|zij|mijn)"
    r"\s[^,<>@]{0,40}$"
)
_INLINE = (
    "wrote:", "a \u00e9crit\u00a0:", "a \u00e9crit :", "escribi\u00f3:", "ha scritto:", "escreveu:",
    "schreef:", "napisa\u0142(a):", "skrev:", "schrieb:",
)  # fmt: skip
_END = (":", "\uff1a", "----", "---", "::")
_TAIL = "*_ \u200e\u200f\u202a\u202c"  # marks of bold, and of direction in Hebrew and Arabic
_STARRED = re.compile(r"\* [^<>@]{1,100}<[^\s<>@]{1,100}@[^\s<>@]{1,200}> \[[^\[\]]{6,60}\]:")


def find_attribution(lines: list[str], end: int, *, is_before_quote: bool) -> int | None:
    """The first line of the attribution that ends at line ``end``; None when it is none.

    Without a quotation right below (``is_before_quote``) a date or an address is asked for, so
    that "yesterday the manager wrote:" stays the writer's.
    """
    last = lines[end].strip().rstrip(_TAIL)
    if not last:
        return None
    ends_well = last.endswith(_END)
    if not (ends_well or is_before_quote):
        return None
    windows = _windows(lines, end)
    widest = windows[-1][1] if windows else ""
    if _STARRED.fullmatch(last):  # mutt's way with lists
        return end
    if "@" not in widest and not _has_verb(widest.lower()):
        return None
    for start, joined in windows:
        if is_attribution(joined, is_before_quote=is_before_quote):
            return _extend_up(lines, start, joined)
    return None


def _windows(lines: list[str], end: int) -> list[tuple[int, str]]:
    """The line at ``end`` alone, then joined with one, two... lines above it."""
    windows: list[tuple[int, str]] = []
    joined = ""
    for start in range(end, max(end - MAX_ATTRIBUTION_LINES, -1), -1):
        line = lines[start].strip()
        if not line or line[0] == ">" or len(joined) + len(line) > MAX_ATTRIBUTION_CHARACTERS:
            break
        joined = f"{line} {joined}".strip()
        windows.append((start, joined))
    return windows


def _has_verb(lowered: str) -> bool:
    return any(verb in lowered for verb in VERBS)


def is_attribution(text: str, *, is_before_quote: bool) -> bool:
    lowered = text.lower().rstrip(_TAIL)
    has_verb = _has_verb(lowered)
    ends_well = lowered.endswith(_END)
    opens_well = _opens_well(lowered)
    if has_verb and ends_well and is_before_quote and (opens_well or len(text) < 80):  # noqa: PLR2004 - "Eva wrote:"
        return True
    has_address = "@" in text and _ADDRESS.search(text) is not None
    has_date = _DATE.search(text) is not None
    if has_verb and ends_well:
        if is_before_quote and (has_date or has_address):
            return True
        return _is_finished_by_verb(text, lowered, has_address=has_address, has_date=has_date)
    if has_address and has_date and text[:1].isdigit():
        return ends_well or is_before_quote  # "2026/3/3 Eva <eva@acme.example>:", Gmail in Japanese
    if has_address and opens_well and ends_well and _TIME_OR_YEAR.search(text) is not None:
        return text.rstrip(":").endswith((">", ")"))  # Gmail in Russian leaves the verb out
    return is_before_quote and has_verb and has_date and (has_address or opens_well)


def _is_finished_by_verb(text: str, lowered: str, *, has_address: bool, has_date: bool) -> bool:
    """Without a quotation below, "... wrote:" needs an address, or a date and more."""
    if not has_address and _RETOLD.search(lowered):
        return False  # "on 3 March he wrote:" in a complaint is the writer's own sentence
    if has_address and (has_date or len(text) < 120):  # noqa: PLR2004 - "Eva <eva@acme.example> wrote:"
        return True
    has_moment = has_date and (has_address or _TIME_OR_YEAR.search(text) is not None)
    return has_moment and _opens_well(lowered)


def is_inline_attribution(line: str) -> bool:
    """Yahoo on phones puts the original on the line of its attribution."""
    for words in _INLINE:
        head, found, rest = line.partition(words)
        if found and rest.strip() and "@" in head:
            return is_attribution(head + found, is_before_quote=False)
    return False


def _opens_well(lowered: str) -> bool:
    first = lowered.lstrip("-*_ \u2014\u2013>").split(" ", 1)[0].rstrip(",.")
    return (
        first in _OPENINGS
        or first[:1].isdigit()
        or lowered[:2] in ("在 ", "于 ", "於 ")
        or lowered[:1] in "在于於"
    )


def _begins_attribution(lowered: str) -> bool:
    """A line that goes on with the time belongs to the date above it."""
    return _opens_well(lowered) and not lowered.startswith("at ")


def _extend_up(lines: list[str], start: int, joined: str) -> int:
    """Takes in the wrapped beginning of an attribution that is complete from its second line."""
    if _begins_attribution(joined.lower()):
        return start
    for above in range(start - 1, max(start - 4, -1), -1):
        line = lines[above].strip()
        if not line or line[0] == ">":
            return start
        if (
            _begins_attribution(line.lower())
            and _DATE.search(line)
            and not line.endswith((".", "!", "?"))
        ):
            return above
    return start
