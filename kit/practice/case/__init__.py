"""One case at a desk: its questions, key, panels, evidence and review."""
