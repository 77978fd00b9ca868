"""Content: Markdown and YAML files become objects, every mistake with its line."""
