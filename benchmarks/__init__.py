"""Measures the client beside the provider's own and beside bare libraries: ``python -m benchmarks``."""
