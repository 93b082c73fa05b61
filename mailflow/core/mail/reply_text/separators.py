"""Lines that announce an original: "Original Message", "Forwarded message", in any language."""

from __future__ import annotations

import re

ORIGINAL_WORDS = (
    "original message", "original appointment", "original email", "original e-mail",
    "original mail", "originalmail", "ursprüngliche nachricht", "originalnachricht",
    "original-nachricht", "original nachricht", "ursprüngliche mail", "original-mail",
    "urspr. nachricht", "message d'origine", "message d’origine", "message original",
    "message initial", "courriel original", "mail original", "mensaje original", "correo original",
    "messaggio originale", "messaggio original", "mensagem original", "oorspronkelijk bericht",
    "origineel bericht", "oorspronkelijke bericht", "oryginalna wiadomość", "wiadomość oryginalna",
    "wiadomość pierwotna", "ursprungligt meddelande", "originalmeddelande", "ursprungsmeddelande",
    "oprindelig meddelelse", "original meddelelse", "oprindelig besked", "opprinnelig melding",
    "original melding", "opprinnelig e-post", "alkuperäinen viesti", "исходное сообщение",
    "исходное письмо", "оригинальное сообщение", "пересланное сообщение", "özgün ileti",
    "orijinal ileti", "orijinal mesaj", "original ileti", "asıl mesaj", "元のメッセージ",
    "元のメール", "原始邮件", "原始郵件", "原邮件", "原郵件", "原始信件", "původní zpráva",
    "původní e-mail", "pôvodná správa", "eredeti üzenet", "mesaj original", "mesajul original",
    "원본 메시지", "원본 메일", "originalbesked", "αρχικό μήνυμα", "izvorna poruka",
    "originalna poruka", "algne kiri", "reply message", "ursprünglicher text", "quoted message",
    "mensaje citado", "replied message", "вихідне повідомлення", "הודעה מקורית", "الرسالة الأصلية",
    "originele bericht",
)  # fmt: skip
FORWARD_WORDS = (
    "forwarded message", "forwarded by", "forwarded mail", "forwarded email", "forward message",
    "begin forwarded", "fwd message", "message forwarded", "weitergeleitete nachricht",
    "weitergeleiteten nachricht", "weitergeleitet von", "weitergeleitete mail",
    "weitergeleitet durch", "anfang der weitergeleiteten", "message transféré", "message réexpédié",
    "message transfere", "début du message", "transféré par", "transmis par", "courriel transféré",
    "mensaje reenviado", "mensaje enviado", "inicio del mensaje", "reenviado por",
    "correo reenviado", "messaggio inoltrato", "inizio messaggio", "inoltrato da",
    "messaggio inoltrado", "mensagem encaminhada", "mensagem reencaminhada", "início da mensagem",
    "encaminhado por", "reencaminhada", "doorgestuurd bericht", "doorgestuurde bericht",
    "begin doorgestuurd", "doorgestuurd door", "przekazana wiadomość", "wiadomość przekazana",
    "treść przekazanej", "początek przekazywanej", "przesłana wiadomość", "przekazywana wiadomość",
    "przesłane przez", "vidarebefordrat meddelande", "vidarebefordrat mejl", "vidarebefordrat mail",
    "vidarebefordrat brev", "början på vidarebefordrat", "vidarebefordrat av",
    "videresendt meddelelse", "videresendt besked", "start på videresendt", "videresendt af",
    "videresendt melding", "videresendt e-post", "begynnelse på videresendt", "videresendt av",
    "välitetty viesti", "edelleenlähetetty viesti", "välitetty sähköposti", "viesti alkaa",
    "välittäjä", "пересланное сообщение", "пересылаемое сообщение", "перенаправленное сообщение",
    "начало переадресованного", "начало пересылаемого", "пересланное письмо", "переслано",
    "iletilen mesaj", "iletilen ileti", "yönlendirilen ileti", "yönlendirilmiş ileti",
    "iletilmiş mesaj", "ileti başlangıcı", "yönlendirilen mesaj", "転送メッセージ", "転送された",
    "転送元", "転送する", "转发的邮件", "转发邮件", "轉寄郵件", "轉寄的郵件", "转发信息",
    "轉發郵件", "已转发", "已轉寄", "přeposlaná zpráva", "přeposílané zprávy", "přeposlaný",
    "preposlaná správa", "preposlanej správy", "továbbított üzenet", "továbbított levél",
    "továbbított e-mail", "mesaj redirecționat", "mesaj redirectionat", "mesajul redirecționat",
    "mesajului redirecționat", "mesaj redirecţionat", "transmis mai departe", "전달된 메시지",
    "전달 메시지", "προωθημένο μήνυμα", "αρχή προωθημένου", "proslijeđena poruka",
    "proslijeđenu poruku", "prosljeđena poruka", "edastatud kiri", "edastatud sõnum",
    "переслане повідомлення", "що пересилається", "пересилається", "הודעה שהועברה",
    "رسالة معاد توجيهها", "posredovano sporočilo", "persiųstas laiškas", "pārsūtīta vēstule",
    "препратено съобщение", "прослеђена порука", "tin nhắn đã chuyển tiếp", "ข้อความที่ส่งต่อ",
    "pesan terusan", "missatge reenviat", "áframsent skeyti",
)  # fmt: skip
_REPLY_LINES = (
    "type your reply above this line", "reply above this line", "write your reply above",
    "reply above this text", "write above this line", "respond above this line",
    "add your reply above", "enter your reply above", "oberhalb dieser zeile", "über dieser zeile",
    "répondre au-dessus de cette ligne", "au-dessus de cette ligne", "por encima de esta línea",
    "sopra questa riga", "acima desta linha", "boven deze lijn", "boven deze regel",
    "ovanför den här raden", "over denne linje", "powyżej tej linii",
    "do not write below this line", "do not reply below this line", "reply above the line",
    "to add additional comments, reply",
)  # fmt: skip
_FRAMED = re.compile(
    r"[\s>|]{0,12}([-_=*~+#\u2013\u2014\u2212\u2500]{2,80})([^\n]{3,120}?)[-_=*~+#\u2013\u2014\u2212\u2500]{2,80}\s{0,4}"
)
_DIGITS = frozenset("0123456789")
_RULE = re.compile(r"[\s>|]{0,12}[-_=*~\u2013\u2014\u2500]{5,200}\s{0,4}")


