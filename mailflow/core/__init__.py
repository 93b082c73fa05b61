"""What we decide: pure functions over frozen values. No I/O, no clock, no randomness, no logs."""
