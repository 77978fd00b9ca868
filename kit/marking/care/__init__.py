"""Records are merged, looked over and audited."""
