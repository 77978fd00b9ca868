"""Markdown and YAML files read with every mistake: documents, tables, trees."""
