"""Decision tables: the values, cells, tables and limits of playbooks, and decisions.

Nothing here reads a file or draws a screen.
"""
