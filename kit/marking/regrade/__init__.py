"""What other pages would have decided."""
