"""Dates as clients print them above a forwarded mail, in their own language."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MONTH_WORDS = (
    (
        "january jan januar janvier janv januari enero ene gennaio gen janeiro stycznia "
        "styczeń sty tammikuuta tammikuu января янв ocak oca ledna led leden januára "
        "január siječnja ianuarie січня jan. jaanuar ιανουαρίου"
    ),
    (
        "february feb februar février févr fév februari febrero febbraio fevereiro fev "
        "lutego luty lut helmikuuta helmikuu февраля фев şubat şub února únor úno "
        "februára február veljače februarie лютого veebruar φεβρουαρίου"
    ),
    (
        "march mar märz maerz mars maart mrt marzo março marts marca marzec maaliskuuta "
        "maaliskuu марта мар mart března březen bře march března ožujka martie березня "
        "mär märts μαρτίου március már"
    ),
    (
        "april apr avril avr abril abr aprile kwietnia kwiecień kwi huhtikuuta huhtikuu "
        "апреля апр nisan nis dubna duben dub apríla április travnja aprilie квітня "
        "aprill απριλίου"
    ),
    (
        "may mai mei mayo maggio mag maio maja maj toukokuuta toukokuu мая май mayıs "
        "května květen kvě mája május svibnja травня μαΐου"
    ),
    (
        "june jun juni juin junio giugno giu junho czerwca czerwiec cze kesäkuuta kesäkuu "
        "июня июн haziran haz června červen čvn júna június lipnja iunie червня juuni "
        "ιουνίου"
    ),
    (
        "july jul juli juillet juil julio luglio lug julho lipca lipiec lip heinäkuuta "
        "heinäkuu июля июл temmuz tem července červenec čvc júla július srpnja iulie "
        "липня juuli ιουλίου"
    ),
    (
        "august aug août aout augustus agosto ago sierpnia sierpień sie elokuuta elokuu "
        "августа авг ağustos ağu srpna srpen srp augusta augusztus kolovoza augusti "
        "серпня αυγούστου"
    ),
    (
        "september sep sept septembre septiembre set settembre setembro września wrzesień "
        "wrz syyskuuta syyskuu сентября сен eylül eyl září zář septembra szeptember rujna "
        "septembrie вересня σεπτεμβρίου"
    ),
    (
        "october oct oktober okt octobre octubre ottobre ott outubro out października "
        "październik paź lokakuuta lokakuu октября окт ekim eki října říjen říj októbra "
        "október listopada octombrie жовтня oktoober οκτωβρίου"
    ),
    (
        "november nov novembre noviembre novembro listopad lis marraskuuta marraskuu "
        "ноября ноя kasım kas listopadu novembra studenog noiembrie листопада νοεμβρίου"
    ),
    (
        "december dec dezember dez décembre déc diciembre dic dicembre dezembro grudnia "
        "grudzień gru joulukuuta joulukuu декабря дек aralık ara prosince prosinec pro "
        "decembra prosinca decembrie des desember грудня detsember δεκεμβρίου"
    ),
)
_MONTHS: dict[str, int] = {
    word: number for number, words in enumerate(_MONTH_WORDS, start=1) for word in words.split()
}
_WORD = re.compile(r"[^\W\d_]{3,14}\.?")
_TIME = re.compile(
    r"(\d{1,2})[:.h](\d{2})(?::(\d{2}))?\s?([AaPp]\.?\s?[Mm])?|(上午|下午|午前|"
    r"午後)\s?(\d{1,2}):(\d{2})"
)
_ISO = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})")
_DAY = re.compile(r"(?<![\d:.])(\d{1,2})(?:st|nd|rd|th|er|º|\.)?(?![\d:])")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def read_local_date(value: str) -> datetime | None:
    """The moment as printed, taken as UTC because clients leave the zone out; None if unclear."""
    text = value.strip()[:120]
    day = _read_day(text)
    if day is None:
        return None
    hour, minute, second = _read_time(text)
    try:
        return datetime(*day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _read_day(text: str) -> tuple[int, int, int] | None:
    if match := _ISO.search(text):
        return int(match.group(1)), int(match.group(2)), int(match.group(3))
    if match := _NUMERIC.search(text):
        first, second, year = (int(group) for group in match.groups())
        year += 2000 if year < 100 else 0  # noqa: PLR2004 - two-digit years
        if "/" in match.group() and first <= 12:  # noqa: PLR2004 - the American order when it can be one
            return year, first, second
        return year, second, first
    month = next(
        (
            _MONTHS[word]
            for word in (found.rstrip(".").lower() for found in _WORD.findall(text))
            if word in _MONTHS
        ),
        None,
    )
    year_match = _YEAR.search(text)
    if month is None or year_match is None:
        return None
    day = _DAY.search(text)
    return (int(year_match.group(1)), month, int(day.group(1))) if day else None


def _read_time(text: str) -> tuple[int, int, int]:
    without_date = _NUMERIC.sub(" ", _ISO.sub(" ", text))
    match = _TIME.search(without_date)
    if match is None:
        return 0, 0, 0
    if match.group(5):
        hour, minute, second = int(match.group(6)), int(match.group(7)), 0
        is_afternoon: bool | None = match.group(5) in ("下午", "午後")
    else:
        hour, minute, second = int(match.group(1)), int(match.group(2)), int(match.group(3) or 0)
        half = match.group(4)
        is_afternoon = None if half is None else half[0] in "Pp"
    if is_afternoon is not None and hour <= 12:  # noqa: PLR2004 - twelve-hour clock
        hour = hour % 12 + (12 if is_afternoon else 0)
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else (0, 0, 0)  # noqa: PLR2004 - a clock
