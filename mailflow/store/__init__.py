"""What we remember: functions taking a Session or Connection and returning core values."""
