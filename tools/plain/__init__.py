"""Check that what people read here is plain English, and that German is modern.

``python -m tools.plain`` reads the catalogues, playbooks, lessons, briefs and pages
that agents open, and prints each sentence that is too long, has a word above level B1
or has a turn of phrase that is not used here. The words that are allowed stay in
``words.toml``, the turns and their plain forms in ``turns.toml``.
"""
