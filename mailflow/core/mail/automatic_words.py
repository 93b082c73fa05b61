"""Subjects of automatic replies in the languages of sites, in lower case."""

from __future__ import annotations

_STARTS = (
    "out of office", "out-of-office", "out of the office", "automatic reply", "automated reply",
    "auto reply", "auto-reply", "autoreply", "auto:", "auto response", "auto-response",
    "autoresponse", "autoresponder", "auto responder", "automated response", "automatic response",
    "vacation", "away from the office", "away from my mail", "away:", "on vacation", "on holiday",
    "on leave", "[auto-reply]", "[auto reply]", "(auto reply)", "[autoreply]", "ooo:", "ooo ",
    "out of town", "i am out of", "i'm out of", "i am away", "i'm away", "abwesenheit", "abwesend",
    "automatische antwort", "automatische rückantwort", "automatische nachricht", "autoantwort",
    "ich bin nicht im", "nicht im büro", "nicht am arbeitsplatz", "urlaub",
    "automatische abwesenheit", "réponse automatique", "reponse automatique", "absence du bureau",
    "absent du bureau", "absence :", "absence:", "message d'absence", "notification d'absence",
    "en congé", "hors du bureau", "respuesta automática", "respuesta automatica",
    "fuera de la oficina", "fuera de oficina", "ausencia", "ausente", "autorespuesta",
    "risposta automatica", "fuori sede", "fuori ufficio", "assenza", "assente", "autorisposta",
    "resposta automática", "resposta automatica", "fora do escritório", "fora do escritorio",
    "ausência", "automatisch antwoord", "automatische beantwoording", "afwezig", "niet aanwezig",
    "niet op kantoor", "autom. antwoord", "odpowiedź automatyczna", "automatyczna odpowiedź",
    "autoodpowiedź", "nieobecność", "poza biurem", "autosvar", "automatiskt svar",
    "automatiskt frånvaro", "frånvaro", "frånvarande", "ej på kontoret", "automatisk svar",
    "ikke til stede", "fraværende", "fravær", "ikke på kontoret", "automaattinen vastaus",
    "automaattivastaus", "poissa", "poissaolo", "lomalla", "автоматический ответ", "автоответ",
    "нет на месте", "вне офиса", "в отпуске", "otomatik yanıt", "otomatik cevap", "ofis dışında",
    "automatická odpověď", "automatická odpoveď", "mimo kancelář", "automatikus válasz",
    "házon kívül", "răspuns automat", "raspuns automat", "automatski odgovor", "samodejni odgovor",
    "αυτόματη απάντηση", "автоматична відповідь", "自動応答", "自動返信", "自動回覆", "自动回复",
    "自动答复", "自動回复", "不在", "休假", "外出", "자동 회신", "자동 응답", "자동응답", "부재",
    "تلقائي", "الرد التلقائي", "תשובה אוטומטית", "trả lời tự động", "ตอบกลับอัตโนมัติ", "【自動",
    "[自動", "［自動", "自動送信", "自動配信", "休暇", "出張",
)  # fmt: skip
_CONTAINS = (
    "out of office", "out-of-office", "autoreply", "auto-reply:", "automatic reply",
    "auto-responder", "autoresponder", "vacation reply", "vacation message", "vacation notice",
    "abwesenheitsnotiz", "abwesenheitsnachricht", "réponse automatique", "respuesta automática",
    "(out of the office)", "is out of the office", "am out of the office",
    "will be out of the office", "is away from the office", "ist außer haus", "ist ausser haus",
    "ist abwesend", "nicht im hause", "sono fuori ufficio", "自動返信", "自動応答", "自动回复",
    "自動回覆", "fuera de la oficina", "è fuori sede", "absence from the office",
    "automatische antwort", "automatisch antwoord",
)  # fmt: skip


def is_out_of_office(subject: str) -> bool:
    """Whether a subject is an automatic reply's; ``Re: Automatic reply: ...`` is a person's."""
    lowered = subject.strip().lower()[:300]
    if lowered.startswith(("re:", "aw:", "sv:", "fw:", "fwd:", "wg:", "tr:", "antw:")):
        return False
    return lowered.startswith(_STARTS) or any(words in lowered for words in _CONTAINS)
