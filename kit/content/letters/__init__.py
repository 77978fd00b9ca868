"""The page by which letters are judged: rules, claims, words, reactions."""
