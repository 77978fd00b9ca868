"""The desk on screen: panels, moves, letters, verdicts."""
