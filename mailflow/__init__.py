"""HR case management by email: intake stores what arrived, casework decides, delivery sends."""
