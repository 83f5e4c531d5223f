"""The deployment: its configuration, records, clock, faults and request log."""
