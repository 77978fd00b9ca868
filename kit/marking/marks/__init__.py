"""What an attempt is worth, and by which content."""
