"""Every speed that the product promises, measured by ``python -m benchmarks``."""
