"""The fault matrix: every operation against a service and a network that fail in every known way."""
