"""What mail servers say when mail comes back: subjects, senders and sentences, in lower case.

Read against servers' own wording in the languages they speak; no rule lives here.
"""

from __future__ import annotations

DAEMON_LOCAL_PARTS = frozenset({
    "mailer-daemon", "mailerdaemon", "mailer_daemon", "mailer.daemon", "maildaemon", "mail-daemon",
    "mail_daemon", "mdaemon", "daemon", "postmaster", "post_master", "postmast", "maileradmin",
    "mail-deamon", "mailer-deamon", "mailer", "bounce", "bounces", "bounced", "mailadmin", "mail-admin",
    "mailsystem", "mail-system", "mail.system", "smtp-gateway", "smtpgateway", "smtp", "uucp", "mmdf",
    "mail-returned", "mailreturn", "delivery-failure", "delivery", "nobody-bounce", "mta", "dsn",
    "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e", "administrator", "listserv-daemon",
    "notification-postmaster", "antispam", "quarantine", "virus-admin", "mailgate", "mailguard",
    "inet-daemon", "internet-daemon", "interscan", "mailmarshal", "auto-response", "no_reply_bounce",
})  # fmt: skip

DAEMON_NAMES = (
    "mail delivery sub", "mail delivery system", "mail delivery service", "mail delivery agent",
    "mailer-daemon", "mailer daemon", "mail system", "mail administrator", "system administrator",
    "postmaster", "internet mail delivery", "delivery subsystem", "delivery agent", "mail daemon",
    "microsoft outlook", "systemadministrator", "mail delivery", "mail router", "mta ", "smtp mail",
    "complaint", "mailsystem", "e-mail delivery", "email delivery", "delivery system",
)  # fmt: skip

BOUNCE_SUBJECTS = (
    "undeliver", "returned mail", "mail returned", "returned e-mail", "returned email", "returned message",
    "returned to sender", "return to sender", "returned letter", "returning mail", "returning message",
    "delivery status", "delivery fail", "failed delivery", "delivery failure", "delivery error", "delivery problem",
    "delivery report", "delivery notification", "delivery incomplete", "delivery unsuccessful", "delivery delay",
    "delivery has been delayed", "delivery temporarily", "delivery attempt", "delivery not possible",
    "delayed", "failure notice", "failure notification", "failure delivery", "failed mail", "failed message", "mail failure",
    "mail failed", "mail error", "mail system error", "mail problem", "mailing problem", "mail delivery", "e-mail delivery",
    "email delivery", "message delivery", "mail could not", "message could not", "e-mail could not", "email could not",
    "could not be delivered", "could not be sent", "could not send", "couldn't be delivered", "couldn't deliver",
    "can't be delivered", "cannot be delivered", "not be delivered", "unable to deliver", "unable to send", "unable to relay",
    "not delivered", "wasn't delivered", "was not delivered", "non-deliver", "nondeliver", "non deliver", "ndn:", "ndn ", "ndr",
    "user unknown", "unknown user", "unknown recipient", "recipient unknown", "user not known", "unknown address",
    "invalid address", "invalid recipient", "bad address", "bad recipient", "address unknown", "no such user",
    "no such address", "not listed in", "account disabled", "account is", "mailbox full", "mailbox is full", "over quota",
    "quota exceeded", "mailbox unavailable", "mailbox does not", "mailbox not found", "message rejected", "mail rejected",
    "rejected:", "rejected mail", "rejected message", "message refused", "mail refused", "message blocked", "mail blocked",
    "bounce", "bounced", "permanent failure", "permanent error", "permanent delivery", "temporary failure", "transient",
    "problem delivering", "problems delivering", "error sending", "error delivering", "error processing your",
    "error in delivering", "mail transport", "message status", "notification of failure", "smtp error", "smtp and local",
    "warning: could not send", "warning - delayed", "warning: message", "warning from", "message warning", "warning: mail",
    "postmaster notify", "postmaster notice", "mail notification", "mail undelivered", "message undelivered",
    "unsent mail", "unsent message", "undlv", "lost mail", "could not deliver", "e-mail undeliverable", "un-deliver",
    "unzustellbar", "nicht zustellbar", "nicht zugestellt", "unzustellbare", "konnte nicht zugestellt", "zustellung fehl",
    "rücksendung", "fehler bei der zustellung", "rücklauf", "zurückgesandt", "zustellfehler",
    "non remis", "échec de la remise", "échec de remise", "non délivré", "non distribué", "courrier non", "erreur de remise",
    "no se puede entregar", "no se pudo entregar", "no entregado", "no entregable", "error de entrega", "correo devuelto",
    "devuelto", "mensaje no", "non recapitabile", "impossibile recapitare", "mancato recapito", "non consegnato",
    "non è stato possibile", "mancata consegna", "não entregue", "não foi possível entregar", "não é possível entregar",
    "falha na entrega", "falha de entrega", "mensagem devolvida", "onbestelbaar", "niet bezorgd", "niet afgeleverd",
    "kan niet worden bezorgd", "niedostarczal", "nie można dostarczyć", "zwrot", "nie dostarczono", "niedostarczon",
    "olevererbar", "kunde inte levereras", "gick inte att leverera", "ej levererat", "kunne ikke leveres", "ikke leveret",
    "ikke levert", "uleverbar", "ei voitu toimittaa", "toimittaminen epäonnistui", "toimittamatta", "teslim edilemedi",
    "iletilemedi", "не доставлен", "недоставлен", "невозможно доставить", "не удалось доставить", "не удается доставить",
    "ошибка доставки", "возврат", "不能", "配信", "配送", "エラー", "戻り", "返送", "送信できません", "無法傳遞", "无法传递", "无法送达", "退信", "未送达",
    "无法投递", "投递失败", "傳送失敗", "寄送失敗", "nedoručiteľn", "nedoruč", "kézbesíthetetlen", "nu poate fi livrat", "nelivrat",
    "반송", "전송 실패", "배달되지", "considered unsolicited", "banned contents", "your message to", "your mail to",
    "message to", "mail to", "email to", "destinatario", "destinatário", "correo no", "e-mail returned", "email returned",
    "your e-mail", "your email", "nachricht", "auto reply from mail", "[auto-reply] mail", "message de", "spam rejected",
)  # fmt: skip

