"""Delimited signatures, mobile footers and disclaimers at the end of a writer's own lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SIGNATURE_LINES = 30
MAX_LOOSE_SIGNATURE_LINES = 14
MAX_LINES_OF_FOOTERS = 4

_DELIMITER_STARTS = frozenset("-_\u2014=*~\u2013 ")
_STRICT_DELIMITER = re.compile(r"--[ \xa0]?|\u2014[ \xa0]?|-{2,3}[ \xa0]?\xa0?")
_LOOSE_DELIMITER = re.compile(r"[_\-\u2014=*]{2,120}\s{0,3}")
_DASH_NAME = re.compile(
    r"[-\u2013\u2014~]{1,2}\s?[^\W\d_][\w.'\-]{0,20}(?:\s[^\W\d_][\w.'\-]{0,20}){0,2}\s{0,3}"
)

_DEVICE = (
    r"(?:iphon|ipad|ipod|ios|android|blackberry|handy|smartphone|galaxy|samsung|outlook|yahoo|"
    r"windows|nokia|htc|sony|xperia|huawei|"
    r"xiaomi|redmi|oneplus|pixel|motorola|gmx|web\.de|proton|tutanota|tablet|phone|telefon|"
    r"téléphone|telefono|teléfono|telefone|móvil|movil|"
    r"celular|mobil|mobile|mobiele|mobilen|mobilní|mobiltelefon|cellulare|komórk|apple|mail|"
    r"e-?mail|gmail|smartfon|smartphonu|nexus|lg|kindle|boxer|"
    r"телефон|смартфон|мобил|почт|айфон|android'|cep|zte|verizon|t-mobile|at&t|vodafone|orange|"
    r"free|spark|aquamail|bluemail|k-9|k9|fairemail|"
    r"edison|hey|superhuman|front|airmail|thunderbird|zoho|hushmail|fastmail|mailbird|commcare|"
    r"surface|laptop|device|watch|bq|wiko)"
)
_FOOTER = re.compile(
    r"(?:sent|gesendet|von meine[mr]|diese nachricht wurde von|envoyé|envoyée|envoye|enviado|"
    r"enviada|inviato|inviata|verzonden|verstuurd|"
    r"enviat|από το|wysłane|wysłano|wyslane|skickat|skickades|sendt|lähetetty|отправлено|"
    r"надіслано|gönderildi|"
    r"odesláno|odoslané|trimis|στάλθηκε|poslano|elküldve|"
    r"sendt|saadetud|get outlook|outlook für|télécharger outlook|obtenir outlook|obtener outlook|"
    r"descargar outlook|scarica outlook|ottieni outlook|"
    r"obter o outlook|obter outlook|outlook voor|pobierz|hämta outlook|hent outlook|"
    r"holen sie sich outlook|laden sie outlook|download outlook|"
    r"hanki outlook|скачать outlook|outlook'u|mit freundlichen grüßen von meinem|composed|typed|"
    r"powered by|send from|sended from|sent via|sent using|sent with|"
    r"skickat via|envoyé via|inviato con|enviado con|enviado com|verzonden met|gesendet mit|"
    r"gesendet über)\b.{0,90}" + _DEVICE,
    re.IGNORECASE,
)
_BRANDED = re.compile(r"Sent via the (?:Samsung|LG|HTC|Apple|Motorola|Google)\b", re.IGNORECASE)
# Outlook's footer where the language puts the verb behind, or writes no blanks.
_OUTLOOK = re.compile(
    r"(?:获取|下载|下載|取得)\s?(?:适用于|適用於)?\s?(?:(?:ios|android)\s?版\s?)?outlook.{0,30}|"
    r"outlook for (?:ios|android)\s?(?:を入手|を取得|다운로드|받기|를 다운로드).{0,10}|"
    r"(?:ios|android) için outlook.{0,20}",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(r"Sent (?:from|via|with|using) [^.,!?]{2,60}", re.IGNORECASE)
_FOOTER_ENDS = re.compile(
    r".{0,40}(?:から送信|より送信|iphoneから|発自我的|发自我的|發自我的|发送自|傳送自|"
    r"从我的.{0,20}发送|從我的.{0,20}傳送|從我的.{0,20}發送|"
    r"에서 보냄|에서 보냈습니다|umdan gönderildi|imden gönderildi|dan gönderildi|"
    r"'umdan|kaldet fra min|sent from a mobile|please excuse (?:typos|brevity|"
    r"any typos)|excuse the brevity|pardon (?:my )?brevity|"
    r"verwenden sie outlook|yahoo mail: search|do you yahoo|get your free|send using my).{0,60}",
    re.IGNORECASE,
)
# Every footer begins or holds one of these: the patterns above are only tried where one does.
_FOOTER_STARTS = (
    "sent", "send", "gesendet", "von meine", "diese nachricht", "envoy", "enviad", "inviat",
    "verzonden", "verstuurd", "wysłan", "wyslan", "skickat", "skickade", "sendt", "lähetetty",
    "отправлено", "надіслано", "gönderildi", "odesláno", "odoslané", "trimis", "στάλθηκε",
    "enviat", "από το", "poslano", "elküldve", "saadetud", "get ", "outlook", "télécharger",
    "obte", "descargar",
    "scarica", "ottieni", "pobierz", "hämta", "hent", "holen", "laden sie", "download", "hanki",
    "скачать", "mit freundlichen", "composed", "typed", "powered",
)  # fmt: skip
_FOOTER_BEGINNINGS = frozenset(words[:3] for words in _FOOTER_STARTS)
_FOOTER_HINTS = (
    "kaldet fra", "sent from", "excuse", "brevity", "verwenden sie", "yahoo", "get your free",
    "send using", "'umdan",
)  # fmt: skip
_FOREIGN_FOOTER_HINTS = (
    "送信", "iphoneから", "発自我的", "发送", "发自", "發自", "傳送", "發送", "보냄", "보냈습니다",
    "gönderildi",
)  # fmt: skip
_DISCLAIMER_WORDS = (
    "confidential", "privileged", "intended recipient", "intended only", "intended solely",
    "notify the sender", "delete this", "delete it", "any attachments", "disclaimer",
    "unauthorized", "unauthorised", "virus", "received this", "in error", "legally", "disclosure",
    "addressee", "before printing", "consider the environment", "liability", "registered in",
    "registered office", "vertraulich", "nicht der richtige adressat", "irrtümlich", "unbefugte",
    "adressat", "vernichten", "confidentiel", "destinataire", "par erreur", "expéditeur",
    "confidencial", "destinatario", "por error", "notifique", "riservat", "per errore",
    "destinatário", "por engano", "vertrouwelijk", "geadresseerde", "abusievelijk", "poufn",
    "adresat", "omyłk", "konfidentiell", "avsedd", "fortrolig", "tilsigtede", "luottamuksell",
    "конфиденциальн", "gizli", "機密", "保密", "机密", "drucken", "umwelt", "imprimer", "sole use",
    "strictly prohibited", "copying", "distribution", "legal notice", "gdpr",
    "information contained",
)  # fmt: skip
_DISCLAIMER_HEADINGS = (
    "disclaimer",
    "confidentiality notice",
    "legal notice",
    "haftungsausschluss",
)
_MIN_DISCLAIMER_CHARACTERS = 90


def find_signature(lines: list[str], *, is_first: bool = True) -> int | None:
    """The line where the delimited signature of one's own lines begins; None without one.

    ``-- `` is RFC 3676 4.3; ``--`` and rules of underscores count when little follows, and at the
    very top only below other text (``is_first`` says that these lines are the first that are kept).
    """
    candidates = [number for number, line in enumerate(lines) if line[:1] in _DELIMITER_STARTS]
    if candidates:
        filled = [number for number, line in enumerate(lines) if line.strip()]
    for number in candidates:
        line = lines[number]
        after = len(filled) - bisect_right(filled, number)
        if _STRICT_DELIMITER.fullmatch(line) and after <= MAX_SIGNATURE_LINES:
            return number
        is_loose = (number or not is_first) and _LOOSE_DELIMITER.fullmatch(line)
        if is_loose and 0 < after <= MAX_LOOSE_SIGNATURE_LINES and _is_rule_like(line, after):
            return number
    return _find_footer(lines)


def _is_rule_like(line: str, lines_after: int) -> bool:
    """A short rule needs a short rest to be a signature's."""
    return len(line.strip()) >= 5 or lines_after <= 6  # noqa: PLR2004 - judged by eye


