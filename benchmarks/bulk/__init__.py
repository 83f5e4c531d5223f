"""Benchmarks of bulk jobs, against a server that keeps books; run with ``python -m benchmarks.bulk``."""
