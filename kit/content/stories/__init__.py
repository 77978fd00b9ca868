"""What made cases are told from: scenes, words, what is always true."""
