"""Run the command line as ``python -m kit``."""

from .cli import main

main()
