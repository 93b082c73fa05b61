"""Labels that mail clients write above a quoted or forwarded mail, by language."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    FROM = "from"
    DATE = "date"
    TO = "to"
    CC = "cc"
    SUBJECT = "subject"
    OTHER = "other"


_WORDS: dict[Role, str] = {
    Role.FROM: (
        "from|von|de|kellelt|keneltä|šalje|küldő|expeditor|від кого|відправник|da|van|od|från|fra|"
        "lähettäjä|от|от кого|від|kimden|gönderen|差出人|送信者|"
        "送信元|发件人|"
        "寄件者|寄件人|"
        "發件人|보낸 사람|보낸사람|보낸이|feladó|de la|από|saatja|expéditeur|expediteur|mittente|"
        "remetente|"
        "remitente|afzender|"
        "nadawca|avsändare|afsender|avsender|absender|pošiljatelj|odesílatel|odosielateľ|מאת|من|"
        "từ|จาก|dari|von meinem"
    ),
    Role.DATE: (
        "sent|date|saatmisaeg|saatmiskuupäev|відправлено|date sent|gesendet|gesendet am|datum|"
        "envoyé|envoyé le|envoye|expédié|enviado|enviado el|"
        "enviado em|enviada em|enviada|"
        "fecha|data|inviato|inviata|data invio|verzonden|wysłano|wysłane|wyslano|data wysłania|"
        "skickat|sendt|dato|lähetetty|päivämäärä|päiväys|pvm|"
        "отправлено|дата|надіслано|gönderme|gönderildi|gönderilme tarihi|gönderim|tarih|"
        "gönderme tarihi|送信日時|日付|日時|发送时间|發送時間|"
        "时间|日期|寄件日期|傳送時間|寄送日期|보낸 날짜|보낸날짜|날짜|elküldve|küldve|dátum|"
        "trimis|ημερομηνία|στάλθηκε|"
        "odesláno|"
        "odoslané|odoslane|poslano|saadetud|kuupäev|date d'envoi|sent at|sent on|дата отправки|"
        "sendetidspunkt|תאריך|نشر|التاريخ|ngày|วันที่|tanggal|"
        "datum odeslání|dátum odoslania|expediat|received|erhalten"
    ),
    Role.TO: (
        "to|an|pour|kenelle|adresat|pentru|la|одержувач|recipient|recipients|à|a|para|aan|do|till|til|"
        "vastaanottaja|кому|kime|alıcı|宛先|收件人|收件者|"
        "받는 사람|받는사람|받는이|"
        "címzett|"
        "către|catre|προς|komu|pro|za|prima|saaja|adressaat|destinataire|destinataires|"
        "destinatario|destinatari|destinatário|"
        "ontvanger|odbiorca|mottagare|modtager|mottaker|empfänger|pre|kellele|adresát|primatelj|"
        "אל|إلى|đến|ถึง|kepada|per"
    ),
    Role.CC: (
        "cc|kopie|copie à|copie|copia|cópia|dw|kopia|kopi|kopio|копия|копія|bilgi|抄送|副本|参照|"
        "참조|"
        "másolatot kap|másolat|"
        "kopija|c.c.|cci|kópia|κοιν|koopia|dla wiadomości|do wiadomości|glz|udw|bcc|ccn|cco|bkr|"
        "blindkopie"
    ),
    Role.SUBJECT: (
        "subject|betreff|pealkiri|vec|betr|objet|asunto|oggetto|assunto|onderwerp|temat|ämne|emne|"
        "aihe|тема|konu|"
        "件名|"
        "主题|主旨|主題|제목|tárgy|"
        "subiect|θέμα|předmět|predmet|teema|sujet|נושא|الموضوع|chủ đề|เรื่อง|subyek|re"
    ),
    Role.OTHER: (
        "reply-to|reply to|importance|attachments|attachment|priority|wichtigkeit|anlagen|"
        "antwort an|répondre à|pièces jointes|"
        "importancia|datos adjuntos|allegati|rispondi a|prioridade|anexos|bijlagen|urgentie|"
        "ważność|załączniki|svar till|svar til|"
        "priorité|resent-from|mailed-by|organization|organisation|message-id|bijlage|添付ファイル|"
        "附件|"
        "sensitivity|responder a|"
        "categories|when|where|wann|wo|signed-by|security|conversation|thread-topic|"
        "responder para|x-mailer|vastausosoite|"
        "bilagor|vedhæftede filer|vedlegg|приложения|вложения|ekler|přílohy|csatolmányok|"
        "reply-to address|size"
    ),
}

ROLES: dict[str, Role] = {
    word: role for role, words in reversed(_WORDS.items()) for word in words.split("|")
}
MAX_LABEL_CHARACTERS = 28
