"""Read the reference pages: facts, limits, roles, moods, marketplaces."""
