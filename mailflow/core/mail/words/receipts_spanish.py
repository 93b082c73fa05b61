"""Spanish receipts."""

from __future__ import annotations

_NOTHING = "No se ha hecho ni enviado nada."

SPANISH: dict[str, str] = {
    # What was written could not be read.
    "unknown_verb_guess": "Línea {line}: «#{verb}» no es una orden. ¿Quiso decir «#{guess}»? "
    + _NOTHING,
    "unknown_verb": "Línea {line}: «#{verb}» no es una orden; #help las enumera. " + _NOTHING,
    "command_in_text": "Línea {line}: «#{verb}» está dentro del texto. Las órdenes van arriba del "
    "todo, y ninguna línea del texto puede empezar por # y una palabra. " + _NOTHING,
    "no_blank_line": "Línea {line}: deje una línea en blanco entre las órdenes y el texto, o "
    "empiece la línea con un espacio si continúa la orden. " + _NOTHING,
    "too_many_commands": "Más de {most} órdenes en un solo correo. " + _NOTHING,
    "key_twice": "Línea {line}: «{key}:» aparece dos veces en #{verb}. " + _NOTHING,
    "text_after_verb": "Línea {line}: después de #{verb} no va nada. " + _NOTHING,
    "argument_missing": "Línea {line}: a #{verb} le falta «{what}». Escriba por ejemplo "
    "«#{verb} {takes}». " + _NOTHING,
    "argument_wrong": "Línea {line}: «{value}» no sirve como «{what}» de #{verb}; se admite: "
    "{known}. " + _NOTHING,
    "no_date": "Línea {line}: «{value}» no es una fecha. Escriba 2026-12-01, fri o +3d (días "
    "laborables). " + _NOTHING,
    "contradiction": "Línea {line}: #{verb} y #{other} no caben en el mismo correo. " + _NOTHING,
    "texts_differ": "El texto sin formato y el HTML de su correo dicen cosas distintas, y nadie "
    "sabe qué quiso decir. No se ha hecho ni enviado nada. Escríbalo de nuevo como texto sin "
    "formato.",
    # Answers and notes.
    "reply_ordered": "Sale a las {when} hacia la persona. Responda #cancel para detenerlo.",
    "send_ordered": "La nota {n} sale a las {when} hacia la persona. Responda #cancel para "
    "detenerla.",
    "note_kept": "Guardado como nota interna {n}, NO enviado a la persona. Responda #send {n} para "
    "enviarla.",
    "addendum_kept": "Añadido con su fecha al caso cerrado (nota {n}), NO enviado a la persona.",
    "kept_instead": "Su texto queda como nota interna {n}. Responda #send {n} para enviarlo solo a "
    "la persona.",
    "reply_cancelled": "Detenido: {count} correo a la persona no saldrá.",
    "nothing_to_cancel": "No hay nada que detener: ningún correo a la persona está en espera.",
    "reply_empty": "NO enviado: su correo no tiene texto por encima de la cita.",
    "mail_empty": "Su correo no tiene texto por encima de la cita. No se ha hecho nada.",
    "reply_no_address": "NO enviado: no hay dirección a la que responder.",
    "reply_internal_header": "NO enviado: el texto contiene cabeceras de un correo interno (como "
    "Reply-To:). Quítelas.",
    "reply_confirm_confidential": "NO enviado: este caso es confidencial. Si la persona debe "
    "recibirlo, empiece con #reply confirm.",
    "reply_note_attachment": "NO enviado: un adjunto llegó al caso con una nota interna.",
    "reply_repeats_note": "NO enviado: el texto repite parte de una nota interna. Quítela, o "
    "empiece con #reply confirm si la persona puede leerla.",
    "reply_to_all": "NO enviado: en Para o CC hay otros {count} destinatarios. Responda solo a "
    "esta "
    "dirección.",
    "reply_excluded_copied": "NO enviado: en Para o CC está alguien que no debe saber de este caso "
    "y que recibió su correo directamente: hable con su responsable.",
    "note_unknown": "Esa nota no existe; el caso tiene {count}.",
    "note_sent_already": "La nota {n} ya se envió; nada sale dos veces.",
    "lane_unknown": "Este caso no tiene un hilo «{lane}». No se ha enviado nada.",
    # Access.
    "no_access": "Su correo no corresponde a ningún caso al que usted tenga acceso.",
    "ref_unknown": "{ref} no corresponde a ningún caso al que usted tenga acceso.",
    "person_unknown": "No conocemos a «{person}», o hay más de una persona así: escriba la "
    "dirección.",
    "may_not_own": "{person} no puede llevar este caso.",
    "may_not_see": "{person} no puede ver este caso.",
    "state_forbids": "No es posible mientras el estado del caso sea: {state}.",
    "address_expired": "{ref} terminó el {date}, y con él las direcciones de respuesta de sus "
    "mensajes: no se ha hecho nada. Responda a este mensaje, con #status, o con #reopen reason: "
    "para retomarlo.",
    "record_frozen": "El expediente de este caso está cerrado. Escriba lo posterior como nota: "
    "se añade con su fecha. #reopen abre el caso de nuevo.",
    "date_past": "El {date} ya pasó.",
    # Ownership.
    "ack_done": "El caso es suyo y queda confirmado.",
    "ack_not_owner": "El caso no es suyo. Con #take lo asume.",
    "take_done": "El caso es ahora suyo.",
    "assign_done": "El caso lo lleva ahora {person}; se le avisa.",
    "owns_already": "El caso ya lo lleva {person}.",
    "escalate_done": "Pasado hacia arriba: se avisa a {count} personas.",
    "away_done": "Hasta el {date} inclusive no le llega nada nuevo. Le sustituye: {person}.",
    # Class.
    "category_done": "La categoría es ahora: {category}.",
    "category_unknown": "No existe la categoría «{value}». La más parecida: {guess}.",
    "risk_done": "El nivel es ahora: {risk}.",
    "risk_same": "El nivel ya es: {risk}.",
    "flag_done": "Marcado: {flag}.",
    "flag_unknown": "No existe la marca «{flag}». La más parecida: {guess}.",
    "restrict_done": "Ahora solo lo ven {count} personas y quien lo lleva.",
    # Waiting and dates.
    "wait_employee": "Su pregunta va a la persona. Los plazos que pueden esperar quedan parados.",
    "wait_third_party": "Se espera a un tercero. Los plazos que pueden esperar quedan parados.",
    "wait_internal": "Se espera internamente. Ningún plazo se para.",
    "wait_runs_on": "La espera queda anotada. El caso ya ha estado en pausa 20 días laborables en "
    "total, así que esta vez sus plazos siguen corriendo.",
    "not_waiting": "El caso no está en espera.",
    "resume_done": "El caso sigue, y sus plazos también.",
    "due_done": "La resolución vence ahora el {date}.",
    "no_date_to_move": "Aquí no hay ninguna fecha que una persona pueda mover.",
    "no_moment": "Línea {line}: «{value}» no es una hora: escriba 2026-11-24 09:30, yesterday "
    "14:00 o today. " + _NOTHING,
    "trigger_done": "{clock} está en marcha; vence el {due}.",
    "no_period": "Ningún plazo legal le espera en este caso. Esos plazos dependen de la "
    "categoría: #status la muestra, #category la cambia.",
    "period_unnamed": "Diga qué plazo: {known}.",
    "period_unknown": "Aquí no hay ningún plazo «{clock}». El más parecido: {guess}.",
    "period_runs": "{clock} ya está en marcha desde el {since}. Para corregir esa hora, añada "
    "reason: …",
    "period_kept": "{clock} consta como cumplido; un hecho nuevo es un caso nuevo: #new.",
    "moment_needs_time": "{clock}: {terms}. La hora cuenta: escriba at: 2026-11-24 09:30.",
    "moment_ahead": "{at} aún no ha llegado. Escriba cuándo ocurrió o cuándo lo supo.",
    "act_too_early": "{clock} está en marcha desde el {since}; lo que se hizo antes no puede "
    "cumplirlo.",
    "met_done": "{clock} está cumplido y consta lo que se hizo.",
    "met_late": "{clock} vencía el {due}; lo que se hizo consta como tardío.",
    "remind_done": "Se le recordará el {date}.",
    # Facts of an investigation.
    "party_done": "Consta en el caso; papel: {role}.",
    "party_not_in_directory": "Consta en el caso; papel: {role}. El nombre no está en el "
    "directorio, así que no aparta a nadie del caso.",
    "allegation_done": "La alegación {n} consta en el caso.",
    "allegation_unknown": "No hay alegación {n}; el caso tiene {count}.",
    "conflict_done": "A partir de aquí esta persona no sabrá nada del caso.",
    "conflict_requester": "No se puede apartar del caso a quien lo presentó.",
    "clear_conflict_done": "Esta persona puede volver a intervenir en el caso.",
    "clear_conflict_asked": "Solicitado: otra persona tiene que escribir lo mismo antes de que "
    "esta persona pueda volver a intervenir en el caso.",
    "no_second_person": "Nadie más puede decidir sobre este caso, así que nadie puede "
    "readmitir a esta persona.",
    "not_excluded": "«{person}» no está fuera de este caso.",
    "not_oneself": "Otra persona tiene que levantarlo por usted.",
    "begin_done": "La investigación ha empezado; el plan consta en el caso.",
    "begin_not_owner": "Solo quien lleva el caso empieza la investigación.",
    "begun_already": "La investigación ya había empezado.",
    "finding_done": "La conclusión sobre la alegación {n} consta en el caso.",
    "action_done": "La medida {n} consta en el caso.",
    "action_unknown": "No hay medida {n}; el caso tiene {count}.",
    "done_done": "La medida {n} está hecha.",
    # Hold, consent.
    "hold_done": "Retención legal: no se borra nada de él.",
    "no_hold": "Este caso no tiene retención legal.",
    "release_asked": "Otra persona debe responder #approve; hasta entonces sigue la retención.",
    "release_done": "La retención queda levantada.",
    "nothing_to_approve": "En este caso no hay nada que aprobar.",
    "second_person": "Otra persona tiene que aprobar lo que usted pidió.",
    "export_approved": "{person} puede sacar una vez el expediente de este caso.",
    "reviewed_done": "Anotado como revisado.",
    "training_renewed": "Su formación en confidencialidad vale ahora hasta el {date}.",
    "agree_not_asked": "No hay nada que espere su acuerdo.",
    "agree_done": "Su conformidad consta.",
    # Cases and each other.
    "link_done": "Enlazado con {ref}. Solo lo ve RR. HH.",
    "merge_done": "Este caso sigue en {ref}; los correos siguientes llegan allí.",
    "merge_requester": "{ref} es de otra persona: enlácelos con #link, nunca los una.",
    "merge_wider": "A {ref} acceden personas que no pueden ver este caso: siguen separados.",
    "split_done": "Estas líneas son ahora el caso {ref}, y aquí están tachadas.",
    "nothing_to_split": "No hay texto que separar.",
    "lines_unknown": "El mensaje tiene {count} líneas.",
    "redact_done": "Estas palabras quedan tachadas desde ahora.",
    "redact_not_found": "Estas palabras no están en ninguna parte de este caso.",
    "new_done": "Abierto el caso {ref}.",
    "new_empty": "Falta el texto del caso: escríbalo debajo de la orden.",
    "forward_opened": "El caso se abrió para la persona cuyo correo usted reenvió.",
    "forward_note": "Sus propias líneas quedan como nota interna; la persona no las recibe.",
    "forward_plain": "Usted no añadió ninguna línea.",
    # Ends.
    "close_ordered": "El caso quedará resuelto en cuanto salga el correo con el resultado.",
    "close_done": "El caso está resuelto.",
    "close_missing": "NO cerrado. Falta: {missing}. Copie, complete y envíe:\n\n{block}",
    "close_date": "NO cerrado: la fecha debe estar entre {first} y {last}.",
    "outcome_not_here": "«{outcome}» solo vale en relaciones laborales e investigaciones.",
    "cancel_case_done": "El caso está cancelado.",
    "withdrawn_not_cancelled": "Una queja grave se examina aunque se retire: cierre el caso con un "
    "resultado.",
    "reopen_done": "El caso está abierto de nuevo.",
    # Held mail.
    "accept_done": "El mensaje retenido entra en el caso.",
    "reject_done": "El mensaje retenido queda fuera.",
    "held_none": "Ese mensaje retenido no existe; el caso tiene {count}.",
    "held_not_owner": "Solo quien lleva el caso decide sobre los mensajes retenidos.",
    "held_not_for_owner": "Solo quien lo envió puede liberar este mensaje.",
    # Answers.
    "status": "{ref}: {state}. Lo lleva: {owner}. Próximo plazo: {due}. Documentación: {meter} "
    "(falta: {missing}).",
    "transcript_withheld": "El texto no se le envía, porque otra persona lee su correo. Léalo con "
    "mailflow case show.",
    "mine_line": "{ref}: {what}. Vence: {due}.",
    "mine_none": "No lleva ningún caso abierto.",
    "help": "Las órdenes van arriba del todo en la respuesta, una por línea: {verbs}",
    "not_without_case": "#{verb} necesita un caso: responda a uno de sus correos.",
    # Above letters to the employee.
    "letter_new_address": "Su caso {ref} tiene una nueva dirección de respuesta: responda a "
    "este correo a partir de ahora. Una respuesta a uno anterior todavía nos llega, pero "
    "alguien tiene que dejarla pasar antes.",
    "letter_settled": "Su caso {ref} está resuelto por nuestra parte. Si para usted no lo está, "
    "responda a este correo y se abre de nuevo.",
    "letter_copied": "Su mensaje sobre el caso {ref} "
    "llegó también a alguien de quien podría tratar. "
    "No podemos retirar "
    "esa copia. No responda a todos: escríbanos solo a nosotros, respondiendo a este mensaje.",
    "letter_chase": "Le preguntamos algo sobre su caso {ref} y sin su respuesta no podemos seguir. "
    "Esta es otra vez la pregunta:",
    "letter_status": "Así está su caso {ref}:",
    # Alerts.
    "alert_wait_date": "Ha llegado la fecha que este caso esperaba: vuelve a estar en curso.",
    "alert_wait_silence": "La persona no ha respondido en 10 días laborables: el caso vuelve a "
    "usted.",
    "alert_wait_rested": "Este caso ha estado en pausa 20 días laborables en total, el máximo: "
    "vuelve a usted, y sus plazos corren desde ahora.",
    "alert_rested_long": "Este caso ha estado en pausa 20 días laborables en total, el máximo. "
    "Vuelve a la persona responsable, y sus plazos corren de nuevo: procure que llegue a su fin.",
    "alert_still_waiting": "Este caso lleva 5 días laborables esperando a un tercero: haga "
    "saber a la persona que no está olvidado.",
    "alert_delete_data": "La persona pide que se borren sus datos. La ley da un mes para "
    "responder; lo retenido o lo que la ley obliga a guardar se queda.",
    "alert_unconfirmed": "Nadie ha confirmado este caso a tiempo y ahora no puede asumirlo nadie "
    "más.",
    "alert_replaced": "Este caso no se confirmó a tiempo; ahora lo lleva otra persona del equipo.",
    "alert_reminder": "Usted pidió que se le recordara este caso. {text}",
    "alert_new_address": "Sus direcciones de respuesta para este caso se han cambiado: "
    "responda a este correo o a otros más recientes. Lo que llegue a las anteriores espera a "
    "la persona responsable.",
    "alert_undelivered_dead": "Un correo de este caso a {recipient} no se pudo entregar y no se "
    "volverá a intentar ({reason}). Compruebe la dirección o contacte con la persona de otro modo.",
    "alert_undelivered_late": "Un correo de este caso a {recipient} no se ha podido entregar desde "
    "hace cuatro horas ({reason}). Se intenta durante cinco días; si es urgente, contacte con la "
    "persona de otro modo.",
    "alert_export": "{person} quiere sacar el expediente de este caso. Si es correcto, responda "
    "#approve; antes no sale nada.",
    "alert_two_cases": "Un correo de {sender} lleva direcciones de respuesta de dos casos. Está en "
    "espera: responda #accept para añadirlo a este caso o #reject para dejarlo fuera.",
    "alert_hold": "Un correo de {sender} está en espera, pues nada prueba quién lo envió. Responda "
    "#accept para añadirlo al caso o #reject para dejarlo fuera.",
    "alert_hold_for_owner": "Un correo de {sender} está en espera, pues nada prueba quién lo "
    "envió. "
    "Responda #accept para añadirlo al caso o #reject para dejarlo fuera.",
    "alert_hold_and_renew_token": "La dirección de respuesta de {holder} la usó {sender}: "
    "probablemente se reenvió un correo. El correo está en espera: responda #accept para añadirlo "
    "al caso o #reject para dejarlo fuera. {holder} recibe una dirección nueva con el próximo "
    "correo.",
    "alert_hold_and_alert": "Un correo que dice ser de {sender} intentó actuar en este caso; no es "
    "auténtico o usó la dirección de respuesta de {holder}. No se hizo nada. Avise a su "
    "responsable.",
}
