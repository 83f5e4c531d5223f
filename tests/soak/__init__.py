"""Calls without end, with faults, in which the books of service and callers must agree to the last call."""
