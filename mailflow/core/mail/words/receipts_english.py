"""English receipts."""

from __future__ import annotations

_NOTHING = "Nothing was done and nothing was sent."

ENGLISH: dict[str, str] = {
    # What was written could not be read.
    "unknown_verb_guess": f'Line {{line}}: "#{{verb}}" is no command, did you mean "#{{guess}}"? '
    f"{_NOTHING}",
    "unknown_verb": f'Line {{line}}: "#{{verb}}" is no command; #help lists them. {_NOTHING}',
    "command_in_text": 'Line {line}: "#{verb}" stands in the text. Commands go to the very top, '
    f"and a line of the text may not begin with # and a word. {_NOTHING}",
    "no_blank_line": "Line {line}: leave a blank line between the commands and the text, or begin "
    f"the line with a blank if it goes on with the command. {_NOTHING}",
    "too_many_commands": f"More than {{most}} commands in one mail. {_NOTHING}",
    "key_twice": f'Line {{line}}: "{{key}}:" stands twice in #{{verb}}. {_NOTHING}',
    "text_after_verb": f"Line {{line}}: #{{verb}} takes nothing after it. {_NOTHING}",
    "argument_missing": "Line {line}: #{verb} lacks {what}. Write for example "
    f'"#{{verb}} {{takes}}". {_NOTHING}',
    "argument_wrong": 'Line {line}: "{value}" is no {what} of #{verb}; known are: {known}. '
    f"{_NOTHING}",
    "no_date": 'Line {line}: "{value}" is no date: write 2026-12-01, fri or +3d (working days). '
    f"{_NOTHING}",
    "no_moment": 'Line {line}: "{value}" is no time: write 2026-11-24 09:30, yesterday 14:00 or '
    f"today. {_NOTHING}",
    "contradiction": "Line {line}: #{verb} and #{other} cannot stand in one mail. " + _NOTHING,
    "texts_differ": "The plain text and the HTML of your mail say different things, so nobody "
    "can tell what you meant. Nothing was done and nothing was sent. Write it anew, as plain text.",
    # Answers and notes.
    "reply_ordered": "Goes to the employee at {when}. Reply with #cancel to stop it.",
    "send_ordered": "Note {n} goes to the employee at {when}. Reply with #cancel to stop it.",
    "note_kept": "Saved as internal note {n}, NOT sent to the employee. "
    "Reply with #send {n} to send it.",
    "addendum_kept": "Added to the closed record as a dated addendum (note {n}), "
    "NOT sent to the employee.",
    "kept_instead": "Your text is kept as internal note {n}. Reply with #send {n} to send it to "
    "the employee alone.",
    "reply_cancelled": "Stopped: {count} mail to the employee will not be sent.",
    "nothing_to_cancel": "There is nothing to stop: no mail to the employee is waiting.",
    "reply_empty": "NOT sent: there is no text in your mail above the quotation.",
    "mail_empty": "There is no text in your mail above the quotation. Nothing was done.",
    "reply_no_address": "NOT sent: there is no address to answer to.",
    "reply_internal_header": "NOT sent: the text holds header lines of an internal mail "
    "(such as Reply-To:). Take them out.",
    "reply_confirm_confidential": "NOT sent: this case is confidential. If the employee is to get "
    "this, begin with #reply confirm.",
    "reply_note_attachment": "NOT sent: an attachment came into the case with an internal note.",
    "reply_repeats_note": "NOT sent: the text repeats part of an internal note. Take it out, or "
    "begin with #reply confirm if the employee may read it.",
    "reply_to_all": "NOT sent: {count} other recipients stand in To or Cc. Answer this address "
    "alone.",
    "reply_excluded_copied": "NOT sent: somebody who must not learn of this case stands in To or "
    "Cc. They got your mail directly: please speak to your lead.",
    "note_unknown": "There is no such note; the case has {count}.",
    "note_sent_already": "Note {n} was sent already; nothing is sent twice.",
    "lane_unknown": 'There is no party thread "{lane}" in this case. Nothing was sent.',
    # Access.
    "no_access": "Your mail could not be matched to a case you can access.",
    "ref_unknown": "{ref} could not be matched to a case you can access.",
    "person_unknown": '"{person}" is nobody we know, or more than one person: write the address.',
    "may_not_own": "{person} may not own this case.",
    "may_not_see": "{person} may not see this case.",
    "state_forbids": "That is not possible in a case that is {state}.",
    "address_expired": "{ref} ended on {date}, and the reply addresses of its mails with it: "
    "nothing was done. Reply to this mail instead, with #status, or with #reopen reason: to take "
    "it up again.",
    "record_frozen": "The record of this case is closed. Write what came later as a note: it is "
    "added with its date. #reopen opens the case again.",
    "date_past": "{date} is in the past.",
    # Ownership.
    "ack_done": "The case is yours, and confirmed.",
    "ack_not_owner": "The case is not yours. #take takes it over.",
    "take_done": "The case is yours now.",
    "assign_done": "The case is {person}'s now; they are told.",
    "owns_already": "The case is {person}'s already.",
    "escalate_done": "Passed up: {count} people are told.",
    "away_done": "Nothing new comes to you up to and including {date}. Stands in: {person}.",
    # Class.
    "category_done": "The category is {category} now.",
    "category_unknown": 'There is no category "{value}". Nearest: {guess}.',
    "risk_done": "The risk is {risk} now.",
    "risk_same": "The risk is {risk} already.",
    "flag_done": "Flagged: {flag}.",
    "flag_unknown": 'There is no flag "{flag}". Nearest: {guess}.',
    "restrict_done": "Open to {count} people and the owner now.",
    # Waiting and dates.
    "wait_employee": "Your question goes to the employee. The clocks that may wait stand still.",
    "wait_third_party": "Waiting for somebody else. The clocks that may wait stand still.",
    "wait_internal": "Waiting inside. No clock stands still.",
    "wait_runs_on": "Waiting is on record. The case has rested for 20 working days in all, so its "
    "clocks run on this time.",
    "not_waiting": "The case is not waiting.",
    "resume_done": "The case goes on; so do its clocks.",
    "due_done": "The resolution is due on {date} now.",
    "no_date_to_move": "There is no date here that a person may move.",
    # Periods set by law.
    "trigger_done": "{clock} runs; it is due on {due}.",
    "no_period": "No period set by law waits for you in this case. Such periods belong to a "
    "category: see #status, and #category to change it.",
    "period_unnamed": "Say which period: {known}.",
    "period_unknown": 'There is no period "{clock}" here. Nearest: {guess}.',
    "period_runs": "{clock} runs already, since {since}. To correct that time, add reason: …",
    "period_kept": "{clock} is on record as kept; a new event is a new case: #new.",
    "moment_needs_time": "{clock} is {terms}, so the hour counts: write at: 2026-11-24 09:30.",
    "moment_ahead": "{at} is still to come. Write when it happened, or when you learned of it.",
    "act_too_early": "{clock} runs since {since}; what was done before cannot keep it.",
    "met_done": "{clock} is kept, and what was done is on record.",
    "met_late": "{clock} was due on {due}; what was done is on record, as late.",
    "remind_done": "You are reminded on {date}.",
    # Facts of an investigation.
    "party_done": "On record as {role}.",
    "party_not_in_directory": "On record as {role}. The name is not in the directory, so nobody "
    "is kept out of the case by it.",
    "allegation_done": "Allegation {n} is on record.",
    "allegation_unknown": "There is no allegation {n}; the case has {count}.",
    "conflict_done": "This person does not learn of the case from here on.",
    "conflict_requester": "Whoever the case is from cannot be kept out of it.",
    "clear_conflict_done": "This person may have to do with the case again.",
    "clear_conflict_asked": "Asked: a second person has to write the same before this person may "
    "have to do with the case again.",
    "no_second_person": "Nobody else may decide about this case, so nobody can clear this person.",
    "not_excluded": '"{person}" is not kept out of this case.',
    "not_oneself": "Somebody else has to clear you.",
    "begin_done": "The investigation has begun; the plan is on record.",
    "begin_not_owner": "Only the owner begins the investigation.",
    "begun_already": "The investigation has begun already.",
    "finding_done": "The finding about allegation {n} is on record.",
    "action_done": "Action {n} is on record.",
    "action_unknown": "There is no action {n}; the case has {count}.",
    "done_done": "Action {n} is done.",
    # Hold, consent.
    "hold_done": "On legal hold: nothing of it is deleted.",
    "no_hold": "There is no hold on this case.",
    "release_asked": "A second person has to reply with #approve; until then the hold stays.",
    "release_done": "The hold is released.",
    "nothing_to_approve": "There is nothing to approve in this case.",
    "second_person": "Somebody else has to approve what you asked for.",
    "export_approved": "{person} may take the file of this case out once.",
    "reviewed_done": "Noted as reviewed.",
    "training_renewed": "Your confidentiality training counts until {date} now.",
    "agree_not_asked": "Nothing waits for your agreement.",
    "agree_done": "Your agreement is on record.",
    # Cases and each other.
    "link_done": "Linked with {ref}. Only staff see that.",
    "merge_done": "This case goes on in {ref}; later mail follows.",
    "merge_requester": "{ref} is from somebody else: link the two with #link, never merge them.",
    "merge_wider": "{ref} can be seen by people who cannot see this case: they stay apart.",
    "split_done": "These lines are case {ref} now, and blacked out here.",
    "nothing_to_split": "There is no text to split off.",
    "lines_unknown": "The message has {count} lines.",
    "redact_done": "These words are blacked out from here on.",
    "redact_not_found": "These words stand nowhere in this case.",
    "new_done": "Opened case {ref}.",
    "new_empty": "The text of the case is missing: write it below the command.",
    "forward_opened": "The case belongs to the person whose mail you forwarded.",
    "forward_note": "Your own lines are an internal note; the employee does not get them.",
    "forward_plain": "You wrote no lines of your own.",
    # Ends.
    "close_ordered": "The case is resolved as soon as the outcome mail has left.",
    "close_done": "The case is resolved.",
    "close_missing": "NOT closed. Missing: {missing}. Copy, fill in and send:\n\n{block}",
    "close_date": "NOT closed: the date must lie between {first} and {last}.",
    "outcome_not_here": '"{outcome}" is for employee relations and investigations only.',
    "cancel_case_done": "The case is cancelled.",
    "withdrawn_not_cancelled": "A serious complaint that was withdrawn is still looked into: "
    "close it with an outcome instead.",
    "reopen_done": "The case is open again.",
    # Held mail.
    "accept_done": "The held message joins the case.",
    "reject_done": "The held message is left out.",
    "held_none": "There is no such held message; the case has {count}.",
    "held_not_owner": "Only the owner decides about held messages.",
    "held_not_for_owner": "Only its sender can let this message through.",
    # Answers.
    "status": "{ref}: {state}. Owner: {owner}. Next due: {due}. Record: {meter} (missing: "
    "{missing}).",
    "transcript_withheld": "The text is not mailed to you, since somebody else reads your mail. "
    "Read it with mailflow case show.",
    "mine_line": "{ref}: {what}. Due: {due}.",
    "mine_none": "No open case is yours.",
    "help": "Commands go to the very top of a reply, one a line: {verbs}",
    "not_without_case": "#{verb} needs a case: reply to one of its mails.",
    # Above letters to the employee.
    "letter_new_address": "Your case {ref} has a new reply address: please answer to this "
    "mail from now on. An answer to an older one still reaches us, but somebody has to let "
    "it through first.",
    "letter_settled": "Your case {ref} is settled from our side. If it is not settled for you, "
    "reply to this mail, and it is opened again.",
    "letter_copied": "Your message to us about case {ref} "
    "also went to somebody it may be about. We cannot "
    "call that copy "
    "back. Please do not answer to all: write to us alone, by replying to this mail.",
    "letter_chase": "We asked you something about your case {ref} and cannot go on without your "
    "answer. Here is the question once more:",
    "letter_status": "This is where your case {ref} stands:",
    # Alerts.
    "alert_wait_date": "The date that this case waited for has come: it is at work again.",
    "alert_wait_silence": "The employee has not answered for 10 working days: the case is back "
    "with you.",
    "alert_wait_rested": "This case has rested for 20 working days in all, the most there is: it "
    "is back with you, and its clocks run on from now on.",
    "alert_rested_long": "This case has rested for 20 working days in all, the most there is. It "
    "is back with its owner, and its clocks run on: please see that it comes to an end.",
    "alert_still_waiting": "This case has waited for somebody else for 5 working days: let the "
    "employee know that it is not forgotten.",
    "alert_delete_data": "The employee asks to have their data deleted. The law gives one month "
    "for the answer; what is on hold or must be kept by law stays.",
    "alert_unconfirmed": "The owner of this case has not confirmed it in time, and nobody else "
    "can take it now.",
    "alert_replaced": "The owner of this case had not confirmed it in time; somebody else of the "
    "team owns it now.",
    "alert_reminder": "You asked to be reminded of this case. {text}",
    "alert_new_address": "Your reply addresses for this case were replaced: please answer to "
    "this mail, or to newer ones. What is sent to older addresses waits for the owner.",
    "alert_undelivered_dead": "A mail of this case to {recipient} could not be delivered, and is "
    "not tried again ({reason}). Please check the address, or reach the person another way.",
    "alert_undelivered_late": "A mail of this case to {recipient} could not be delivered for four "
    "hours ({reason}). It is tried for five days; if it is urgent, reach the person another way.",
    "alert_export": "{person} wants to take the file of this case out of the house. If that is "
    "right, reply with #approve; nothing leaves before.",
    "alert_two_cases": "A mail from {sender} carries reply addresses of two cases. It waits: "
    "reply with #accept to add it to this case, or #reject to leave it out.",
    "alert_hold": "A mail from {sender} waits, since nothing proves who sent it. Reply with "
    "#accept to add it to the case, or #reject to leave it out.",
    "alert_hold_for_owner": "A mail from {sender} waits, since nothing proves who sent it. Reply "
    "with #accept to add it to the case, or #reject to leave it out.",
    "alert_hold_and_renew_token": "The reply address of {holder} was used by {sender}: a mail was "
    "probably forwarded. The mail waits: reply with #accept to add it to the case, or #reject to "
    "leave it out. {holder} gets a new reply address with the next mail.",
    "alert_hold_and_alert": "A mail that claims to be from {sender} tried to act in this case, and "
    "is not genuine or used the reply address of {holder}. Nothing was done. Please tell your "
    "lead.",
}
