"""What a text says: words, days, amounts, clauses, claims."""
