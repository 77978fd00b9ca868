"""Whether a letter or a note is right for its case."""
