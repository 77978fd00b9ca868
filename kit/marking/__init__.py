"""What was answered, and what it is worth."""
