"""A checkout on FastAPI, with tests."""
