"""What arrived: IMAP, receiving, parsing in children, telling who wrote."""
