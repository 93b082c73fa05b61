"""Every key that the rules files may have, with the sentence that editors show for it."""

from __future__ import annotations

FILE_KEYS = {
    "mailflow": "The number of this language: 1. Required in categories.yaml.",
    "language": "Language of the phrases in this file, for word forms (~): en, de, fr, es …",
    "risk_levels": "The four names of risk, low to high. Rules can only raise.",
    "defaults": "What holds where a category does not say.",
    "categories": "The case types, MOST IMPORTANT FIRST: when several match, the highest wins.",
    "flags": "Marks that any category may carry, such as legal_threat.",
    "phrases": "Word lists, used as {list: NAME} or <NAME> inside a phrase.",
    "rules": "What to look for. The order has no meaning.",
    "tests": "Example mails for all rules together.",
    "adapters": "How the notification mails of a portal become typed cases.",
    "sla": "Targets by name, see the SLA guide.",
    "calendars": "Working hours, holidays and cycles by name.",
    "nudges": "The ladder of reminders.",
    "nudge_mail": "How reminders are gathered and held.",
}
DEFAULT_KEYS = {
    "risk": "Lowest risk of any case.",
    "sla": "SLA of categories that name none.",
    "if_nothing_matches": "{category: triage, risk: …}",
    "if_unsure": "{team: …}: who looks when only hints matched.",
    "escalate_to_alternate": "Used when the person complained about is on the list.",
}
CATEGORY_KEYS = {
    "id": "Name in small letters with underscores.",
    "label": "In plain words, for mails to employees.",
    "group": "administration, policy, employee_relations or compliance_and_risk.",
    "team": "Who works on it.",
    "owner": "round_robin, least_loaded or an address.",
    "risk": "Lowest risk of such a case.",
    "sla": "Name of an SLA.",
    "escalate_to": "Teams or addresses, told at once when the risk is high.",
    "escalate_to_alternate": "Instead of those whom the complaint is about.",
    "reply": "Mail template of the acknowledgement.",
    "tags": "Free words on the case.",
    "sensitive": "true: hints go to triage at this risk, content is guarded, tests are required.",
    "retention": "{period: 3 years, basis: …, from: closing|year_end|last_action, hold: true}",
    "handled_by": "internal or provider.",
    "note": "For the reader of this file.",
}
RETENTION_KEYS = {
    "period": "N days, months or years.",
    "basis": "The law or need.",
    "from": "closing (default), year_end or last_action.",
    "hold": "true: a legal hold from the start.",
}
FLAG_KEYS = {
    "id": "Name in small letters with underscores.",
    "risk": "Lowest risk of a case with this flag.",
    "escalate_to": "Told at once.",
    "note": "For the reader of this file.",
}
RULE_KEYS = {
    "id": "Unique name of the rule; it appears in every explanation.",
    "category": "The category this rule finds; a hint may name several.",
    "certainty": "sure (default) or hint.",
    "risk": "Raises the risk of the case to at least this.",
    "when": "What the mail must have; keys side by side mean all.",
    "add": "{tags, flags, escalate_to, notify, sla} that the case gets too.",
    "enabled": "false switches the rule off.",
    "alone": "true: the rule counts only where no other category is sure.",
    "from_date": "First day, like 2026-12-01.",
    "until_date": "Last day.",
    "note": "For the reader of this file.",
    "tests": "Example mails.",
}
ADD_KEYS = {
    "tags": "Free words.",
    "flags": "Declared flags.",
    "escalate_to": "Teams or addresses.",
    "notify": "Teams or addresses that are told, without a duty.",
    "sla": "Names of SLAs that apply too; the strictest target counts.",
}
BLOCK_KEYS = ("all", "any", "none")
WHEN_KEYS = {
    "subject": "Words of the subject.",
    "text": "Words of the new text: quotations, signature and disclaimer do not count.",
    "subject_or_text": "Words of either.",
    "quoted": "Words of the quoted part.",
    "forwarded": "Words of a forwarded mail.",
    "from": "Address, *@domain, domain, or words of the sender's name.",
    "to": "Address, *@domain or domain.",
    "cc": "Address, *@domain or domain.",
    "alias": "Which HR address received it.",
    "attachments": "{name, type, larger_than, none_allowed}",
    "header": "{NAME: words}",
    "sender": "{in_directory, department, title, country, is_manager, executive, domain}",
    "thread": "new or reply.",
    "received": "{calendar, working_hours: true|false, weekday}",
    "auto_submitted": "true: sent by a machine.",
    "language": "Language of the mail.",
    "all": "A list of blocks that must all hold.",
    "any": "A list of blocks of which one must hold.",
    "none": "A list of blocks of which none may hold.",
}
TEXT_KEYS = {
    "any": "One of these (see at_least).",
    "all": "Each of these.",
    "at_least": "How many different ones of any.",
    "but_not": "These words do not count.",
    "list": "Name of a word list.",
    "matches": "A regular expression (RE2).",
    "near": "{within: 12, all: [[…], […]]}: one of each group within so many words, any order.",
    "same_sentence": "[[…], […]] or {all: [[…], […]], without: […]}: one of each in a sentence.",
}
ATTACHMENT_KEYS = {
    "name": "File name, * for any run of signs.",
    "type": "Like application/pdf or image/*.",
    "larger_than": "Like 5 MB.",
    "none_allowed": "true: a mail without attachments meets this too.",
}
SENDER_KEYS = {
    "in_directory": "true or false.",
    "department": "Words.",
    "title": "Words.",
    "country": "Codes such as DE.",
    "is_manager": "true or false.",
    "executive": "true or false.",
    "domain": "Domain of the address.",
}
RECEIVED_KEYS = {
    "calendar": "Name of a calendar.",
    "working_hours": "true or false.",
    "weekday": "mon … sun, or mon-fri.",
}
ADAPTER_KEYS = {
    "id": "Unique name of the adapter.",
    "when": "Which mails it reads: {from: portal@acme.example}",
    "read": "{text: [expressions], subject: [expressions]} with named groups (?P<name>…), RE2.",
    "requester": "The group with the employee's address; requester when not said.",
    "text": "The group with what the employee wrote.",
    "subject": "The group that stands for the subject.",
    "category": "A category, or {from: GROUP, map: {value: category}, otherwise: category}",
    "note": "For the reader of this file.",
}
TEST_KEYS = {
    "name": "A word for the reader.",
    "subject": "Subject of the example mail.",
    "text": "New text of the example mail.",
    "quoted": "Its quoted part.",
    "forwarded": "Its forwarded part.",
    "from": "Sender's address.",
    "to": "Addresses.",
    "cc": "Addresses.",
    "alias": "HR address.",
    "attachments": "File names, or {name, type, size}.",
    "headers": "{NAME: value}",
    "sender": "{in_directory, department, title, country, is_manager, executive, name}",
    "thread": "new or reply.",
    "received": "An instant like 2026-11-23T10:00.",
    "working_hours": "true or false.",
    "auto_submitted": "true or false.",
    "language": "Language of the mail.",
    "expect": "The category that must come out; triage when a person must look.",
    "expect_not": "Categories that must not come out.",
    "risk": "The risk that must come out.",
    "flags": "Flags that must be set.",
    "not_flags": "Flags that must not be set.",
    "secondary": "Categories that must be found too.",
    "escalate_to": "Targets that must be told.",
    "tags": "Tags that must be set.",
    "certainty": "sure, hint or none.",
}
