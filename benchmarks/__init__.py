"""Benchmarks of the client, the provider's client and plain HTTP libraries: ``python -m benchmarks``."""
