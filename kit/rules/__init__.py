"""The language of playbooks: what a cell means, which row fits, and why.

Nothing here knows a file or a screen.
"""
