"""What agents did: events, the files that keep them, what they add up to."""