def _lower(text: str) -> str:
    """Lower case; the dot that Turkish capital I leaves behind goes."""
    return text.lower().replace("\u0307", "")


def _is_framed_with(line: str, words: tuple[str, ...]) -> bool:
    match = _FRAMED.fullmatch(line)
    if match is None:
        return False
    inside = _lower(match.group(2))
    return any(word in inside for word in words)


def announces_original(line: str) -> bool:
    """``-----Original Message-----`` with or without its dashes complete."""
    if len(line) > 200:  # noqa: PLR2004 - announcements are short
        return False
    stripped = line.strip("> \t|")
    if _is_framed_with(line, ORIGINAL_WORDS):
        return True
    lowered = _lower(stripped).strip("*_: ")
    return stripped[:2] in ("--", "__", "==", "**", "—", "––") and (
        lowered.strip("-=_*—– ").startswith(ORIGINAL_WORDS) and len(stripped) < 80  # noqa: PLR2004 - one short line
    )


def announces_forward(line: str) -> bool:
    """Gmail's, Thunderbird's and Yahoo's dashes, Apple's sentence, Lotus' "Forwarded by"."""
    if len(line) > 240:  # noqa: PLR2004 - announcements are short
        return False
    if _is_framed_with(line, FORWARD_WORDS):
        return True
    stripped = _lower(line.strip("> \t|*_"))
    if "@" in stripped or not _DIGITS.isdisjoint(stripped):
        return False  # an attribution, or Lotus' framed line, which was looked at above
    if stripped.endswith((":", "\uff1a")) and len(stripped) < 80:  # noqa: PLR2004 - Apple's sentence
        return any(word in stripped for word in FORWARD_WORDS)
    return stripped.startswith(("-----", "_____", "=====")) and any(
        word in stripped for word in FORWARD_WORDS
    )


def is_framed(line: str) -> bool:
    """A short text between dashes, whatever it says in whatever language."""
    return len(line) <= 100 and line.count("-") >= 8 and _FRAMED.fullmatch(line) is not None  # noqa: PLR2004 - an announcement


def is_rule(line: str) -> bool:
    return _RULE.fullmatch(line) is not None


# Each of the requests above holds one of these; long ones are found, or ruled out, the fastest.
_HINTS = (
    "reply above", "above this line", "below this line", "dieser zeile", "-dessus de cette ligne",
    "encima de esta", "sopra questa riga", "acima desta linha", "boven deze ", "over denne linje",
    "add additional comments",
)  # fmt: skip
_FOREIGN_HINTS = ("ovanför den här raden", "powyżej tej linii")


def may_ask_reply_above(text: str) -> bool:
    """A cheap look at a whole text, so that its lines are only searched when one may ask."""
    lowered = text.lower()
    hints = _HINTS if lowered.isascii() else _HINTS + _FOREIGN_HINTS
    return any(hint in lowered for hint in hints)


def asks_reply_above(line: str) -> bool:
    """``##- Please type your reply above this line -##`` of helpdesks."""
    lowered = line.lower()
    return any(words in lowered for words in _REPLY_LINES)
