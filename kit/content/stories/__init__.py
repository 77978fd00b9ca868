"""The stories from which practice cases are generated: scenes, words, constraints."""
