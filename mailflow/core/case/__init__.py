"""A case: its states, events, access, conflicts and record."""
