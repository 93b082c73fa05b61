"""The rules language: what admins write in rules/*.yaml, read, checked and applied to one mail."""
