"""Practice cases without end, made for a row, a border or a mistake."""
