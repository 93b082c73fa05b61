"""Short notices to staff about whose a case is, in every language of the mails."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mailflow.core.mail import words

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOTICES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "accountable": {
            "en": "A provider works on this case, and you answer for it inside the organisation.",
            "de": "Ein Dienstleister bearbeitet diesen Fall, und Sie verantworten ihn im Haus.",
            "fr": "Un prestataire traite ce dossier, et vous en répondez au sein de "
            "l'organisation.",
            "es": "Un proveedor lleva este caso, y usted responde de él dentro de la organización.",
        },
        "relieved": {
            "en": "This case is handled by somebody else from now on. There is nothing left for "
            "you to do. Please delete the messages you have of it.",
            "de": "Diesen Fall bearbeitet ab jetzt jemand anderes. Für Sie ist nichts mehr zu tun. "
            "Bitte löschen Sie die Nachrichten, die Sie dazu haben.",
            "fr": "Ce dossier est désormais traité par quelqu'un d'autre. Vous n'avez plus rien à "
            "faire. Veuillez supprimer les messages que vous en avez.",
            "es": "De este caso se ocupa otra persona a partir de ahora. No tiene que hacer nada "
            "más. Borre, por favor, los mensajes que tenga de él.",
        },
        "gap": {
            "en": "“{target}” should have been told of this case, but nobody knows who reads mail "
            "to it, so nothing was sent. Name its people in config/staff.yaml.",
            "de": "„{target}“ sollte von diesem Fall erfahren, aber es ist nicht bekannt, wer dort "
            "mitliest; es wurde nichts gesendet. Nennen Sie die Personen in config/staff.yaml.",
            "fr": "« {target} » devait être informé de ce dossier, mais on ne sait pas qui lit ce "
            "courrier ; rien n'a été envoyé. Nommez ses membres dans config/staff.yaml.",
            "es": "«{target}» debía saber de este caso, pero no se sabe quién lee ese correo; no "
            "se envió nada. Nombre a sus personas en config/staff.yaml.",
        },
        "clearing_asked": {
            "en": "A colleague asks to let somebody who is kept out of this case in again. That "
            "takes a second person: look at the case, and confirm it only if somebody else is "
            "meant there.",
            "de": "Jemand bittet darum, eine Person wieder zuzulassen, die von diesem Fall "
            "ferngehalten wird. Dazu braucht es zwei: Sehen Sie sich den Fall an, und bestätigen "
            "Sie es nur, wenn dort jemand anderes gemeint ist.",
            "fr": "Un collègue demande qu'une personne écartée de ce dossier y soit de nouveau "
            "admise. Il faut deux personnes : regardez le dossier et ne confirmez que s'il y est "
            "question de quelqu'un d'autre.",
            "es": "Un compañero pide que se vuelva a admitir a una persona apartada de este caso. "
            "Hacen falta dos: mire el caso y confírmelo solo si allí se habla de otra persona.",
        },
        "exposure": {
            "en": "Somebody who is kept out of this case from now on had been sent, or had read, "
            "{count} items of it before. Their reply addresses have ended. What they had stands "
            "in the history of the case: mailflow case show.",
            "de": "Jemand, der von diesem Fall ab jetzt ferngehalten wird, hatte vorher {count} "
            "Nachrichten oder Auszüge davon bekommen. Die Antwortadressen sind erloschen. Was es "
            "war, steht im Verlauf des Falls: mailflow case show.",
            "fr": "Une personne désormais écartée de ce dossier en avait reçu ou lu {count} "
            "éléments. Ses adresses de réponse sont fermées. Le détail figure dans l'historique "
            "du dossier : mailflow case show.",
            "es": "Una persona apartada de este caso desde ahora había recibido o leído {count} "
            "elementos de él. Sus direcciones de respuesta ya no valen. El detalle está en el "
            "historial del caso: mailflow case show.",
        },
        "mailbox_read": {
            "en": "Somebody whom your message may be about can open the mailbox that you wrote to. "
            "For anything more, write to {address} instead: it is read by other people.",
            "de": "Jemand, um den es in Ihrer Nachricht gehen könnte, kann das Postfach öffnen, an "
            "das Sie geschrieben haben. Schreiben Sie Weiteres an {address}: Das lesen andere.",
            "fr": "Une personne que votre message pourrait concerner peut ouvrir la boîte à "
            "laquelle vous avez écrit. Pour la suite, écrivez à {address} : d'autres la lisent.",
            "es": "Alguien de quien podría tratar su mensaje puede abrir el buzón al que escribió. "
            "Para lo demás, escriba a {address}: lo leen otras personas.",
        },
        "mailbox_read_only": {
            "en": "Somebody whom your message may be about can open the mailbox that you wrote to. "
            "If that worries you, do not write more here: ask us to call you instead.",
            "de": "Jemand, um den es in Ihrer Nachricht gehen könnte, kann das Postfach öffnen, an "
            "das Sie geschrieben haben. Wenn Sie das beunruhigt, schreiben Sie hier nichts "
            "Weiteres: Bitten Sie um einen Anruf.",
            "fr": "Une personne que votre message pourrait concerner peut ouvrir la boîte à "
            "laquelle vous avez écrit. Si cela vous inquiète, n'écrivez rien de plus ici : "
            "demandez que l'on vous appelle.",
            "es": "Alguien de quien podría tratar su mensaje puede abrir el buzón al que escribió. "
            "Si eso le preocupa, no escriba más aquí: pida que le llamemos.",
        },
        "similar_case": {
            "en": "This may belong to {ref} of {day}: the same person wrote under a similar "
            "subject. #merge {ref} joins them.",
            "de": "Das gehört vielleicht zu {ref} ({day}): Dieselbe Person schrieb unter einem "
            "ähnlichen Betreff. #merge {ref} führt beide zusammen.",
            "fr": "Ceci relève peut-être du dossier {ref} ({day}) : la même personne a écrit avec "
            "un objet semblable. #merge {ref} les réunit.",
            "es": "Puede que esto pertenezca a {ref} ({day}): la misma persona escribió con un "
            "asunto parecido. #merge {ref} los une.",
        },
        "call_back": {
            "en": "The message asks for another bank account. Call the person back on the number "
            "in your own records before anything is changed; a mail is never proof.",
            "de": "Die Nachricht nennt ein anderes Bankkonto. Rufen Sie die Person unter der "
            "Nummer aus Ihren eigenen Unterlagen zurück, bevor etwas geändert wird; eine Mail ist "
            "nie ein Beweis.",
            "fr": "Le message demande un autre compte bancaire. Rappelez la personne au numéro de "
            "vos propres dossiers avant tout changement ; un courriel n'est jamais une preuve.",
            "es": "El mensaje pide otra cuenta bancaria. Llame a la persona al número de sus "
            "propios registros antes de cambiar nada; un correo nunca es prueba.",
        },
    }
)


def say_notice(code: str, locale: str, facts: Mapping[str, str] = MappingProxyType({})) -> str:
    """One notice as a sentence or two; English where the language is none of ours."""
    by_language = _NOTICES[code]
    said = by_language.get(words.language(locale), by_language["en"])
    for name, value in facts.items():
        said = said.replace(f"{{{name}}}", value)
    return said
