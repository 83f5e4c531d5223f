"""Checks of the packaging: the project's files, and the built wheel."""
