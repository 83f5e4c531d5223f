"""A checkout on aiohttp, with tests."""
