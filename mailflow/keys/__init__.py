"""Secrets: the keyring on disk, envelope encryption, tokens, blind indexes, audit signing."""