# Subjects too common in people's mail to count without a server behind them.
WEAK_SUBJECTS = (
    "your message to", "your mail to", "message to", "mail to", "email to", "destinatario", "destinatário", "your e-mail",
    "your email", "nachricht", "message de", "transient", "delayed", "devuelto", "mensaje no", "zwrot", "возврат", "不能",
    "配信", "配送", "エラー", "戻り", "返送", "account is", "delivery report", "delivery problem", "ndr", "courrier non",
    "non è stato possibile", "correo no", "warning from", "returned message", "mail problem", "delivery notification",
    "delivery status", "message status", "delivery delay", "mail delivery", "email delivery", "message delivery", "bounce",
    "error processing your", "warning: message", "mail notification", "mail error", "lost mail", "invalid address",
    "unknown address", "delivery attempt", "over quota", "mailbox full", "permanent error", "rejected:", "反送", "반송",
)  # fmt: skip

FAILURE_SENTENCES = (
    "could not be delivered", "couldn't be delivered", "cannot be delivered", "can't be delivered", "not be delivered",
    "could not deliver", "couldn't deliver", "cannot deliver", "was not delivered", "wasn't delivered", "not delivered",
    "unable to deliver", "unable to send", "unable to relay", "wasn't able to deliver", "not able to deliver",
    "was undeliverable", "is undeliverable", "undeliverable", "undelivered", "did not reach", "not reach the following",
    "has failed to these recipients", "delivery has failed", "delivery failed", "delivery to the following", "delivery failure",
    "failed to deliver", "failed to reach", "failed recipient", "permanent fatal error", "permanent error", "permanent failure",
    "fatal error", "had delivery problems", "encountered delivery problems", "encountered errors", "user unknown",
    "unknown user", "unknown recipient", "recipient unknown", "no such user", "no such recipient", "no such address", "user not found",
    "recipient not found", "address not found", "mailbox not found", "mailbox unavailable", "mailbox full", "mailbox is full", "over quota",
    "quota exceeded", "exceeded storage", "account is disabled", "account disabled", "does not exist", "doesn't exist", "not listed in",
    "address rejected", "recipient rejected", "was rejected", "has been rejected", "been returned", "being returned", "message returned",
    "following address", "following recipient", "following user", "this is the mail system", "this is the qmail-send",
    "this is the mail delivery", "message was created automatically by mail delivery software", "returned mail",
    "transcript of session", "delivery attempts", "delivery is delayed", "has been delayed", "been delayed", "will be retried",
    "will continue to try", "not yet been delivered", "has not been delivered", "could not be sent", "was not sent",
    "message delivery", "smtp error", "error message", "remote host said", "remote mail server", "relaying denied", "host unknown",
    "bounced", "bounce", "failure notice", "non-deliver", "invalid address", "invalid recipient", "bad destination", "was blocked",
    "returned to sender", "return your message", "returning your message", "not accept", "mail loop", "too many hops",
    "nicht zugestellt", "unzustellbar", "nicht zustellbar", "konnte nicht", "nicht erreicht", "n'a pas pu être", "n'a pas été",
    "n'ont pas pu", "non remis", "no se ha podido", "no se pudo", "no ha podido", "no pudo ser", "no se puede", "non è stato possibile",
    "impossibile", "non è stato recapitato", "non ha raggiunto", "não foi possível", "não pôde", "não pode ser", "não chegou",
    "niet worden", "niet bereikt", "kon niet", "nie można", "nie mogła", "nie mogło", "nie została", "kunde inte", "inte levereras",
    "gick inte", "kunne ikke", "ei voitu", "ei voida", "edilemedi", "ulaştırılamadı", "не может быть", "не удалось", "не была доставлена",
    "не было доставлено", "не доставлен", "配信", "配送", "送信でき", "送れません", "届け", "見つかりません", "宛先", "存在しま", "无法", "無法", "退信", "退回", "失败", "失敗",
    "不存在", "실패", "없습니다", "nelze", "nebylo možné", "nem sikerült", "nem kézbesíthető", "nu a putut",
)  # fmt: skip

DELAY_SENTENCES = (
    "warning message only", "do not need to resend", "you do not need to resend", "will continue to try", "will keep trying",
    "delivery is delayed", "has been delayed", "is being delayed", "transient non-fatal", "will be retried", "still trying",
    "not yet been delivered", "delayed mail", "delivery delayed", "no action is required", "queued for", "temporarily",
    "wird weiter versucht", "verzögert", "remise différée", "se seguirá intentando", "retrying", "warning: could not send",
)  # fmt: skip
