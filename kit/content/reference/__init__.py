"""What all pages refer to: facts, limits, roles, moods, marketplaces."""
