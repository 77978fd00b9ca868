"""Read the folder of content: Markdown and YAML files as checked objects."""
