"""French receipts."""

from __future__ import annotations

_NOTHING = "Rien n’a été fait, rien n’a été envoyé."

FRENCH: dict[str, str] = {
    # What was written could not be read.
    "unknown_verb_guess": "Ligne {line} : « #{verb} » n’est pas une commande. Vouliez-vous dire "
    "« #{guess} » ? " + _NOTHING,
    "unknown_verb": "Ligne {line} : « #{verb} » n’est pas une commande ; #help en donne la liste. "
    + _NOTHING,
    "command_in_text": "Ligne {line} : « #{verb} » se trouve dans le texte. Les commandes vont "
    "tout "
    "en haut, et aucune ligne du texte ne peut commencer par # et un mot. " + _NOTHING,
    "no_blank_line": "Ligne {line} : laissez une ligne vide entre les commandes et le texte, ou "
    "commencez la ligne par une espace si elle continue la commande. " + _NOTHING,
    "too_many_commands": "Plus de {most} commandes dans un seul mail. " + _NOTHING,
    "key_twice": "Ligne {line} : « {key}: » figure deux fois dans #{verb}. " + _NOTHING,
    "text_after_verb": "Ligne {line} : rien ne suit #{verb}. " + _NOTHING,
    "argument_missing": "Ligne {line} : il manque « {what} » à #{verb}. Écrivez par exemple "
    "« #{verb} {takes} ». " + _NOTHING,
    "argument_wrong": "Ligne {line} : « {value} » ne convient pas comme « {what} » de #{verb} ; "
    "possible : {known}. " + _NOTHING,
    "no_date": "Ligne {line} : « {value} » n’est pas une date. Écrivez 2026-12-01, fri ou +3d "
    "(jours ouvrés). " + _NOTHING,
    "contradiction": "Ligne {line} : #{verb} et #{other} ne vont pas dans le même mail. "
    + _NOTHING,
    "texts_differ": "Le texte brut et le HTML de votre mail disent des choses différentes : "
    "personne ne sait ce que vous vouliez dire. Rien n’a été fait, rien n’a été envoyé. "
    "Récrivez-le en texte brut.",
    # Answers and notes.
    "reply_ordered": "Part à {when} vers la personne. Répondez #cancel pour l’arrêter.",
    "send_ordered": "La note {n} part à {when} vers la personne. Répondez #cancel pour l’arrêter.",
    "note_kept": "Enregistré comme note interne {n}, NON envoyé à la personne. Répondez #send {n} "
    "pour l’envoyer.",
    "addendum_kept": "Ajouté avec sa date au dossier clos (note {n}), NON envoyé à la personne.",
    "kept_instead": "Votre texte est gardé comme note interne {n}. Répondez #send {n} pour "
    "l’envoyer à la personne seule.",
    "reply_cancelled": "Arrêté : {count} mail vers la personne ne partira pas.",
    "nothing_to_cancel": "Rien à arrêter : aucun mail vers la personne n’attend.",
    "reply_empty": "NON envoyé : votre mail ne contient aucun texte au-dessus de la citation.",
    "mail_empty": "Votre mail ne contient aucun texte au-dessus de la citation. Rien n’a été fait.",
    "reply_no_address": "NON envoyé : il n’y a pas d’adresse à laquelle répondre.",
    "reply_internal_header": "NON envoyé : le texte contient des en-têtes d’un mail interne (comme "
    "Reply-To:). Retirez-les.",
    "reply_confirm_confidential": "NON envoyé : ce dossier est confidentiel. Si la personne doit "
    "recevoir ce texte, commencez par #reply confirm.",
    "reply_note_attachment": "NON envoyé : une pièce jointe est entrée dans le dossier avec une "
    "note interne.",
    "reply_repeats_note": "NON envoyé : le texte reprend une partie d’une note interne. "
    "Retirez-la, "
    "ou commencez par #reply confirm si la personne peut la lire.",
    "reply_to_all": "NON envoyé : {count} autres destinataires figurent dans À ou Cc. Répondez à "
    "cette seule adresse.",
    "reply_excluded_copied": "NON envoyé : quelqu’un qui ne doit rien savoir de ce dossier figure "
    "dans À ou Cc et a reçu votre mail directement : parlez-en à votre responsable.",
    "note_unknown": "Cette note n’existe pas ; le dossier en a {count}.",
    "note_sent_already": "La note {n} est déjà partie ; rien ne part deux fois.",
    "lane_unknown": "Ce dossier n’a pas de fil « {lane} ». Rien n’a été envoyé.",
    # Access.
    "no_access": "Votre mail n’a pu être rattaché à aucun dossier qui vous soit accessible.",
    "ref_unknown": "{ref} n’a pu être rattaché à aucun dossier qui vous soit accessible.",
    "person_unknown": "« {person} » nous est inconnu, ou désigne plusieurs personnes : écrivez "
    "l’adresse.",
    "may_not_own": "Ce dossier ne peut pas être confié à {person}.",
    "may_not_see": "{person} ne peut pas voir ce dossier.",
    "state_forbids": "C’est impossible tant que l’état du dossier est : {state}.",
    "address_expired": "{ref} s’est terminé le {date}, et avec lui les adresses de réponse de ses "
    "messages : rien n’a été fait. Répondez à ce message, avec #status, ou avec #reopen reason: "
    "pour le reprendre.",
    "record_frozen": "Ce dossier est clos. Écrivez ce qui est venu après comme note : elle est "
    "ajoutée avec sa date. #reopen rouvre le dossier.",
    "date_past": "Le {date} est déjà passé.",
    # Ownership.
    "ack_done": "Le dossier est à vous, et c’est confirmé.",
    "ack_not_owner": "Le dossier n’est pas à vous. #take le reprend.",
    "take_done": "Le dossier est maintenant à vous.",
    "assign_done": "Le dossier est maintenant à {person}, qui en est avisé par mail.",
    "owns_already": "Le dossier est déjà à {person}.",
    "escalate_done": "Transmis plus haut : {count} personnes en sont informées.",
    "away_done": "Rien de nouveau ne vous arrive jusqu’au {date} inclus. Suppléance : {person}.",
    # Class.
    "category_done": "La catégorie est maintenant : {category}.",
    "category_unknown": "La catégorie « {value} » n’existe pas. La plus proche : {guess}.",
    "risk_done": "Le niveau est maintenant : {risk}.",
    "risk_same": "Le niveau est déjà : {risk}.",
    "flag_done": "Signalé : {flag}.",
    "flag_unknown": "Le signalement « {flag} » n’existe pas. Le plus proche : {guess}.",
    "restrict_done": "Visible désormais par {count} personnes et par qui traite le dossier.",
    # Waiting and dates.
    "wait_employee": "Votre question part vers la personne. Les délais qui peuvent attendre sont "
    "suspendus.",
    "wait_third_party": "En attente d’un tiers. Les délais qui peuvent attendre sont suspendus.",
    "wait_internal": "En attente en interne. Aucun délai n’est suspendu.",
    "wait_runs_on": "L’attente est notée. Le dossier a déjà été suspendu 20 jours ouvrés en tout : "
    "cette fois, ses délais continuent de courir.",
    "not_waiting": "Le dossier n’est pas en attente.",
    "resume_done": "Le dossier reprend, ses délais aussi.",
    "due_done": "La résolution est maintenant attendue pour le {date}.",
    "no_date_to_move": "Il n’y a ici aucune date qu’une personne puisse déplacer.",
    "no_moment": "Ligne {line} : « {value} » n’est pas une heure : écrivez 2026-11-24 09:30, "
    "yesterday 14:00 ou today. " + _NOTHING,
    "trigger_done": "{clock} court ; échéance le {due}.",
    "no_period": "Aucun délai légal ne vous attend dans ce dossier. Ces délais dépendent de la "
    "catégorie : #status la montre, #category la change.",
    "period_unnamed": "Dites quel délai : {known}.",
    "period_unknown": "Il n’y a pas ici de délai « {clock} ». Le plus proche : {guess}.",
    "period_runs": "{clock} court déjà, depuis le {since}. Pour corriger cette heure, ajoutez "
    "reason: …",
    "period_kept": "{clock} est noté comme respecté ; un nouvel événement est un nouveau dossier "
    ": #new.",
    "moment_needs_time": "{clock} : {terms}. L’heure compte : écrivez at: 2026-11-24 09:30.",
    "moment_ahead": "{at} est encore à venir. Écrivez quand cela s’est passé, ou quand vous "
    "l’avez appris.",
    "act_too_early": "{clock} court depuis le {since} ; ce qui a été fait avant ne peut pas le "
    "respecter.",
    "met_done": "{clock} est respecté, et ce qui a été fait est noté.",
    "met_late": "{clock} arrivait à échéance le {due} ; ce qui a été fait est noté, comme tardif.",
    "remind_done": "Un rappel vous parviendra le {date}.",
    # Facts of an investigation.
    "party_done": "Inscrit au dossier ; rôle : {role}.",
    "party_not_in_directory": "Inscrit au dossier ; rôle : {role}. Le nom ne figure pas dans "
    "l’annuaire : il n’écarte donc personne du dossier.",
    "allegation_done": "L’allégation {n} est inscrite.",
    "allegation_unknown": "Il n’y a pas d’allégation {n} ; le dossier en a {count}.",
    "conflict_done": "À partir d’ici, cette personne n’apprend plus rien du dossier.",
    "conflict_requester": "La personne à l’origine du dossier ne peut pas en être écartée.",
    "clear_conflict_done": "Cette personne peut de nouveau avoir affaire au dossier.",
    "clear_conflict_asked": "Demandé : une deuxième personne doit écrire la même chose avant que "
    "cette personne puisse de nouveau avoir affaire au dossier.",
    "no_second_person": "Personne d’autre ne peut décider de ce dossier ; personne ne peut "
    "donc lever l’exclusion.",
    "not_excluded": "« {person} » n’est pas écarté de ce dossier.",
    "not_oneself": "Quelqu’un d’autre doit le lever pour vous.",
    "begin_done": "L’enquête a commencé ; le plan est inscrit.",
    "begin_not_owner": "Seule la personne chargée du dossier commence l’enquête.",
    "begun_already": "L’enquête a déjà commencé.",
    "finding_done": "La conclusion sur l’allégation {n} est inscrite.",
    "action_done": "La mesure {n} est inscrite.",
    "action_unknown": "Il n’y a pas de mesure {n} ; le dossier en a {count}.",
    "done_done": "La mesure {n} est faite.",
    # Hold, consent.
    "hold_done": "Conservation obligatoire : rien n’en est effacé.",
    "no_hold": "Aucune conservation obligatoire ne pèse sur ce dossier.",
    "release_asked": "Une seconde personne doit répondre #approve ; jusque-là, tout est conservé.",
    "release_done": "La conservation obligatoire est levée.",
    "nothing_to_approve": "Il n’y a rien à approuver dans ce dossier.",
    "second_person": "Quelqu’un d’autre doit approuver ce que vous avez demandé.",
    "export_approved": "{person} peut sortir une fois les pièces de ce dossier.",
    "reviewed_done": "Noté comme relu.",
    "training_renewed": "Votre formation à la confidentialité est maintenant valable "
    "jusqu’au {date}.",
    "agree_not_asked": "Rien n’attend votre accord.",
    "agree_done": "Votre accord est inscrit.",
    # Cases and each other.
    "link_done": "Lié à {ref}. Seuls les RH le voient.",
    "merge_done": "Ce dossier continue dans {ref} ; les mails suivants y arrivent.",
    "merge_requester": "{ref} vient de quelqu’un d’autre : liez les deux par #link, ne les "
    "fusionnez jamais.",
    "merge_wider": "{ref} est visible par des personnes qui ne voient pas ce dossier : ils restent "
    "séparés.",
    "split_done": "Ces lignes sont maintenant le dossier {ref}, et masquées ici.",
    "nothing_to_split": "Il n’y a pas de texte à détacher.",
    "lines_unknown": "Le message a {count} lignes.",
    "redact_done": "Ces mots sont masqués à partir d’ici.",
    "redact_not_found": "Ces mots ne figurent nulle part dans ce dossier.",
    "new_done": "Le dossier {ref} est ouvert.",
    "new_empty": "Il manque le texte du dossier : écrivez-le sous la commande.",
    "forward_opened": "Le dossier est celui de la personne dont vous avez transféré le mail.",
    "forward_note": "Vos propres lignes restent une note interne, invisible pour la personne.",
    "forward_plain": "Vous n’avez rien ajouté vous-même.",
    # Ends.
    "close_ordered": "Le dossier sera résolu dès que le mail de résultat sera parti.",
    "close_done": "Le dossier est résolu.",
    "close_missing": "NON clos. Il manque : {missing}. À copier, compléter et envoyer :\n\n{block}",
    "close_date": "NON clos : la date doit se situer entre le {first} et le {last}.",
    "outcome_not_here": "« {outcome} » ne vaut que pour les relations de travail et les enquêtes.",
    "cancel_case_done": "Le dossier est annulé.",
    "withdrawn_not_cancelled": "Une plainte grave est examinée même si elle a été retirée : "
    "clôturez plutôt le dossier avec un résultat.",
    "reopen_done": "Le dossier est rouvert.",
    # Held mail.
    "accept_done": "Le message retenu rejoint le dossier.",
    "reject_done": "Le message retenu reste en dehors.",
    "held_none": "Ce message retenu n’existe pas ; le dossier en a {count}.",
    "held_not_owner": "Seule la personne chargée du dossier décide des messages retenus.",
    "held_not_for_owner": "Seul son expéditeur peut débloquer ce message.",
    # Answers.
    "status": "{ref} : {state}. Chargé du dossier : {owner}. Prochaine échéance : {due}. "
    "Documentation : {meter} (il manque : {missing}).",
    "transcript_withheld": "Le texte ne vous est pas envoyé, car une autre personne lit votre "
    "courrier. Lisez-le avec mailflow case show.",
    "mine_line": "{ref} : {what}. Échéance : {due}.",
    "mine_none": "Aucun dossier ouvert n’est à vous.",
    "help": "Les commandes vont tout en haut d’une réponse, une par ligne : {verbs}",
    "not_without_case": "#{verb} suppose un dossier : répondez à l’un de ses mails.",
    # Above letters to the employee.
    "letter_new_address": "Votre dossier {ref} a une nouvelle adresse de réponse : répondez "
    "désormais à ce mail. Une réponse à un mail plus ancien nous parvient encore, mais "
    "quelqu’un doit d’abord la laisser passer.",
    "letter_settled": "Votre dossier {ref} est réglé de notre côté. S’il ne l’est pas pour vous, "
    "répondez à ce mail et il sera rouvert.",
    "letter_copied": "Votre message au sujet du dossier {ref} "
    "est aussi parvenu à une personne qu’il "
    "pourrait concerner. Nous "
    "ne pouvons pas reprendre cette copie. Ne répondez pas à tous : écrivez-nous à nous seuls, en "
    "répondant à ce message.",
    "letter_chase": "Nous vous avons posé une question sur votre dossier {ref} et ne pouvons pas "
    "avancer sans votre réponse. Voici de nouveau la question :",
    "letter_status": "Voici où en est votre dossier {ref} :",
    # Alerts.
    "alert_wait_date": "La date qu’attendait ce dossier est arrivée : il est de nouveau en cours.",
    "alert_wait_silence": "La personne n’a pas répondu depuis 10 jours ouvrés : le dossier vous "
    "revient.",
    "alert_wait_rested": "Ce dossier a été suspendu 20 jours ouvrés en tout, c’est le maximum : il "
    "vous revient, et ses délais courent de nouveau.",
    "alert_rested_long": "Ce dossier a été suspendu 20 jours ouvrés en tout, c’est le maximum. Il "
    "est de retour chez la personne qui en est chargée, et ses délais courent de nouveau : "
    "veillez à ce qu’il aboutisse.",
    "alert_still_waiting": "Ce dossier attend un tiers depuis 5 jours ouvrés : dites à la "
    "personne qu’il n’est pas oublié.",
    "alert_delete_data": "La personne demande l’effacement de ses données. La loi laisse un "
    "mois pour répondre ; ce qui doit être conservé le reste.",
    "alert_unconfirmed": "Personne n’a confirmé ce dossier à temps, et personne d’autre ne peut le "
    "prendre maintenant.",
    "alert_replaced": "Ce dossier n’avait pas été confirmé à temps ; quelqu’un d’autre de l’équipe "
    "s’en charge maintenant.",
    "alert_reminder": "Vous vouliez un rappel de ce dossier. {text}",
    "alert_new_address": "Vos adresses de réponse pour ce dossier ont été remplacées : "
    "répondez à ce mail ou à de plus récents. Ce qui arrive aux anciennes adresses attend la "
    "personne responsable.",
    "alert_undelivered_dead": "Un mail de ce dossier à {recipient} n’a pas pu être remis et ne "
    "sera plus envoyé ({reason}). Vérifiez l’adresse, ou joignez la personne autrement.",
    "alert_undelivered_late": "Un mail de ce dossier à {recipient} n’a pas pu être remis depuis "
    "quatre heures ({reason}). L’envoi est tenté pendant cinq jours ; si c’est urgent, joignez la "
    "personne autrement.",
    "alert_export": "{person} veut sortir les pièces de ce dossier. Si c’est juste, répondez "
    "#approve ; rien ne sort avant.",
    "alert_two_cases": "Un mail de {sender} porte les adresses de réponse de deux dossiers. Il "
    "attend : répondez #accept pour l’ajouter à ce dossier, ou #reject pour le laisser en dehors.",
    "alert_hold": "Un mail de {sender} attend, car rien ne prouve qui l’a envoyé. Répondez #accept "
    "pour l’ajouter au dossier, ou #reject pour le laisser en dehors.",
    "alert_hold_for_owner": "Un mail de {sender} attend, car rien ne prouve qui l’a envoyé. "
    "Répondez #accept pour l’ajouter au dossier, ou #reject pour le laisser en dehors.",
    "alert_hold_and_renew_token": "L’adresse de réponse de {holder} a servi à {sender} : un mail a "
    "sans doute été transféré. Ce mail attend : répondez #accept pour l’ajouter au dossier, ou "
    "#reject pour le laisser en dehors. {holder} reçoit une nouvelle adresse avec le prochain "
    "mail.",
    "alert_hold_and_alert": "Un mail qui prétend venir de {sender} a tenté d’agir dans ce "
    "dossier ; "
    "il n’est pas authentique ou a pris l’adresse de réponse de {holder}. Rien n’a été fait. "
    "Parlez-en à votre responsable.",
}
