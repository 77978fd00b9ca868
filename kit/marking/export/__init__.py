"""Records and marks for other programs."""
