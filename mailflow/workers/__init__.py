"""How work starts: ids in, one stage call, nothing decided here."""
