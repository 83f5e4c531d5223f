"""Conversion between models and JSON: shapes of annotations, structuring, unstructuring, and drift."""
