"""A checkout on aiohttp, with its tests."""
