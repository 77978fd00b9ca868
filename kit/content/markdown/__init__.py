"""Parse Markdown and YAML files, with the line of every mistake."""
