"""Builds the sections of responses that requests ask for in ``responseContent``."""