def _find_footer(lines: list[str]) -> int | None:
    """A device's footer or ``- Eva`` among the last lines."""
    last = list(islice(_filled_from_end(lines), MAX_LINES_OF_FOOTERS))
    may_end = _may_end_as_footer("\n".join([lines[number] for number in last]).lower())
    for back, number in enumerate(last):
        line = lines[number].strip().strip("*_<>[]")
        if len(line) <= 160 and _is_footer(line, may_end=may_end):  # noqa: PLR2004 - footers are short
            return number
        if back == 0 and number and not lines[number - 1].strip() and _SENT_FROM.fullmatch(line):
            return number
        is_last = back == 0
        if is_last and len(last) > 1 and _is_dash_name(lines, number):
            return number
    return None


def _filled_from_end(lines: list[str]) -> Iterator[int]:
    return (number for number in range(len(lines) - 1, -1, -1) if lines[number].strip())


def _is_dash_name(lines: list[str], number: int) -> bool:
    """``- Eva`` below a blank line or ``-Eva``; the last of several bullets is no signature."""
    line = lines[number].strip()
    if _DASH_NAME.fullmatch(line) is None or lines[number][:1].isspace():
        return False
    others = [other for other in lines[:number] if other.lstrip()[:1] == line[0]]
    return not others and (line[1:2] != " " or not lines[number - 1].strip())


