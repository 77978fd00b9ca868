"""A case as it goes on: session, rounds, buyer, hints."""
