"""The tests of talon_async."""
