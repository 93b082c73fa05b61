"""German receipts."""

from __future__ import annotations

_NOTHING = "Es wurde nichts ausgeführt und nichts gesendet."

GERMAN: dict[str, str] = {
    # What was written could not be read.
    "unknown_verb_guess": "Zeile {line}: „#{verb}“ ist kein Befehl. Meinten Sie „#{guess}“? "
    + _NOTHING,
    "unknown_verb": "Zeile {line}: „#{verb}“ ist kein Befehl; #help zählt sie auf. " + _NOTHING,
    "command_in_text": "Zeile {line}: „#{verb}“ steht im Text. Befehle gehören ganz nach oben, und "
    "keine Zeile des Textes darf mit # und einem Wort beginnen. " + _NOTHING,
    "no_blank_line": "Zeile {line}: Lassen Sie eine Zeile frei zwischen den Befehlen und dem Text, "
    "oder beginnen Sie die Zeile mit einem Leerzeichen, wenn sie zum Befehl gehört. " + _NOTHING,
    "too_many_commands": "Mehr als {most} Befehle in einer Mail. " + _NOTHING,
    "key_twice": "Zeile {line}: „{key}:“ steht zweimal in #{verb}. " + _NOTHING,
    "text_after_verb": "Zeile {line}: Nach #{verb} steht nichts weiter. " + _NOTHING,
    "argument_missing": "Zeile {line}: Bei #{verb} fehlt „{what}“. Schreiben Sie zum Beispiel "
    "„#{verb} {takes}“. " + _NOTHING,
    "argument_wrong": "Zeile {line}: „{value}“ geht bei #{verb} nicht als „{what}“; möglich ist: "
    "{known}. " + _NOTHING,
    "no_date": "Zeile {line}: „{value}“ ist kein Datum. Schreiben Sie 2026-12-01, fri oder +3d "
    "(Arbeitstage). " + _NOTHING,
    "contradiction": "Zeile {line}: #{verb} und #{other} passen nicht in eine Mail. " + _NOTHING,
    "texts_differ": "Der reine Text und das HTML Ihrer Mail sagen Verschiedenes, also weiß "
    "niemand, was Sie meinten. Es wurde nichts ausgeführt und nichts gesendet. Schreiben Sie es "
    "neu, als reinen Text.",
    # Answers and notes.
    "reply_ordered": "Geht um {when} an die Person. Mit #cancel halten Sie es auf.",
    "send_ordered": "Notiz {n} geht um {when} an die Person. Mit #cancel halten Sie es auf.",
    "note_kept": "Gespeichert als interne Notiz {n}, NICHT an die Person gesendet. "
    "Mit #send {n} senden Sie sie.",
    "addendum_kept": "Mit Datum dem abgeschlossenen Fall beigefügt (Notiz {n}), NICHT an die "
    "Person gesendet.",
    "kept_instead": "Ihr Text ist als interne Notiz {n} aufgehoben. Mit #send {n} geht er an die "
    "Person allein.",
    "reply_cancelled": "Aufgehalten: {count} Mail an die Person wird nicht gesendet.",
    "nothing_to_cancel": "Es gibt nichts aufzuhalten: Keine Mail an die Person wartet.",
    "reply_empty": "NICHT gesendet: Über dem Zitat steht in Ihrer Mail kein Text.",
    "mail_empty": "Über dem Zitat steht in Ihrer Mail kein Text. Es wurde nichts ausgeführt.",
    "reply_no_address": "NICHT gesendet: Es gibt keine Adresse, an die man antworten kann.",
    "reply_internal_header": "NICHT gesendet: Im Text stehen Kopfzeilen einer internen Mail (wie "
    "Reply-To:). Nehmen Sie sie heraus.",
    "reply_confirm_confidential": "NICHT gesendet: Dieser Fall ist vertraulich. Soll die Person "
    "das bekommen, beginnen Sie mit #reply confirm.",
    "reply_note_attachment": "NICHT gesendet: Ein Anhang kam mit einer internen Notiz in den Fall.",
    "reply_repeats_note": "NICHT gesendet: Der Text wiederholt einen Teil einer internen Notiz. "
    "Nehmen Sie ihn heraus, oder beginnen Sie mit #reply confirm, wenn die Person ihn lesen darf.",
    "reply_to_all": "NICHT gesendet: In An oder Kopie stehen {count} weitere Empfänger. Antworten "
    "Sie nur an diese eine Adresse.",
    "reply_excluded_copied": "NICHT gesendet: In An oder Kopie steht jemand, der von diesem Fall "
    "nichts wissen darf und Ihre Mail direkt bekam: Bitte sprechen Sie mit Ihrer Leitung.",
    "note_unknown": "Diese Notiz gibt es nicht; der Fall hat {count}.",
    "note_sent_already": "Notiz {n} wurde schon gesendet; nichts geht zweimal hinaus.",
    "lane_unknown": "Einen eigenen Faden „{lane}“ hat dieser Fall nicht. Es wurde nichts gesendet.",
    # Access.
    "no_access": "Ihre Mail ließ sich keinem Fall zuordnen, den Sie sehen dürfen.",
    "ref_unknown": "{ref} ließ sich keinem Fall zuordnen, den Sie sehen dürfen.",
    "person_unknown": "„{person}“ kennen wir nicht, oder es passt auf mehrere: Schreiben Sie die "
    "Adresse.",
    "may_not_own": "Bei {person} darf dieser Fall nicht liegen.",
    "may_not_see": "{person} darf diesen Fall nicht sehen.",
    "state_forbids": "Das geht nicht, solange der Stand des Falls so ist: {state}.",
    "address_expired": "{ref} endete am {date}, und mit ihm die Antwortadressen seiner Mails: "
    "Nichts wurde getan. Antworten Sie auf diese Mail, mit #status, oder mit #reopen reason:, um "
    "den Fall wieder aufzunehmen.",
    "record_frozen": "Die Akte dieses Falls ist abgeschlossen. Schreiben Sie Späteres als "
    "Notiz: Es wird mit Datum beigefügt. #reopen öffnet den Fall wieder.",
    "date_past": "{date} ist schon vorbei.",
    # Ownership.
    "ack_done": "Der Fall liegt bei Ihnen und ist bestätigt.",
    "ack_not_owner": "Der Fall liegt nicht bei Ihnen. Mit #take übernehmen Sie ihn.",
    "take_done": "Der Fall liegt jetzt bei Ihnen.",
    "assign_done": "Der Fall liegt jetzt bei {person}; dorthin geht eine Nachricht.",
    "owns_already": "Der Fall liegt schon bei {person}.",
    "escalate_done": "Nach oben weitergegeben: {count} Personen erfahren davon.",
    "away_done": "Bis einschließlich {date} kommt nichts Neues zu Ihnen. Vertretung: {person}.",
    # Class.
    "category_done": "Die Kategorie ist jetzt: {category}.",
    "category_unknown": "Eine Kategorie „{value}“ gibt es nicht. Am nächsten liegt: {guess}.",
    "risk_done": "Das Risiko ist jetzt: {risk}.",
    "risk_same": "Das Risiko ist schon: {risk}.",
    "flag_done": "Gekennzeichnet: {flag}.",
    "flag_unknown": "Eine Kennzeichnung „{flag}“ gibt es nicht. Am nächsten liegt: {guess}.",
    "restrict_done": "Jetzt sehen ihn nur {count} Personen und wer ihn bearbeitet.",
    # Waiting and dates.
    "wait_employee": "Ihre Frage geht an die Person. Die Fristen, die warten dürfen, stehen still.",
    "wait_third_party": "Es wird auf Dritte gewartet. Die Fristen, die warten dürfen, stehen "
    "still.",
    "wait_internal": "Es wird intern gewartet. Keine Frist steht still.",
    "wait_runs_on": "Das Warten ist vermerkt. Der Fall hat insgesamt schon 20 Arbeitstage geruht, "
    "deshalb laufen seine Fristen diesmal weiter.",
    "not_waiting": "Der Fall wartet nicht.",
    "resume_done": "Der Fall geht weiter, seine Fristen auch.",
    "due_done": "Der Abschluss ist jetzt fällig am {date}.",
    "no_date_to_move": "Hier gibt es keinen Termin, den ein Mensch verschieben darf.",
    "no_moment": "Zeile {line}: „{value}“ ist kein Zeitpunkt: Schreiben Sie 2026-11-24 09:30, "
    "yesterday 14:00 oder today. " + _NOTHING,
    "trigger_done": "{clock} läuft; fällig am {due}.",
    "no_period": "In diesem Fall wartet keine gesetzliche Frist auf Sie. Solche Fristen gehören "
    "zu einer Kategorie: #status zeigt sie, #category ändert sie.",
    "period_unnamed": "Nennen Sie die Frist: {known}.",
    "period_unknown": "Eine Frist „{clock}“ gibt es hier nicht. Am nächsten: {guess}.",
    "period_runs": "{clock} läuft bereits, seit {since}. Um diesen Zeitpunkt zu berichtigen, "
    "ergänzen Sie reason: …",
    "period_kept": "{clock} ist als eingehalten vermerkt; ein neues Ereignis ist ein neuer Fall: "
    "#new.",
    "moment_needs_time": "{clock}: {terms}. Da zählt die Stunde: Schreiben Sie at: 2026-11-24 "
    "09:30.",
    "moment_ahead": "{at} liegt noch vor uns. Schreiben Sie, wann es geschah oder wann Sie davon "
    "erfuhren.",
    "act_too_early": "{clock} läuft seit {since}; was davor geschah, kann die Frist nicht "
    "einhalten.",
    "met_done": "{clock} ist eingehalten, und was getan wurde, ist vermerkt.",
    "met_late": "{clock} war am {due} fällig; was getan wurde, ist als verspätet vermerkt.",
    "remind_done": "Sie werden am {date} erinnert.",
    # Facts of an investigation.
    "party_done": "Aufgenommen; Rolle: {role}.",
    "party_not_in_directory": "Aufgenommen; Rolle: {role}. Der Name steht nicht im Verzeichnis, "
    "also hält er niemanden vom Fall fern.",
    "allegation_done": "Vorwurf {n} ist aufgenommen.",
    "allegation_unknown": "Einen Vorwurf {n} gibt es nicht; der Fall hat {count}.",
    "conflict_done": "Diese Person erfährt von jetzt an nichts mehr von dem Fall.",
    "conflict_requester": "Wer den Fall gemeldet hat, kann nicht von ihm ferngehalten werden.",
    "clear_conflict_done": "Diese Person darf wieder mit dem Fall zu tun haben.",
    "clear_conflict_asked": "Beantragt: Jemand anders muss dasselbe schreiben, bevor diese Person "
    "wieder mit dem Fall zu tun haben darf.",
    "no_second_person": "Niemand sonst darf über diesen Fall entscheiden; deshalb kann niemand "
    "diese Person zulassen.",
    "not_excluded": "„{person}“ wird nicht von diesem Fall ferngehalten.",
    "not_oneself": "Das muss jemand anders für Sie aufheben.",
    "begin_done": "Die Untersuchung hat begonnen; der Plan ist aufgenommen.",
    "begin_not_owner": "Nur wer den Fall hat, beginnt die Untersuchung.",
    "begun_already": "Die Untersuchung hat schon begonnen.",
    "finding_done": "Das Ergebnis zu Vorwurf {n} ist aufgenommen.",
    "action_done": "Maßnahme {n} ist aufgenommen.",
    "action_unknown": "Eine Maßnahme {n} gibt es nicht; der Fall hat {count}.",
    "done_done": "Maßnahme {n} ist erledigt.",
    # Hold, consent.
    "hold_done": "Löschsperre gesetzt: Nichts davon wird gelöscht.",
    "no_hold": "Auf diesem Fall liegt keine Löschsperre.",
    "release_asked": "Eine zweite Person muss mit #approve antworten; bis dahin bleibt die Sperre.",
    "release_done": "Die Löschsperre ist aufgehoben.",
    "nothing_to_approve": "In diesem Fall gibt es nichts zu genehmigen.",
    "second_person": "Was Sie beantragt haben, muss jemand anders genehmigen.",
    "export_approved": "{person} darf die Akte dieses Falls einmal ausgeben.",
    "reviewed_done": "Als geprüft vermerkt.",
    "training_renewed": "Ihre Schulung zur Vertraulichkeit gilt jetzt bis {date}.",
    "agree_not_asked": "Nichts wartet auf Ihre Zustimmung.",
    "agree_done": "Ihre Zustimmung ist aufgenommen.",
    # Cases and each other.
    "link_done": "Mit {ref} verknüpft. Das sieht nur HR.",
    "merge_done": "Dieser Fall geht in {ref} weiter; spätere Mail folgt dorthin.",
    "merge_requester": "{ref} kommt von jemand anderem: Verknüpfen Sie beide mit #link, führen Sie "
    "sie nie zusammen.",
    "merge_wider": "{ref} sehen Personen, die diesen Fall nicht sehen dürfen: Beide bleiben "
    "getrennt.",
    "split_done": "Diese Zeilen sind jetzt Fall {ref} und hier geschwärzt.",
    "nothing_to_split": "Es gibt keinen Text, der sich abtrennen lässt.",
    "lines_unknown": "Die Nachricht hat {count} Zeilen.",
    "redact_done": "Diese Worte sind von jetzt an geschwärzt.",
    "redact_not_found": "Diese Worte stehen nirgends in diesem Fall.",
    "new_done": "Fall {ref} ist eröffnet.",
    "new_empty": "Der Text des Falls fehlt: Schreiben Sie ihn unter den Befehl.",
    "forward_opened": "Der Fall gehört der Person, deren Mail Sie weitergeleitet haben.",
    "forward_note": "Ihre eigenen Zeilen sind eine interne Notiz, für die Person unsichtbar.",
    "forward_plain": "Eigene Zeilen haben Sie nicht geschrieben.",
    # Ends.
    "close_ordered": "Der Fall ist erledigt, sobald die Mail mit dem Ergebnis hinaus ist.",
    "close_done": "Der Fall ist erledigt.",
    "close_missing": "NICHT abgeschlossen. Es fehlt: {missing}. Kopieren, ausfüllen und "
    "senden:\n\n{block}",
    "close_date": "NICHT abgeschlossen: Das Datum muss zwischen {first} und {last} liegen.",
    "outcome_not_here": "„{outcome}“ gibt es nur bei Beschwerden über Personen und bei "
    "Untersuchungen.",
    "cancel_case_done": "Der Fall ist storniert.",
    "withdrawn_not_cancelled": "Einer ernsten Beschwerde wird auch nachgegangen, wenn sie "
    "zurückgezogen wurde: Schließen Sie den Fall stattdessen mit einem Ergebnis ab.",
    "reopen_done": "Der Fall ist wieder offen.",
    # Held mail.
    "accept_done": "Die zurückgehaltene Nachricht kommt in den Fall.",
    "reject_done": "Die zurückgehaltene Nachricht bleibt draußen.",
    "held_none": "Diese zurückgehaltene Nachricht gibt es nicht; der Fall hat {count}.",
    "held_not_owner": "Über zurückgehaltene Nachrichten entscheidet nur, bei wem der Fall liegt.",
    "held_not_for_owner": "Diese Nachricht kann nur freigeben, wer sie gesendet hat.",
    # Answers.
    "status": "{ref}: {state}. Liegt bei: {owner}. Nächste Frist: {due}. Dokumentation: {meter} "
    "(es fehlt: {missing}).",
    "transcript_withheld": "Der Text wird Ihnen nicht gemailt, weil noch jemand Ihre Mails liest. "
    "Lesen Sie ihn mit mailflow case show.",
    "mine_line": "{ref}: {what}. Fällig: {due}.",
    "mine_none": "Bei Ihnen liegt kein offener Fall.",
    "help": "Befehle gehören ganz nach oben in die Antwort, einer je Zeile: {verbs}",
    "not_without_case": "#{verb} braucht einen Fall: Antworten Sie auf eine seiner Mails.",
    # Above letters to the employee.
    "letter_new_address": "Ihr Fall {ref} hat eine neue Antwortadresse: Bitte antworten Sie "
    "ab jetzt auf diese Mail. Eine Antwort auf eine ältere erreicht uns noch, aber erst, "
    "wenn jemand sie durchlässt.",
    "letter_settled": "Ihr Fall {ref} ist aus unserer Sicht erledigt. Ist er es für Sie nicht, "
    "antworten Sie auf diese Mail, dann ist er wieder offen.",
    "letter_copied": "Ihre Nachricht an uns zum Fall {ref} "
    "ging auch an jemanden, um den es darin "
    "gehen könnte. Diese "
    "Kopie können wir nicht zurückholen. Antworten Sie bitte nicht allen: Schreiben Sie uns "
    "allein, als Antwort auf diese Mail.",
    "letter_chase": "Wir haben Sie zu Ihrem Fall {ref} etwas gefragt und kommen ohne Ihre Antwort "
    "nicht weiter. Hier noch einmal die Frage:",
    "letter_status": "So steht es um Ihren Fall {ref}:",
    # Alerts.
    "alert_wait_date": "Der Tag ist da, auf den dieser Fall gewartet hat: Er ist wieder in Arbeit.",
    "alert_wait_silence": "Die Person hat seit 10 Arbeitstagen nicht geantwortet: Der Fall ist "
    "wieder bei Ihnen.",
    "alert_wait_rested": "Dieser Fall hat insgesamt 20 Arbeitstage geruht, länger geht es nicht: "
    "Er ist wieder bei Ihnen, und seine Fristen laufen ab jetzt weiter.",
    "alert_rested_long": "Dieser Fall hat insgesamt 20 Arbeitstage geruht, länger geht es nicht. "
    "Er liegt wieder bei der zuständigen Person, und seine Fristen laufen weiter: Bitte sorgen Sie "
    "dafür, dass er zum Ende kommt.",
    "alert_still_waiting": "Dieser Fall wartet seit 5 Arbeitstagen auf Dritte: Lassen Sie die "
    "Person wissen, dass er nicht vergessen ist.",
    "alert_delete_data": "Die Person bittet darum, ihre Daten zu löschen. Das Gesetz lässt "
    "einen Monat für die Antwort; was gesperrt ist oder aufbewahrt werden muss, bleibt.",
    "alert_unconfirmed": "Niemand hat diesen Fall rechtzeitig bestätigt, und im Augenblick kann "
    "ihn sonst niemand übernehmen.",
    "alert_replaced": "Dieser Fall wurde nicht rechtzeitig bestätigt; jetzt liegt er bei jemand "
    "anderem im Team.",
    "alert_reminder": "Sie wollten an diesen Fall erinnert werden. {text}",
    "alert_new_address": "Ihre Antwortadressen für diesen Fall wurden ersetzt: Bitte "
    "antworten Sie auf diese Mail oder auf neuere. Was an ältere Adressen geht, wartet auf "
    "die zuständige Person.",
    "alert_undelivered_dead": "Eine Mail dieses Falls an {recipient} konnte nicht zugestellt "
    "werden und wird nicht mehr versucht ({reason}). Bitte prüfen Sie die Adresse, oder erreichen "
    "Sie die Person auf anderem Weg.",
    "alert_undelivered_late": "Eine Mail dieses Falls an {recipient} konnte seit vier Stunden "
    "nicht zugestellt werden ({reason}). Sie wird fünf Tage lang versucht; wenn es eilt, erreichen "
    "Sie die Person auf anderem Weg.",
    "alert_export": "{person} möchte die Akte dieses Falls aus dem Haus geben. Wenn das richtig "
    "ist, antworten Sie mit #approve; vorher geht nichts hinaus.",
    "alert_two_cases": "Eine Mail von {sender} trägt die Antwortadressen zweier Fälle. Sie wartet: "
    "Mit #accept kommt sie in diesen Fall, mit #reject bleibt sie draußen.",
    "alert_hold": "Eine Mail von {sender} wartet, denn nichts belegt, wer sie gesendet hat. Mit "
    "#accept kommt sie in den Fall, mit #reject bleibt sie draußen.",
    "alert_hold_for_owner": "Eine Mail von {sender} wartet, denn nichts belegt, wer sie gesendet "
    "hat. Mit #accept kommt sie in den Fall, mit #reject bleibt sie draußen.",
    "alert_hold_and_renew_token": "Die Antwortadresse von {holder} wurde von {sender} benutzt: "
    "Wahrscheinlich wurde eine Mail weitergeleitet. Die Mail wartet: Mit #accept kommt sie in den "
    "Fall, mit #reject bleibt sie draußen. {holder} bekommt mit der nächsten Mail eine neue "
    "Antwortadresse.",
    "alert_hold_and_alert": "Eine Mail, die von {sender} sein will, wollte in diesem Fall etwas "
    "bewirken, ist aber nicht echt oder nutzte die Antwortadresse von {holder}. Nichts davon wurde "
    "ausgeführt. Bitte sagen Sie es Ihrer Leitung.",
}
