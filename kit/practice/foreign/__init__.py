"""What does not belong in a letter: people, items, languages, senseless words."""
