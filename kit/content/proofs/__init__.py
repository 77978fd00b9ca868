"""What is proved of a page: complete, no overlap, one action, borders tried."""
