"""A checkout on FastAPI, with its tests."""
