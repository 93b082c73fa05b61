"""The policies that admins set: rules, calendars, clocks, ownership, escalation, retry."""
