"""Bulk jobs: many rows in and out, exact after a crash."""

__all__: list[str] = []
