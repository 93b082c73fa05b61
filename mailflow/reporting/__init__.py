"""What leadership reads: numbers and files made from events alone."""