def _is_footer(line: str, *, may_end: bool) -> bool:
    text = line.strip(" -*_<>[]\u2014\u2013.")
    lowered = text.lower()
    if (
        lowered[:3] in _FOOTER_BEGINNINGS
        and lowered.startswith(_FOOTER_STARTS)
        and ("," not in text or _BRANDED.match(text))  # a comma: a sentence
        and _FOOTER.match(text) is not None
    ):
        return True
    if "outlook" in lowered and _OUTLOOK.fullmatch(text) is not None:
        return True
    return may_end and _may_end_as_footer(lowered) and _FOOTER_ENDS.fullmatch(text) is not None


def _may_end_as_footer(lowered: str) -> bool:
    hints = _FOOTER_HINTS if lowered.isascii() else _FOOTER_HINTS + _FOREIGN_FOOTER_HINTS
    return any(hint in lowered for hint in hints)


def find_disclaimer(lines: list[str]) -> int | None:
    """Where the disclaimers at the end begin; None when there is none or nothing else is left."""
    end = len(lines)
    found: int | None = None
    while True:
        start, stop = _last_paragraph(lines, end)
        if start is None or start == 0 or not _is_disclaimer(lines[start:stop]):
            return found if found is None or any(line.strip() for line in lines[:found]) else None
        found = end = start


def _last_paragraph(lines: list[str], end: int) -> tuple[int | None, int]:
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    if end == 0:
        return None, 0
    start = end
    while start > 0 and lines[start - 1].strip():
        start -= 1
    return start, end


def _is_disclaimer(paragraph: list[str]) -> bool:
    text = " ".join(paragraph).lower()[:4000]
    is_headed = text.lstrip("*_ ").startswith(_DISCLAIMER_HEADINGS)
    if len(text) < _MIN_DISCLAIMER_CHARACTERS and not is_headed:
        return False
    hits = sum(1 for word in _DISCLAIMER_WORDS if word in text)
    return hits >= (1 if is_headed else 3)  # one such word alone is anybody's
