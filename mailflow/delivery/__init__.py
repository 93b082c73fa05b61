"""What we send: claim, gate, render, send, record."""
