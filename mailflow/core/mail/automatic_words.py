"""Subjects of automatic replies in the languages of sites, in lower case."""

from __future__ import annotations

_STARTS = (
    "out of office", "out-of-office", "out of the office", "automatic reply", "automated reply",
    "yahoo! auto response",
    "auto reply", "auto-reply", "autoreply", "auto:", "auto response", "auto-response",
    "autoresponse", "autoresponder", "auto responder", "automated response",
    "automatic response", "away from the office", "away from my mail", "[auto-reply]",
    "[auto reply]", "(auto reply)", "[autoreply]", "ooo:", "ooo ", "i am out of", "i'm out of",
    "automatische antwort", "automatische rückantwort", "automatische nachricht", "autoantwort",
    "ich bin nicht im", "nicht im büro", "nicht am arbeitsplatz", "automatische abwesenheit",
    "réponse automatique", "reponse automatique", "absence du bureau", "absent du bureau",
    "message d'absence", "notification d'absence", "hors du bureau", "respuesta automática",
    "respuesta automatica", "fuera de la oficina", "fuera de oficina", "autorespuesta",
    "risposta automatica", "fuori sede", "fuori ufficio", "autorisposta", "resposta automática",
    "resposta automatica", "fora do escritório", "fora do escritorio", "automatisch antwoord",
    "automatische beantwoording", "niet op kantoor", "autom. antwoord", "odpowiedź automatyczna",
    "automatyczna odpowiedź", "autoodpowiedź", "poza biurem", "autosvar", "automatiskt svar",
    "automatiskt frånvaro", "ej på kontoret", "automatisk svar", "ikke på kontoret",
    "automaattinen vastaus", "automaattivastaus", "автоматический ответ", "автоответ",
    "вне офиса", "otomatik yanıt", "otomatik cevap", "ofis dışında", "automatická odpověď",
    "automatická odpoveď", "mimo kancelář", "automatikus válasz", "házon kívül",
    "răspuns automat", "raspuns automat", "automatski odgovor", "samodejni odgovor",
    "αυτόματη απάντηση", "автоматична відповідь", "自動応答", "自動返信", "自動回覆",
    "自动回复", "自动答复", "自動回复",
    "자동 회신", "자동 응답", "자동응답", "تلقائي", "الرد التلقائي",
    "תשובה אוטומטית", "trả lời tự động",
    "ตอบกลับอัตโนมัติ", "【自動", "[自動", "［自動", "自動送信", "自動配信",
)  # fmt: skip
# Words of everyday HR mail too: alone they prove nothing, a person writes "Vacation" as well.
_VAGUE_STARTS = (
    "vacation", "on vacation", "on holiday", "on leave", "urlaub", "abwesend", "abwesenheit",
    "away:", "ausencia", "ausente", "assenza", "assente", "ausência", "afwezig", "niet aanwezig",
    "nieobecność", "frånvaro", "frånvarande", "fravær", "fraværende", "poissa", "poissaolo",
    "lomalla", "в отпуске", "нет на месте", "en congé", "absence :", "absence:", "休假", "外出",
    "休暇", "出張", "不在", "부재", "out of town", "i am away", "i'm away", "ikke til stede",
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
# Most subjects hold none of these, and so none of the words above: the cheap first look.
_BEGINNINGS = frozenset(words[:3] for words in _STARTS)
_STEMS = (
    "office", "auto", "vacation", "abwes", "ist au", "im hause", "fuori", "fuera de", "自動",
    "自动",
)  # fmt: skip


def is_out_of_office(subject: str, *, is_answer: bool) -> bool:
    """Whether a subject is an automatic reply's; ``Re: Automatic reply: ...`` is a person's.

    ``is_answer``: the mail names one that it answers. Only then do words count with which an
    employee may just as well head a question to HR.
    """
    lowered = subject.strip().lower()[:300]
    if lowered.startswith(("re:", "aw:", "sv:", "fw:", "fwd:", "wg:", "tr:", "antw:")):
        return False
    if lowered[:3] in _BEGINNINGS and lowered.startswith(_STARTS):
        return True
    if any(stem in lowered for stem in _STEMS) and any(words in lowered for words in _CONTAINS):
        return True
    return is_answer and lowered.startswith(_VAGUE_STARTS)
