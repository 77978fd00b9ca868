"""What was answered, and what it is worth."""

import sys

# Of the 1.4 s that nbformat takes to import, 1.2 s go into a grammar for web
# addresses, which jsonschema builds wherever it finds it. With ``None`` in its place
# jsonschema does without. This has to stand before any import of Jupyter.
# (rfc3987-syntax 1.1, 2026-11)
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
