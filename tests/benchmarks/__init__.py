"""Tests of the benchmarks' harness: time limits, rows and the report."""
